import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { FoundWatch } from "../../../src/build/cache/found-watch.ts";
import type { Vertex } from "../../../src/build/progress/progress.ts";

const IMPORT = { digest: "a", name: "importing cache manifest from gha:1", cached: false };
const STEP = { digest: "b", name: "[app 2/3] RUN make", cached: false };

function follow(watch: FoundWatch, ...vertices: readonly Vertex[]): void {
  watch.follow({ vertices, transfers: [], outputs: [], warnings: [] });
}

describe("a solve that only takes what a cache has", () => {
  it("goes on while its steps are found, and while their layers are fetched", () => {
    using watch = new FoundWatch();
    follow(watch, { ...IMPORT, started: 1, completed: 2 });
    follow(watch, { ...STEP, started: 3, completed: 3, cached: true });
    follow(watch, { ...STEP, started: 4 }, { ...STEP, started: 4, completed: 5 });
    expect(watch.signal.aborted).toBe(false);
  });

  it("goes on while a base image is asked for, and the context is sent", () => {
    using watch = new FoundWatch();
    follow(watch, {
      digest: "c",
      name: "[internal] load build context",
      cached: false,
      started: 1,
    });
    follow(watch, { ...STEP, digest: "d", name: "[app 1/3] FROM docker.io/a:1", started: 1 });
    follow(watch, { ...STEP, digest: "e", name: "[1/3] FROM docker.io/a:1", started: 1 });
    expect(watch.signal.aborted).toBe(false);
  });

  it.each(["[app 2/3] RUN make", "[2/3] COPY . .", "[image0-stage1 app 3/3] WORKDIR /app"])(
    "ends when a step has to be run: %s",
    (name) => {
      using watch = new FoundWatch();
      follow(watch, { ...STEP, name, started: 3 });
      expect(watch.signal.aborted).toBe(true);
      expect(watch.failure).toBeUndefined();
    },
  );

  it("ends when the cache is not there, which is no failure", () => {
    using watch = new FoundWatch();
    follow(watch, { ...IMPORT, started: 1, completed: 2, error: "ghcr.io/a:b: not found" });
    expect(watch.signal.aborted).toBe(true);
    expect(watch.failure).toBeUndefined();
  });

  it("ends when the cache cannot be read, or says nothing, and tells why", async () => {
    using refused = new FoundWatch();
    follow(refused, { ...IMPORT, started: 1, completed: 2, error: "403 Forbidden" });
    expect(refused.signal.aborted).toBe(true);
    expect(refused.failure).toEqual({ what: "read", message: "403 Forbidden" });
    using silent = new FoundWatch({ silence: 0.1, writing: 1 });
    follow(silent, { ...IMPORT, started: 1 });
    await wait(600);
    expect(silent.signal.aborted).toBe(true);
    expect(silent.failure?.message).toBe("no sign of life for 0.1 s");
    expect(silent.failure?.blocks).toBe(true);
  });

  it.each([STEP.name, "[app 1/3] FROM docker.io/a:1"])(
    "ends when nothing is heard of a layer that was found: %s",
    async (name) => {
      using watch = new FoundWatch({ silence: 0.1, writing: 1 });
      const found = { ...STEP, name, started: 3 };
      follow(watch, { ...found, completed: 3, cached: true }, found);
      await wait(600);
      expect(watch.signal.aborted).toBe(true);
    },
  );

  it("goes on while something of an image arrives, of which BuildKit says nothing", async () => {
    using watch = new FoundWatch({ silence: 0.3, writing: 1 }, Date.now);
    follow(watch, { ...STEP, started: 3, completed: 3, cached: true });
    await wait(800);
    expect(watch.signal.aborted).toBe(false);
  });

  it.each(["[app 1/3] FROM docker.io/a:1", "[internal] load metadata for docker.io/a:1"])(
    "does not blame the cache while a registry is silent: %s",
    async (name) => {
      using watch = new FoundWatch({ silence: 0.1, writing: 1 });
      const vertex = { ...STEP, name, started: 3 };
      const layer = { vertex: "b", id: "sha256:1", current: 5, total: 9, isDone: false };
      const transfers = name.includes("FROM") ? [layer] : [];
      watch.follow({ vertices: [vertex], transfers, outputs: [], warnings: [] });
      await wait(600);
      expect(watch.signal.aborted).toBe(false);
    },
  );

  it("does not blame the cache for a base image that an earlier solve had of a registry", async () => {
    const patience = { silence: 0.1, writing: 1 };
    const base = { ...STEP, name: "[app 1/3] FROM docker.io/a:1", started: 3 };
    const found = { ...base, completed: 3, cached: true };
    const earlier = new FoundWatch(patience);
    follow(earlier, base, { ...base, completed: 4 });
    earlier[Symbol.dispose]();
    // The builder finds it in itself, and then fetches its layers to push them.
    using later = new FoundWatch(patience, undefined, earlier.basesOfRegistry);
    follow(later, found, base);
    using unknowing = new FoundWatch(patience);
    follow(unknowing, found, base);
    await wait(600);
    expect([later.signal.aborted, unknowing.signal.aborted]).toEqual([false, true]);
  });
});
