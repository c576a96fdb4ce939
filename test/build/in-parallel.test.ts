import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { inParallel } from "../../src/build/in-parallel.ts";

describe("work in parallel", () => {
  it("gives results in the order of the items", async () => {
    const results = await inParallel(2, [30, 1, 10], async (milliseconds) => {
      await wait(milliseconds);
      return milliseconds;
    });
    expect(results).toEqual([30, 1, 10]);
  });

  it("never does more at a time than it may", async () => {
    let [now, most] = [0, 0];
    await inParallel(3, [1, 2, 3, 4, 5, 6, 7], async () => {
      now += 1;
      most = Math.max(most, now);
      await wait(5);
      now -= 1;
    });
    expect(most).toBe(3);
  });

  it("tells a failure when all that was begun has ended, and begins nothing after it", async () => {
    const ended: number[] = [];
    const work = inParallel(2, [1, 2, 3, 4], async (item) => {
      if (item === 1) throw new Error("no luck");
      await wait(30);
      ended.push(item);
    });
    await expect(work).rejects.toThrow("no luck");
    expect(ended).toEqual([2]);
  });
});
