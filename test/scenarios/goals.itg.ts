// Goals met and goals missed, from the input to the exit code and what the pull request reads.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stageOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

/** Busybox weighs 3,964,512 bytes unpacked; lodash 4.17.20 has a high and a medium finding. */
const DOCKERFILE = `FROM busybox:1.35 AS base
FROM base AS large
RUN head -c 5000000 /dev/zero > /large
FROM base AS vulnerable
COPY lodash.json /app/node_modules/lodash/package.json
`;
const LODASH = '{"name":"lodash","version":"4.17.20"}\n';
const FILES = { Dockerfile: DOCKERFILE, "lodash.json": LODASH };

/** Errors and warnings as the runner understands them: level, line and text. */
function annotations(step: StepResult, level: "error" | "warning"): readonly unknown[] {
  return step.commands
    .filter(({ name }) => name === level)
    .map(({ properties, message }) => [properties.line, properties.title, message]);
}

/** What a stage was held to. */
function limits(step: StepResult, stage: string): readonly unknown[] {
  return stageOf(step, stage).goals.map(({ rule, limit }) => [rule, limit]);
}

describe("goals on one Dockerfile", () => {
  let scenario: Scenario;
  const comment = () => scenario.comments()[0] ?? "";

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("pass when each is met, the smallest margin included", async () => {
    const goals = `
"*": {max-unpacked: 8964512, max-download: 10MB, fail-on-severity: critical}
large: {min-reduction: 82%, original: 50MB}
`;
    const step = await scenario.run({ inputs: { goals } });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs.verdict).toBe("pass");
    expect(stageOf(step, "large").goals).toEqual([
      { rule: "max-unpacked", limit: 8_964_512, actual: 8_964_512, verdict: "pass" },
      { rule: "max-download", limit: 10_000_000, actual: expect.any(Number), verdict: "pass" },
      {
        ...{ rule: "min-reduction", limit: 82, actual: 82.070976, original: 50_000_000 },
        verdict: "pass",
      },
      { rule: "fail-on-severity", limit: "critical", actual: "none", verdict: "pass" },
    ]);
    expect(comment()).toContain("### ✅ All 10 goals are met");
    expect(annotations(step, "error")).toEqual([]);
  });

  it.each([
    {
      rule: "max-unpacked",
      goals: "large: {max-unpacked: 8964511}",
      line: "2",
      message:
        "8.964512 MB unpacked, 1 B over its goal of 8.964511 MB; your largest line is 3, 5 MB",
      headline: "`large`: 8.964512 MB unpacked, 1 B over its goal of 8.964511 MB",
    },
    {
      rule: "max-download",
      goals: "base: {max-download: 1MB}",
      line: "1",
      message:
        "2.16 MB to download, 1.16 MB over its goal of 1 MB; the base image alone is 2.16 MB",
      headline:
        "`base`: 2.16 MB to download, 1.16 MB over its goal of 1 MB; the base image alone is 2.16 MB",
    },
    {
      rule: "min-reduction",
      goals: "large: {min-reduction: 90%, original: 50MB}",
      line: "2",
      message:
        "8.96 MB unpacked, 82.1% below 50 MB where its goal is 90% below (5 MB); the base image is 3.96 of the 5 MB; your largest line is 3, 5 MB",
      headline: "`large`: 8.96 MB unpacked, 82.1% below 50 MB where its goal is 90% below (5 MB)",
    },
    {
      rule: "fail-on-severity",
      goals: "vulnerable: {fail-on-severity: medium}",
      line: "4",
      message: "1 high, 1 medium (both have a fix), goal: no MEDIUM, HIGH or CRITICAL finding",
      headline:
        "`vulnerable`: 1 high, 1 medium (both have a fix), goal: no MEDIUM, HIGH or CRITICAL finding",
    },
  ])("fail when $rule is missed, on the stage's line", async (missed) => {
    const step = await scenario.run({ inputs: { goals: missed.goals } });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.outputs.verdict).toBe("fail");
    const title = expect.stringContaining("misses 1 goal");
    expect(annotations(step, "error")).toEqual([[missed.line, title, missed.message]]);
    expect(comment()).toContain(`### ❌ ${missed.headline}\n`);
    expect(step.summary).toContain(`### ❌ ${missed.headline}\n`);
  });

  it("are advice when the step is not to fail", async () => {
    const goals = "large: {max-unpacked: 1MB}";
    const step = await scenario.run({ inputs: { goals, fail: "false" } });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs.verdict).toBe("fail");
    expect(annotations(step, "error")).toEqual([]);
    const message =
      "8.96 MB unpacked, 7.96 MB over its goal of 1 MB; the base image alone is 3.96 MB; your largest line is 3, 5 MB";
    expect(annotations(step, "warning")).toContainEqual(["2", "large misses 1 goal", message]);
    expect(comment()).toContain("### ❌ `large`: 8.96 MB unpacked, 7.96 MB over");
    expect(comment()).toContain("The step passes all the same");
  });

  it("count for stages that are built, whichever goals the others have", async () => {
    const goals = "large: {max-unpacked: 1MB}\nbase: {max-unpacked: 10MB}";
    const step = await scenario.run({ inputs: { goals, targets: "base" } });
    expect([step.exitCode, step.outputs.verdict]).toEqual([0, "pass"]);
  });

  it("fail on what the linters find, where they are to", async () => {
    const untagged = DOCKERFILE.replace("busybox:1.35", "busybox");
    await using other = await Scenario.start({ files: { ...FILES, Dockerfile: untagged } });
    const step = await other.run({ inputs: { "fail-on-lint": "warning" } });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.report?.images[0]?.failOnLint).toEqual({
      limit: "warning",
      actual: "warning",
      verdict: "fail",
    });
    const title = "Hadolint DL3006 (warning)";
    expect(annotations(step, "error")).toEqual([["1", title, expect.any(String)]]);
    expect(other.comments()[0]).toContain("### ❌ `Dockerfile`: 1 warning from lint");
  });
});

