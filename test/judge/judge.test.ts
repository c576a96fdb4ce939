import { describe, expect, it } from "vitest";
import { type JudgeRules, judge } from "../../src/judge/judge.ts";
import { SEVERITIES } from "../../src/model/finding.ts";
import type { MeasuredStage, Measurement } from "../../src/model/measurement.ts";
import {
  makeImageFinding,
  makeLintFinding,
  makeMeasuredImage,
  makeMeasuredStage,
  makeMeasurement,
  makeStage,
  makeStageImage,
} from "../make.ts";

function rules(overrides: Partial<JudgeRules> = {}): JudgeRules {
  return { goalsOf: () => [], failOnLint: "off", severity: SEVERITIES, ...overrides };
}

function runOf(...stages: readonly MeasuredStage[]): Measurement {
  return makeMeasurement({ images: [makeMeasuredImage({ stages })] });
}

function stageWithoutImage(overrides: Partial<MeasuredStage>): MeasuredStage {
  const { image, ...rest } = makeMeasuredStage(overrides);
  return rest;
}

const failedStage = stageWithoutImage({
  stage: makeStage({ name: "builder" }),
  build: { kind: "failed", reason: "exit code: 1", output: [], seconds: 1, steps: [] },
  scan: { kind: "unavailable", tool: "trivy", reason: "it failed to build" },
});

const leftOut = stageWithoutImage({
  stage: makeStage({
    name: "development",
    decision: { kind: "skip", reason: "not among the targets" },
  }),
  build: { kind: "skipped", reason: "not among the targets" },
  scan: { kind: "off" },
});

const maxUnpacked = { rule: "max-unpacked", limit: 150_000_000 } as const;
const failOnHigh = { rule: "fail-on-severity", limit: "high" } as const;

describe("the verdict", () => {
  it("is pass for a run that worked, without any goal", () => {
    expect(judge(runOf(makeMeasuredStage()), rules()).verdict).toBe("pass");
  });

  it("is pass where every goal is met", () => {
    const goalsOf = () => [maxUnpacked, failOnHigh];
    expect(judge(runOf(makeMeasuredStage()), rules({ goalsOf })).verdict).toBe("pass");
  });

  it("is fail where one goal of one stage is missed", () => {
    const heavy = makeMeasuredStage({
      stage: makeStage({ name: "heavy" }),
      image: makeStageImage({ unpacked: 150_000_001 }),
    });
    const goalsOf = () => [failOnHigh, maxUnpacked];
    expect(judge(runOf(makeMeasuredStage(), heavy), rules({ goalsOf })).verdict).toBe("fail");
  });

  it("is fail where a stage failed, without any goal", () => {
    expect(judge(runOf(makeMeasuredStage(), failedStage), rules()).verdict).toBe("fail");
  });

  it("is fail where a stage that is wanted was skipped, whatever became of what it needs", () => {
    const build = { kind: "skipped", reason: "was not built" } as const;
    const skipped = stageWithoutImage({ build, scan: { kind: "off" } });
    expect(judge(runOf(makeMeasuredStage(), skipped), rules()).verdict).toBe("fail");
    expect(judge(runOf(skipped), rules({ goalsOf: () => [maxUnpacked] })).verdict).toBe("fail");
    expect(judge(runOf(makeMeasuredStage(), leftOut), rules()).verdict).toBe("pass");
  });

  it("is unknown where a goal could not be judged", () => {
    const unscanned = makeMeasuredStage({
      scan: { kind: "unavailable", tool: "trivy", reason: "no database" },
    });
    const goalsOf = () => [maxUnpacked, failOnHigh];
    expect(judge(runOf(unscanned), rules({ goalsOf })).verdict).toBe("unknown");
  });

  it("is fail rather than unknown where both are so", () => {
    const unscanned = makeMeasuredStage({
      scan: { kind: "unavailable", tool: "trivy", reason: "no database" },
      image: makeStageImage({ unpacked: 150_000_001 }),
    });
    const goalsOf = () => [failOnHigh, maxUnpacked];
    expect(judge(runOf(unscanned), rules({ goalsOf })).verdict).toBe("fail");
  });

  it("is not touched by goals on stages that the plan leaves out", () => {
    const judgement = judge(
      runOf(makeMeasuredStage(), leftOut),
      rules({ goalsOf: () => [maxUnpacked] }),
    );
    expect(judgement.verdict).toBe("pass");
    expect(judgement.images[0]?.stages[1]?.goals).toEqual([
      {
        ...maxUnpacked,
        verdict: "unknown",
        reason: "it was not built: not among the targets",
      },
    ]);
  });

  it("is fail where lint reaches its limit", () => {
    const image = makeMeasuredImage({
      lint: {
        hadolint: { kind: "checked", findings: [makeLintFinding({ severity: "error" })] },
        buildkit: { kind: "off" },
      },
    });
    const measurement = makeMeasurement({ images: [makeMeasuredImage(), image] });
    const judgement = judge(measurement, rules({ failOnLint: "warning" }));
    expect(judgement.verdict).toBe("fail");
    expect(judgement.images.map(({ failOnLint }) => failOnLint?.verdict)).toEqual(["pass", "fail"]);
  });

  it("is pass whatever lint found where it is not to fail on it", () => {
    const image = makeMeasuredImage({
      lint: {
        hadolint: { kind: "checked", findings: [makeLintFinding({ severity: "error" })] },
        buildkit: { kind: "off" },
      },
    });
    const judgement = judge(makeMeasurement({ images: [image] }), rules());
    expect(judgement.verdict).toBe("pass");
    expect(judgement.images[0]).not.toHaveProperty("failOnLint");
  });
});

