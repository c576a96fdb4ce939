import { setTimeout as wait } from "node:timers/promises";
import { expect, it } from "vitest";
import { StuckWatch } from "../../../src/build/cache/stuck-watch.ts";
import type { Vertex } from "../../../src/build/progress/progress.ts";

const STEP = { digest: "a", name: "[app 2/3] RUN sleep 9999", cached: false };
const LATER = 600;

function follow(watch: StuckWatch, vertex: Vertex): void {
  watch.follow({ vertices: [vertex], transfers: [], outputs: [], warnings: [] });
}

it("a builder is stuck when nothing is heard and no step is running", async () => {
  const watch = new StuckWatch({ silence: 0.1, writing: 1 });
  watch.begin();
  follow(watch, { ...STEP, started: 1, completed: 2 });
  await wait(LATER);
  expect(watch.signal.aborted).toBe(true);
  expect(watch.fatal.message).toContain("`cache: off`");
});

it("a builder is not stuck while a step is running, however little it says", async () => {
  const watch = new StuckWatch({ silence: 0.1, writing: 1 });
  watch.begin();
  follow(watch, { ...STEP, started: 1 });
  await wait(LATER);
  expect(watch.signal.aborted).toBe(false);
});

it("a builder is not stuck while no solve runs, nor by what one did that is over", async () => {
  const watch = new StuckWatch({ silence: 0.3, writing: 1 });
  watch.begin();
  follow(watch, { ...STEP, started: 1 });
  watch.end();
  await wait(LATER);
  watch.begin();
  expect(watch.signal.aborted).toBe(false);
  await wait(LATER);
  expect(watch.signal.aborted).toBe(true);
});