describe("goals of a configuration file and of the input, on two Dockerfiles", () => {
  it("merge rule by rule, the more specific name winning, then the input", async () => {
    await using scenario = await Scenario.start({
      files: {
        "app/Dockerfile": "FROM busybox:1.35 AS base\nFROM base AS production\n",
        "web/Dockerfile": "FROM busybox:1.35 AS production\n",
        ".github/weighbridge.yml": `file: "*/Dockerfile"
goals:
  "*": {max-unpacked: 1MB, fail-on-severity: high}
  prod*: {max-unpacked: 20MB}
  web/production: {max-unpacked: 30MB}
`,
      },
    });
    const goals = "app/production: {fail-on-severity: none}\nprod*: {max-download: 5MB}";
    const step = await scenario.run({ inputs: { goals } });
    expect(limits(step, "app/base")).toEqual([
      ["max-unpacked", 1_000_000],
      ["fail-on-severity", "high"],
    ]);
    expect(limits(step, "app/production")).toEqual([
      ["max-unpacked", 20_000_000],
      ["max-download", 5_000_000],
    ]);
    expect(limits(step, "web/production")).toEqual([
      ["max-unpacked", 30_000_000],
      ["max-download", 5_000_000],
      ["fail-on-severity", "high"],
    ]);
    expect(step.exitCode).toBe(1);
    expect(scenario.comments()[0]).toContain(
      "### ❌ `app/base`: 3.96 MB unpacked, 2.96 MB over its goal",
    );
  });
});

describe("a goal that cannot be judged", () => {
  const goals = "vulnerable: {fail-on-severity: high}\nbase: {max-unpacked: 10MB}";
  const withoutDatabase = { goals, "trivy-db-repository": "127.0.0.1:1/trivy-db:2" };
  const withoutScanner = { goals, "trivy-path": "" };
  const offline = { https_proxy: "http://127.0.0.1:1" };
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it.each([
    { without: "the scanner", inputs: withoutScanner, env: offline },
    { without: "its database", inputs: withoutDatabase, env: {} },
  ])("fails without $without: that is unknown, and never an empty list", async (circumstances) => {
    const step = await scenario.run(circumstances);
    expect(step.exitCode, step.log).toBe(1);
    expect(step.outputs.verdict).toBe("unknown");
    const { scan, goals: judged } = stageOf(step, "vulnerable");
    expect(scan).toEqual({ status: "unavailable", reason: expect.stringMatching(/./) });
    expect(judged).toEqual([
      {
        ...{ rule: "fail-on-severity", limit: "high", verdict: "unknown" },
        reason: `it was not scanned: ${scan.reason}`,
      },
    ]);
    expect(stageOf(step, "base").goals).toMatchObject([{ verdict: "pass" }]);
    expect(scenario.comments()[0]).toContain("### ❔ `vulnerable` could not be judged");
    expect(scenario.comments()[0]).toContain("not scanned");
    expect(scenario.categories()).not.toContain("weighbridge/Dockerfile/trivy");
  });

  it("only warns where that is wanted", async () => {
    const inputs = { ...withoutDatabase, "on-unknown": "warn" };
    const step = await scenario.run({ inputs });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs.verdict).toBe("unknown");
    expect(annotations(step, "error")).toEqual([]);
    expect(annotations(step, "warning")).toContainEqual([
      "4",
      "vulnerable cannot be held to 1 goal",
      expect.stringContaining("fail-on-severity: it was not scanned: "),
    ]);
  });
});
