import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "./host.ts";

/** The real time. A sleep ends early when the run is cancelled. */
export function createClock(signal: AbortSignal): Clock {
  return {
    now: () => Date.now(),
    async sleep(milliseconds) {
      // Aborted is the only way that it fails: cancelled sleepers wake up and look for themselves.
      await wait(milliseconds, undefined, { signal }).catch(() => {});
    },
  };
}
