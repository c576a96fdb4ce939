import { expect, test } from "vitest";
import type { Stage } from "../../src/model/plan.ts";
import { createScanOrder } from "../../src/scan/scan-order.ts";
import { makePlannedImage, makeStage } from "../make.ts";

const EXTERNAL = makeStage().base;

test("a stage on an external image does not wait", () => {
  const [alone] = stagesOn("external");
  expect(orderOf([alone]).come(alone, "alone")).toEqual(["alone"]);
});

test("stages wait for the one they stand on, and follow it", () => {
  const [bottom, middle, top] = stagesOn("external", 0, 1);
  const order = orderOf([bottom, middle, top]);
  expect(order.come(top, "top")).toEqual([]);
  expect(order.come(middle, "middle")).toEqual([]);
  expect(order.come(bottom, "bottom")).toEqual(["bottom", "middle", "top"]);
});

test("what comes after its base stage has its turn at once", () => {
  const [bottom, top] = stagesOn("external", 0);
  const order = orderOf([bottom, top]);
  order.come(bottom, "bottom");
  expect(order.come(top, "top")).toEqual(["top"]);
});

test("a stage that is not built is looked through to the one below", () => {
  const [bottom, middle, top] = stagesOn("external", 0, 1);
  const skipped: Stage = { ...middle, decision: { kind: "skip", reason: "not asked for" } };
  const order = orderOf([bottom, skipped, top]);
  expect(order.come(top, "top")).toEqual([]);
  expect(order.come(bottom, "bottom")).toEqual(["bottom", "top"]);
});

test("nothing waits for a stage that never comes", () => {
  const [bottom, top] = stagesOn("external", 0);
  const skipped: Stage = { ...bottom, decision: { kind: "skip", reason: "not asked for" } };
  expect(orderOf([skipped, top]).come(top, "top")).toEqual(["top"]);
});

/** Stages, each on an external image or on the stage of that index. */
function stagesOn(...bases: readonly ("external" | number)[]): [Stage, Stage, Stage] {
  const stages = bases.map((base, index) =>
    makeStage({
      index,
      name: `stage-${index}`,
      base: base === "external" ? EXTERNAL : { kind: "stage", index: base },
      decision: { kind: "build", target: `stage-${index}` },
    }),
  );
  return stages as [Stage, Stage, Stage];
}

function orderOf(stages: readonly Stage[]) {
  return createScanOrder<string>({ images: [makePlannedImage({ stages })] });
}
