import { describe, expect, test } from "vitest";
import { allNeedsOf, chainOf, type Link } from "../../src/plan/chain.ts";

const stages: readonly Link[] = [
  { index: 0, line: 1, base: { kind: "image", reference: "alpine" }, needs: [] },
  { index: 1, line: 4, base: { kind: "stage", index: 0 }, needs: [0] },
  { index: 2, line: 7, base: { kind: "scratch" }, needs: [1] },
  { index: 3, line: 9, base: { kind: "stage", index: 2 }, needs: [0, 2] },
];

describe("the chain of a stage", () => {
  test("goes from the stage down to what stands on no other", () => {
    expect(chainOf(stages, 1).map(({ index }) => index)).toEqual([1, 0]);
  });

  test("ends where a stage stands on scratch, whatever it copies from others", () => {
    expect(chainOf(stages, 3).map(({ index }) => index)).toEqual([3, 2]);
  });

  test("is empty for a stage that does not exist", () => {
    expect(chainOf(stages, 9)).toEqual([]);
  });
});

test("all that a stage needs takes in what those need, without the stage itself", () => {
  expect(allNeedsOf(stages, 3)).toEqual([0, 1, 2]);
});

test("all that a stage needs comes to an end where stages need each other", () => {
  const ring: readonly Link[] = [
    { index: 0, line: 1, base: { kind: "scratch" }, needs: [1] },
    { index: 1, line: 2, base: { kind: "stage", index: 0 }, needs: [0] },
  ];
  expect(allNeedsOf(ring, 0)).toEqual([1]);
});
