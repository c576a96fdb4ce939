import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeGoal } from "../../src/judge/judge-goal.ts";
import type { MeasuredStage } from "../../src/model/measurement.ts";
import {
  makeDigest,
  makeImageFinding,
  makeMeasuredStage,
  makeSavedImage,
  makeStageBuild,
  makeStageImage,
  makeWaste,
} from "../make.ts";

function stageOf(unpacked: number): MeasuredStage {
  return makeMeasuredStage({ image: makeStageImage({ unpacked }) });
}

/** A stage of which there is nothing to weigh. */
function stageWithoutImage(build: MeasuredStage["build"]): MeasuredStage {
  const { image, ...rest } = makeMeasuredStage();
  return { ...rest, build };
}

describe("goals on sizes", () => {
  it("are met by exactly the limit", () => {
    expect(judgeGoal({ rule: "max-unpacked", limit: 150_000_000 }, stageOf(150_000_000))).toEqual({
      rule: "max-unpacked",
      limit: 150_000_000,
      actual: 150_000_000,
      verdict: "pass",
    });
  });

  it("are missed by one byte more", () => {
    const result = judgeGoal({ rule: "max-unpacked", limit: 150_000_000 }, stageOf(150_000_001));
    expect(result).toMatchObject({ actual: 150_000_001, verdict: "fail" });
  });

  it("weigh the download where the goal says so", () => {
    const measured = makeMeasuredStage({
      image: makeStageImage({ unpacked: 500, download: 99 }),
    });
    expect(judgeGoal({ rule: "max-download", limit: 100 }, measured)).toMatchObject({
      actual: 99,
      verdict: "pass",
    });
  });

  it("are unknown where they are on the download and that is not known", () => {
    const measured = makeMeasuredStage({ image: makeSavedImage() });
    expect(judgeGoal({ rule: "max-download", limit: 100 }, measured)).toEqual({
      rule: "max-download",
      limit: 100,
      verdict: "unknown",
      reason: "how much is downloaded is not known: docker save gave it unpacked",
    });
    const unpacked = judgeGoal({ rule: "max-unpacked", limit: 150_000_000 }, measured);
    expect(unpacked).toMatchObject({ actual: 140_000_000, verdict: "pass" });
  });
});

describe("goals on waste", () => {
  const image = makeStageImage({
    unpacked: 140_000_000,
    live: 119_000_000,
    wasted: 21_000_000,
    waste: [
      makeWaste({ bytes: 20_000_000, killedBy: { layer: 1, digest: makeDigest("e") } }),
      makeWaste({ bytes: 1_000_000, killedBy: { layer: 0, digest: makeDigest("b") } }),
    ],
  });
  const measured = makeMeasuredStage({ image });

  it("are in bytes that no container can see", () => {
    expect(judgeGoal({ rule: "max-wasted", limit: 21_000_000 }, measured)).toEqual({
      rule: "max-wasted",
      limit: 21_000_000,
      actual: 21_000_000,
      verdict: "pass",
    });
    const missed = judgeGoal({ rule: "max-wasted", limit: 20_999_999 }, measured);
    expect(missed.verdict).toBe("fail");
  });

  it("or a share of what own layers carry, of that alone which own layers made dead", () => {
    expect(judgeGoal({ rule: "max-own-wasted", limit: 66.666666 }, measured)).toEqual({
      rule: "max-own-wasted",
      limit: 66.666666,
      actual: 66.666667,
      verdict: "fail",
    });
  });

  it("or the share that a container can see, rounded down", () => {
    expect(judgeGoal({ rule: "min-efficiency", limit: 85 }, measured)).toMatchObject({
      actual: 85,
      verdict: "pass",
    });
    const slightlyLess = makeMeasuredStage({
      image: makeStageImage({ unpacked: 1e12, live: 85e10 - 1, wasted: 15e10 + 1 }),
    });
    expect(judgeGoal({ rule: "min-efficiency", limit: 85 }, slightlyLess)).toMatchObject({
      actual: 84.999999,
      verdict: "fail",
    });
  });

  it("are met by an image without a byte", () => {
    const empty = makeMeasuredStage({
      image: makeStageImage({
        unpacked: 0,
        live: 0,
        own: { unpacked: 0, download: 0 },
      }),
    });
    expect(judgeGoal({ rule: "min-efficiency", limit: 100 }, empty)).toMatchObject({
      actual: 100,
      verdict: "pass",
    });
    expect(judgeGoal({ rule: "max-own-wasted", limit: 0 }, empty)).toMatchObject({
      actual: 0,
      verdict: "pass",
    });
  });

  it("are unknown where there is no image", () => {
    const failed = stageWithoutImage({ kind: "skipped", reason: "its base failed" });
    expect(judgeGoal({ rule: "min-efficiency", limit: 100 }, failed)).toMatchObject({
      verdict: "unknown",
      reason: "it was not built: its base failed",
    });
  });
});

