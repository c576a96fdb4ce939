import { describe, expect, it } from "vitest";
import { judgeLint } from "../../src/judge/judge-lint.ts";
import type { Checked, Finding } from "../../src/model/finding.ts";
import { makeLintFinding } from "../make.ts";

const nothing: Checked<Finding> = { kind: "checked", findings: [] };
const broken: Checked<Finding> = {
  kind: "unavailable",
  tool: "hadolint",
  reason: "its binary has another checksum",
};

function found(...levels: readonly ("error" | "warning" | "info" | "style")[]): Checked<Finding> {
  return {
    kind: "checked",
    findings: levels.map((severity) => makeLintFinding({ severity })),
  };
}

describe("judgeLint", () => {
  it("fails on a finding of exactly the limit", () => {
    expect(judgeLint({ hadolint: found("warning"), buildkit: nothing }, "warning")).toEqual({
      limit: "warning",
      actual: "warning",
      verdict: "fail",
    });
  });

  it("passes where everything found is milder, and names the worst of it", () => {
    expect(judgeLint({ hadolint: found("style", "info"), buildkit: nothing }, "warning")).toEqual({
      limit: "warning",
      actual: "info",
      verdict: "pass",
    });
  });

  it("passes where nothing was found", () => {
    expect(judgeLint({ hadolint: nothing, buildkit: nothing }, "style")).toMatchObject({
      actual: "none",
      verdict: "pass",
    });
  });

  it("looks at both linters", () => {
    expect(judgeLint({ hadolint: nothing, buildkit: found("error") }, "error").verdict).toBe(
      "fail",
    );
  });

  it("is unknown where a linter did not run", () => {
    expect(judgeLint({ hadolint: broken, buildkit: nothing }, "error")).toEqual({
      limit: "error",
      verdict: "unknown",
      reason: "hadolint did not run: its binary has another checksum",
    });
  });

  it("is unknown where Hadolint could not read the Dockerfile, and says so mildly", () => {
    const finding = makeLintFinding({ rule: "DL1000", severity: "info" });
    const hadolint: Checked<Finding> = { kind: "checked", findings: [finding] };
    expect(judgeLint({ hadolint, buildkit: nothing }, "error")).toEqual({
      limit: "error",
      verdict: "unknown",
      reason: "hadolint could not read the Dockerfile",
    });
  });

  it("fails on what one linter found though the other did not run", () => {
    expect(judgeLint({ hadolint: broken, buildkit: found("error") }, "error").verdict).toBe("fail");
  });

  it("judges by one linter where only the other is switched off", () => {
    expect(judgeLint({ hadolint: nothing, buildkit: { kind: "off" } }, "error").verdict).toBe(
      "pass",
    );
  });

  it("is unknown where lint is switched off altogether", () => {
    expect(judgeLint({ hadolint: { kind: "off" }, buildkit: { kind: "off" } }, "error")).toEqual({
      limit: "error",
      verdict: "unknown",
      reason: "lint is switched off",
    });
  });
});
