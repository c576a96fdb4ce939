import { describe, expect, it } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import { shownAdvice } from "../../src/report/shown-advice.ts";
import {
  MISSED_ON_HIGH,
  makeAdvice,
  makeMeasuredStage,
  makePlannedImage,
  makeStage,
  makeStageImage,
} from "../make.ts";

const image = { kind: "image", reference: "busybox" } as const;
const builder = makeStage({ name: "builder", index: 0, base: image });
const base = makeStage({ name: "base", index: 1, base: image, needs: [0] });
const top = makeStage({
  ...{ name: "top", index: 2, base: { kind: "stage", index: 1 }, needs: [1] },
});
const plan = makePlannedImage({ stages: [builder, base, top] });
const advice = [makeAdvice()];

function shown(stage: typeof builder, ...goals: readonly GoalResult[]) {
  const measured = makeMeasuredStage({ stage, image: makeStageImage({ advice }) });
  return shownAdvice(plan, measured, { goals, findings: [] });
}

describe("advice", () => {
  it("is shown on a stage that others stand on, and on the last", () => {
    expect(shown(base)).toEqual(advice);
    expect(shown(top)).toEqual(advice);
  });

  it("is not shown on a stage that others only copy from", () => {
    expect(shown(builder)).toEqual([]);
    expect(shown(builder, MISSED_ON_HIGH)).toEqual([]);
  });

  it("is shown there where it has a goal on its size", () => {
    const goal = { rule: "max-unpacked", limit: 1, actual: 2 } as const;
    expect(shown(builder, { ...goal, verdict: "fail" })).toEqual(advice);
    expect(shown(builder, { ...goal, verdict: "pass" })).toEqual(advice);
  });

  it("is shown there where nothing is wanted that copies from it", () => {
    const skipped = { kind: "skip", reason: "not among the targets" } as const;
    const stages = [builder, ...[base, top].map((stage) => ({ ...stage, decision: skipped }))];
    const measured = makeMeasuredStage({ stage: builder, image: makeStageImage({ advice }) });
    const judgement = { goals: [], findings: [] };
    expect(shownAdvice(makePlannedImage({ stages }), measured, judgement)).toEqual(advice);
  });
});
