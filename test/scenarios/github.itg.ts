// GitHub when it is slow, down or strict: a run says so and goes on, and nothing else changes.

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Scenario, type StepResult } from "./scenario.ts";

const DOCKERFILE = "FROM busybox:1.35 AS production\n";

function warnings({ commands }: StepResult): readonly string[] {
  return commands.filter(({ name }) => name === "warning").map(({ message }) => message);
}

describe("a GitHub in trouble", () => {
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
  });

  beforeEach(() => {
    scenario.github.behave();
    scenario.repository().uploads.splice(0);
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("that recovers is not noticed", async () => {
    const { misbehave } = scenario.github;
    misbehave({ operation: "issues/create-comment", with: { kind: "status", status: 502 } });
    const limited = { kind: "secondary rate limit", retryAfter: 1 } as const;
    misbehave({ operation: "code-scanning/upload-sarif", with: limited });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(warnings(step)).toEqual([]);
    expect(scenario.comments()).toHaveLength(1);
    expect(scenario.repository().uploads).toHaveLength(1);
  });

  it("that stays down is told of once a part, and costs neither verdict nor report", async () => {
    scenario.github.misbehave({ times: 1000, with: { kind: "status", status: 503 } });
    const goals = "production: {max-unpacked: 1MB}";
    const step = await scenario.run({ inputs: { goals } });
    expect([step.exitCode, step.outputs.verdict]).toEqual([1, "fail"]);
    expect(warnings(step).toSorted()).toEqual([
      expect.stringMatching(/^No comment on the pull request: GitHub answers 503: /),
      expect.stringMatching(/^SARIF is not uploaded: GitHub answers 503: /),
    ]);
    expect(step.summary).toContain("### ❌ `production`: 3.96 MB unpacked, 2.96 MB over");
    expect(readdirSync(step.outputs.sarif ?? "")).toHaveLength(3);
  });

  it("that cannot process an upload is quoted", async () => {
    scenario.github.processing.failures.push(["rate limit of the day"]);
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(warnings(step)).toEqual([
      expect.stringMatching(/: GitHub could not process it: rate limit of the day\.$/),
    ]);
  });

  it("is not asked at all without a token", async () => {
    const before = scenario.github.exchanges.length;
    const step = await scenario.run({ inputs: { token: "" } });
    expect(step.exitCode, step.log).toBe(0);
    expect(scenario.github.exchanges).toHaveLength(before);
    const notices = step.commands.filter(({ name }) => name === "notice");
    expect(notices.map(({ message }) => message).toSorted()).toEqual([
      "No comment on the pull request: there is no token.",
      expect.stringMatching(/^SARIF is not uploaded: there is no token\. /),
    ]);
  });
});

describe("code scanning's limit of twenty runs", () => {
  it("is kept by as many uploads as it takes", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const files = Object.fromEntries(names.map((name) => [`${name}/Dockerfile`, DOCKERFILE]));
    await using scenario = await Scenario.start({ files });
    const step = await scenario.run({ inputs: { file: "*/Dockerfile" } });
    expect(step.exitCode, step.log).toBe(0);
    const tools = ["buildkit", "hadolint", "trivy"];
    expect(scenario.categories()).toEqual(
      names.flatMap((name) => tools.map((tool) => `weighbridge/${name}/${tool}`)),
    );
    const uploads = scenario.repository().uploads.map(({ outcome }) => outcome);
    expect(uploads).toMatchObject([{ kind: "complete" }, { kind: "complete" }]);
  });
});
