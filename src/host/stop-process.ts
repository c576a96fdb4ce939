import type { ChildProcess } from "node:child_process";
import { atExit } from "./at-exit.ts";

/** Stops a program, its children included: first politely, then for good. */
export interface Stop {
  (): void;
  /** At once, for good. */
  readonly now: () => void;
  /** Whether one of the two was called. */
  readonly wasAsked: () => boolean;
  /** The program has ended: nothing is left to stop. */
  readonly forget: () => void;
}

/** @param graceMilliseconds between asking the program to end and ending it */
export function createStop(child: ChildProcess, graceMilliseconds: number): Stop {
  let asked = false;
  let grace: NodeJS.Timeout | undefined;
  const killNow = () => {
    signalGroup(child, "SIGKILL");
    // A grandchild in a session of its own may still hold the pipes.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  // Nothing that we started outlives us, whatever way we end.
  const takeBack = atExit(killNow);
  const stop = () => {
    if (asked) return;
    asked = true;
    signalGroup(child, "SIGTERM");
    grace = setTimeout(killNow, graceMilliseconds);
  };
  const now = () => {
    asked = true;
    killNow();
  };
  const forget = () => {
    clearTimeout(grace);
    takeBack();
  };
  return Object.assign(stop, { now, wasAsked: () => asked, forget });
}

/** Sends a signal to a program and to those of its children that did not leave its group. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, or the platform has none.
    child.kill(signal);
  }
}