describe("goals on reduction", () => {
  it("tell the percentage and what it is measured from", () => {
    const goal = { rule: "min-reduction", limit: 70, original: 500_000_000 } as const;
    expect(judgeGoal(goal, stageOf(148_000_000))).toEqual({
      rule: "min-reduction",
      limit: 70,
      original: 500_000_000,
      actual: 70.4,
      verdict: "pass",
    });
  });

  it("are met by exactly the limit, fractions included", () => {
    const goal = { rule: "min-reduction", limit: 70.1, original: 1_000 } as const;
    expect(judgeGoal(goal, stageOf(299))).toMatchObject({ actual: 70.1, verdict: "pass" });
  });

  it("are missed by one byte of a terabyte, and do not say otherwise", () => {
    const goal = { rule: "min-reduction", limit: 70, original: 1_000_000_000_000 } as const;
    expect(judgeGoal(goal, stageOf(300_000_000_001))).toMatchObject({
      actual: 69.999999,
      verdict: "fail",
    });
  });

  it("are negative where the image grew beyond the original", () => {
    const goal = { rule: "min-reduction", limit: 0, original: 3_000 } as const;
    expect(judgeGoal(goal, stageOf(3_001))).toMatchObject({
      actual: -0.033334,
      verdict: "fail",
    });
  });

  it("are unknown against an original of nothing", () => {
    const goal = { rule: "min-reduction", limit: 70, original: 0 } as const;
    expect(judgeGoal(goal, stageOf(1))).toEqual({
      rule: "min-reduction",
      limit: 70,
      original: 0,
      verdict: "unknown",
      reason: "the original is zero bytes",
    });
  });

  it("say pass exactly where whole numbers say so", () => {
    const bytes = fc.integer({ min: 0, max: 2 ** 45 });
    fc.assert(
      fc.property(bytes, bytes, fc.integer({ min: 0, max: 1000 }), (unpacked, more, tenths) => {
        const original = more + 1;
        const met = BigInt(original - unpacked) * 1000n >= BigInt(tenths) * BigInt(original);
        const goal = { rule: "min-reduction", limit: tenths / 10, original } as const;
        expect(judgeGoal(goal, stageOf(unpacked)).verdict).toBe(met ? "pass" : "fail");
      }),
    );
  });
});

describe("goals on severity", () => {
  it("name the worst severity found", () => {
    const measured = makeMeasuredStage({
      scan: {
        kind: "checked",
        findings: [
          makeImageFinding({ severity: "medium" }),
          makeImageFinding({ severity: "critical" }),
          makeImageFinding({ severity: "low" }),
        ],
      },
    });
    expect(judgeGoal({ rule: "fail-on-severity", limit: "high" }, measured)).toEqual({
      rule: "fail-on-severity",
      limit: "high",
      actual: "critical",
      verdict: "fail",
    });
  });

  it("are missed by a finding of exactly that severity", () => {
    const measured = makeMeasuredStage({
      scan: { kind: "checked", findings: [makeImageFinding({ severity: "high" })] },
    });
    expect(judgeGoal({ rule: "fail-on-severity", limit: "high" }, measured).verdict).toBe("fail");
  });

  it("are met by findings that are less severe", () => {
    const measured = makeMeasuredStage({
      scan: { kind: "checked", findings: [makeImageFinding({ severity: "medium" })] },
    });
    expect(judgeGoal({ rule: "fail-on-severity", limit: "high" }, measured)).toMatchObject({
      actual: "medium",
      verdict: "pass",
    });
  });

  it("are met by no finding at all", () => {
    expect(judgeGoal({ rule: "fail-on-severity", limit: "unknown" }, makeMeasuredStage())).toEqual({
      rule: "fail-on-severity",
      limit: "unknown",
      actual: "none",
      verdict: "pass",
    });
  });

  it("are unknown where the scanner did not run", () => {
    const measured = makeMeasuredStage({
      scan: { kind: "unavailable", tool: "trivy", reason: "its database could not be fetched" },
    });
    expect(judgeGoal({ rule: "fail-on-severity", limit: "high" }, measured)).toEqual({
      rule: "fail-on-severity",
      limit: "high",
      verdict: "unknown",
      reason: "it was not scanned: its database could not be fetched",
    });
  });

  it("are unknown where the scan is switched off", () => {
    const measured = makeMeasuredStage({ scan: { kind: "off" } });
    expect(judgeGoal({ rule: "fail-on-severity", limit: "high" }, measured)).toMatchObject({
      verdict: "unknown",
      reason: "the scan is switched off",
    });
  });
});

describe("goals on a stage without an image", () => {
  const failed = {
    kind: "failed",
    reason: "exit code: 1",
    output: [],
    seconds: 1,
    steps: [],
  } as const;

  it("are unknown after a failed build", () => {
    expect(judgeGoal({ rule: "max-download", limit: 1 }, stageWithoutImage(failed))).toEqual({
      rule: "max-download",
      limit: 1,
      verdict: "unknown",
      reason: "it failed to build",
    });
  });

  it("are unknown for severities too, whatever the scan says", () => {
    const goal = { rule: "fail-on-severity", limit: "high" } as const;
    expect(judgeGoal(goal, stageWithoutImage(failed)).verdict).toBe("unknown");
  });

  it("keep the original of a reduction", () => {
    const goal = { rule: "min-reduction", limit: 70, original: 500 } as const;
    expect(judgeGoal(goal, stageWithoutImage(failed))).toMatchObject({
      original: 500,
      verdict: "unknown",
    });
  });

  it("say why the stage was left out", () => {
    const skipped = stageWithoutImage({ kind: "skipped", reason: "not among the targets" });
    expect(judgeGoal({ rule: "max-unpacked", limit: 1 }, skipped)).toMatchObject({
      reason: "it was not built: not among the targets",
    });
  });

  it("say that an image could not be read", () => {
    const unread = stageWithoutImage(makeStageBuild());
    expect(judgeGoal({ rule: "max-unpacked", limit: 1 }, unread)).toMatchObject({
      verdict: "unknown",
      reason: "its image could not be read",
    });
  });
});
