import { isUnreadable } from "../lint/hadolint-report.ts";
import type { Checked, Finding, Lint, LintLevel } from "../model/finding.ts";
import { LINT_LEVELS } from "../model/finding.ts";
import type { LintGoalResult } from "../model/goal.ts";

/**
 * How a Dockerfile stands to `fail-on-lint`. A finding that reaches the limit decides, whatever
 * else was not checked; without one, a linter that could not do its work leaves it unknown.
 */
export function judgeLint(lint: Lint, limit: LintLevel): LintGoalResult {
  const linters = [lint.hadolint, lint.buildkit];
  const worst = worstLevel(linters);
  if (worst !== "none" && LINT_LEVELS.indexOf(worst) <= LINT_LEVELS.indexOf(limit)) {
    return { limit, actual: worst, verdict: "fail" };
  }
  const reason = whyUnknown(linters);
  if (reason !== undefined) return { limit, verdict: "unknown", reason };
  return { limit, actual: worst, verdict: "pass" };
}

function worstLevel(linters: readonly Checked<Finding>[]): LintLevel | "none" {
  const found = new Set<string>();
  for (const linter of linters) {
    if (linter.kind !== "checked") continue;
    for (const finding of linter.findings) found.add(finding.severity);
  }
  return LINT_LEVELS.find((level) => found.has(level)) ?? "none";
}

function whyUnknown(linters: readonly Checked<Finding>[]): string | undefined {
  for (const linter of linters) {
    if (linter.kind === "checked" && linter.findings.some(isUnreadable)) {
      return "hadolint could not read the Dockerfile";
    }
    if (linter.kind === "unavailable") return `${linter.tool} did not run: ${linter.reason}`;
  }
  return linters.every(({ kind }) => kind === "off") ? "lint is switched off" : undefined;
}
