import { describe, expect, it } from "vitest";
import { diveNotes } from "../../src/report/dive-note.ts";
import { makeBaseLayer, makeDiveFigures, makeLayer, makeStage, makeStageImage } from "../make.ts";

const stage = makeStage();
const NO_ERRORS = makeDiveFigures().errors;
const efficiency = {
  rule: "min-efficiency",
  limit: 90,
  actual: 75,
  verdict: "fail",
} as const;

describe("a note on dive", () => {
  it("is made where it would judge otherwise, and says why", () => {
    const dive = makeDiveFigures({ errors: { ...NO_ERRORS, keptCopy: 5, deletedFolder: 9 } });
    expect(diveNotes({ stage, dive }, [efficiency])).toEqual([
      "dive would pass min-efficiency of production: it finds 100% where there are 75%, since it sees nothing in a deleted folder.",
    ]);
  });

  it("names all that misleads it, and nothing that would mislead it the other way", () => {
    const errors = { ...NO_ERRORS, smallestCopy: 5, deletedFolder: 9, opaqueFolder: 2 };
    const reason = (efficient: number, actual: number) =>
      diveNotes({ stage, dive: makeDiveFigures({ efficiency: efficient, errors }) }, [
        { ...efficiency, actual, verdict: actual < 90 ? "fail" : "pass" },
      ])[0]?.replace(/^.*, since /, "");
    expect(reason(1, 75)).toBe(
      "it sees nothing in a deleted folder, and it sees nothing in a folder that is made anew.",
    );
    expect(reason(0.5, 95)).toBe("it takes the smallest copy for the one that is kept.");
  });

  it("tells bytes where the threshold is in bytes", () => {
    const errors = { ...NO_ERRORS, keptCopy: 10_500_000 };
    const dive = makeDiveFigures({ wasted: 21_000_000, errors });
    const goal = { rule: "max-wasted", limit: 20e6, actual: 10_500_000, verdict: "pass" } as const;
    expect(diveNotes({ stage, dive }, [goal])).toEqual([
      "dive would fail max-wasted of production: it finds 21 MB where there are 10.5 MB, since it counts the copy that is kept as wasted.",
    ]);
  });

  it("says where it judges the same of figures that are far from ours", () => {
    const errors = { ...NO_ERRORS, keptCopy: 10_500_000 };
    const dive = makeDiveFigures({ wasted: 21_000_000, errors });
    const goal = { rule: "max-wasted", limit: 5e6, actual: 10_500_000, verdict: "fail" } as const;
    expect(diveNotes({ stage, dive }, [goal])).toEqual([
      "dive too would fail max-wasted of production, but it finds 21 MB where there are 10.5 MB, since it counts the copy that is kept as wasted.",
    ]);
  });

  it.each([
    [[makeBaseLayer(), makeBaseLayer(), makeLayer()], "it takes the first layer alone"],
    [[makeLayer(), makeLayer()], "it takes the first layer alone"],
    [[makeBaseLayer(), makeLayer()], "it counts paths and not files"],
  ])("speaks of the base image where that is not one layer (%#)", (layers, reason) => {
    const dive = makeDiveFigures({ userWasted: 0.5 });
    const goal = { rule: "max-own-wasted", limit: 10, actual: 0, verdict: "pass" } as const;
    const image = makeStageImage({ layers });
    expect(diveNotes({ stage, dive, image }, [goal])[0]).toContain(`, since ${reason}`);
  });

  it("is none where it finds about the same, nor on goals that it does not have", () => {
    const dive = makeDiveFigures({ efficiency: 0.72 });
    const size = { rule: "max-unpacked", limit: 1, actual: 2, verdict: "fail" } as const;
    expect(diveNotes({ stage, dive }, [efficiency, size])).toEqual([]);
    expect(diveNotes({ stage }, [efficiency])).toEqual([]);
  });
});