describe("goals", () => {
  it("are asked for each stage by itself", () => {
    const development = makeMeasuredStage({ stage: makeStage({ name: "development" }) });
    const judgement = judge(
      runOf(makeMeasuredStage(), development),
      rules({ goalsOf: (stage) => (stage.name === "development" ? [maxUnpacked] : []) }),
    );
    expect(judgement.images[0]?.stages.map(({ goals }) => goals.length)).toEqual([0, 1]);
  });
});

describe("findings", () => {
  const scanned = makeMeasuredStage({
    scan: {
      kind: "checked",
      findings: [
        makeImageFinding({ rule: "CVE-LOW", severity: "low" }),
        makeImageFinding({ rule: "CVE-HIGH", severity: "high" }),
        makeImageFinding({ rule: "CVE-CRITICAL", severity: "critical" }),
      ],
    },
  });

  function reported(judgeRules: JudgeRules): readonly string[] | undefined {
    const stage = judge(runOf(scanned), judgeRules).images[0]?.stages[0];
    return stage?.findings.map((finding) => finding.rule);
  }

  it("of the scan are reported where their severity is wanted", () => {
    expect(reported(rules({ severity: ["critical", "low"] }))).toEqual(["CVE-CRITICAL", "CVE-LOW"]);
  });

  it("that make a goal missed are reported though their severity is not wanted", () => {
    const judgeRules = rules({ severity: [], goalsOf: () => [failOnHigh] });
    expect(reported(judgeRules)).toEqual(["CVE-CRITICAL", "CVE-HIGH"]);
  });

  it("that make a goal of one stage missed are reported of all that carry them", () => {
    const named = (name: string) => ({ ...scanned, stage: makeStage({ name }) });
    const image = makeMeasuredImage({ stages: [named("build"), named("production")] });
    const goalsOf = ({ name }: { readonly name: string }) =>
      name === "production" ? [failOnHigh] : [];
    const judgement = judge(makeMeasurement({ images: [image] }), rules({ severity: [], goalsOf }));
    const rulesOf = judgement.images[0]?.stages.map(({ findings }) => findings.map((f) => f.rule));
    expect(rulesOf).toEqual([
      ["CVE-CRITICAL", "CVE-HIGH"],
      ["CVE-CRITICAL", "CVE-HIGH"],
    ]);
  });

  it("that are not wanted still make a goal missed", () => {
    const judgeRules = rules({ severity: ["low"], goalsOf: () => [failOnHigh] });
    expect(judge(runOf(scanned), judgeRules).verdict).toBe("fail");
  });

  it("of the scan have the line of the layer that brought them", () => {
    const stage = judge(runOf(scanned), rules()).images[0]?.stages[0];
    expect(stage?.findings.map((finding) => finding.line)).toEqual([1, 1, 1]);
  });

  it("of both linters are in their stage, before those of the scan", () => {
    const image = makeMeasuredImage({
      stages: [scanned],
      lint: {
        hadolint: { kind: "checked", findings: [makeLintFinding({ rule: "DL3008", line: 3 })] },
        buildkit: {
          kind: "checked",
          findings: [makeLintFinding({ tool: "buildkit", rule: "StageNameCasing", line: 1 })],
        },
      },
    });
    const stage = judge(makeMeasurement({ images: [image] }), rules()).images[0]?.stages[0];
    expect(stage?.findings.map((finding) => finding.rule).slice(0, 3)).toEqual([
      "StageNameCasing",
      "DL3008",
      "CVE-CRITICAL",
    ]);
  });

  it("of the linters outside any stage belong to the image", () => {
    const { line, ...whole } = makeLintFinding({ rule: "DL1000" });
    const image = makeMeasuredImage({
      lint: { hadolint: { kind: "checked", findings: [whole] }, buildkit: { kind: "off" } },
    });
    const judged = judge(makeMeasurement({ images: [image] }), rules()).images[0];
    expect(judged?.findings).toEqual([whole]);
    expect(judged?.stages[0]?.findings).toEqual([]);
  });
});
