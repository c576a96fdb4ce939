import { describe, expect, it } from "vitest";
import { diveNotes } from "../../src/report/dive-note.ts";
import { makeStage } from "../make.ts";

const stage = makeStage();
const efficiency = {
  rule: "min-efficiency",
  limit: 90,
  actual: 75,
  verdict: "fail",
} as const;

describe("a note on dive", () => {
  it("is made where it would judge otherwise, and says why", () => {
    const dive = { efficiency: 1, wasted: 0, userWasted: 0 };
    expect(diveNotes({ stage, dive }, [efficiency])).toEqual([
      "dive would pass min-efficiency of production: it finds 100% where there are 75%. It counts the copy that is kept as wasted, sees nothing in a deleted folder, and takes the first layer alone for the base image.",
    ]);
  });

  it("tells bytes where the threshold is in bytes", () => {
    const dive = { efficiency: 1, wasted: 21_000_000, userWasted: 0 };
    const goal = { rule: "max-wasted", limit: 20e6, actual: 10_500_000, verdict: "pass" } as const;
    expect(diveNotes({ stage, dive }, [goal])[0]).toContain(
      "dive would fail max-wasted of production: it finds 21 MB where there are 10.5 MB.",
    );
  });

  it("is none where it would say the same, nor on goals that it does not have", () => {
    const dive = { efficiency: 0.5, wasted: 0, userWasted: 0 };
    const size = { rule: "max-unpacked", limit: 1, actual: 2, verdict: "fail" } as const;
    expect(diveNotes({ stage, dive }, [efficiency, size])).toEqual([]);
    expect(diveNotes({ stage }, [efficiency])).toEqual([]);
  });
});
