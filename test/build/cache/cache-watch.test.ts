import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { CacheWatch } from "../../../src/build/cache/cache-watch.ts";
import type { Vertex, VertexTransfer } from "../../../src/build/progress/progress.ts";

const IMPORT = { digest: "a", name: "importing cache manifest from gha:1", cached: false };
const EXPORT = { digest: "b", name: "[image0-stage0] exporting to GitHub Actions Cache" };
const STEP = { digest: "c", name: "[image0-stage0 app 2/3] RUN sleep 9999", cached: false };

/** In seconds; the watch looks four times a second. */
const IMPATIENT = { silence: 0.1, writing: 0.1 };
const LATER = 600;

function follow(
  watch: CacheWatch,
  vertices: readonly Vertex[],
  transfers: readonly VertexTransfer[] = [],
): void {
  watch.follow({ vertices, transfers, outputs: [], warnings: [] });
}

describe("a cache at work", () => {
  it("has failed in what BuildKit says, be it told to ignore it", () => {
    using watch = new CacheWatch();
    const done = { cached: false, started: 1, completed: 2 };
    follow(watch, [{ ...EXPORT, ...done, error: "429 Too Many Requests" }]);
    expect(watch.failure).toEqual({ what: "written", message: "429 Too Many Requests" });
    expect(watch.signal.aborted).toBe(false);
  });

  it("has not failed where it was only called off", () => {
    using watch = new CacheWatch();
    follow(watch, [{ ...IMPORT, started: 1, completed: 2, error: "context canceled" }]);
    expect(watch.failure).toBeUndefined();
  });

  it("has not failed where nobody has written it yet", () => {
    using watch = new CacheWatch();
    const error = "failed to configure registry cache importer: ghcr.io/octo/cache:app: not found";
    follow(watch, [{ ...IMPORT, started: 1, completed: 2, error }]);
    expect(watch.failure).toBeUndefined();
  });

  it("is given up when nothing is heard of what it reads", async () => {
    using watch = new CacheWatch(IMPATIENT);
    follow(watch, [{ ...IMPORT, started: 1 }]);
    await wait(LATER);
    expect(watch.signal.aborted).toBe(true);
    expect(watch.failure).toEqual({
      what: "read",
      message: "no sign of life for 0.1 s",
      blocks: true,
    });
  });

  it("is given up when a layer gets stuck on its way", async () => {
    using watch = new CacheWatch(IMPATIENT);
    const layer = { vertex: "c", id: "sha256:1", current: 5, total: 9, isDone: false };
    follow(watch, [{ ...STEP, started: 1 }], [layer]);
    // BuildKit says so several times a second.
    const repeating = setInterval(() => follow(watch, [], [layer]), 50);
    await wait(LATER);
    clearInterval(repeating);
    expect(watch.failure?.what).toBe("read");
  });

  it("is given up when writing takes too long", async () => {
    using watch = new CacheWatch(IMPATIENT);
    follow(watch, [{ ...EXPORT, cached: false, started: 1 }]);
    await wait(LATER);
    expect(watch.failure).toEqual({ what: "written", message: "not done after 0.1 s" });
  });

  it("is given up when writing takes too long before BuildKit begins to export it", async () => {
    using watch = new CacheWatch(IMPATIENT, { onlyWrites: true });
    follow(watch, [{ ...STEP, started: 1 }]);
    follow(watch, [{ ...EXPORT, cached: false, started: 1, completed: 2 }]);
    await wait(LATER);
    expect(watch.signal.aborted).toBe(true);
    expect(watch.failure).toEqual({ what: "written", message: "not done after 0.1 s" });
  });

  it("has all the time that a silent step takes", async () => {
    using watch = new CacheWatch(IMPATIENT);
    follow(watch, [{ ...IMPORT, started: 1 }]);
    const arrived = { vertex: "c", id: "sha256:1", current: 9, total: 9, isDone: true };
    follow(
      watch,
      [
        { ...IMPORT, started: 1, completed: 2 },
        { ...STEP, started: 1 },
      ],
      [arrived],
    );
    await wait(LATER);
    expect(watch.signal.aborted).toBe(false);
  });
});
