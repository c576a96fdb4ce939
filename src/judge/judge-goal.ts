import type { Checked, ImageFinding, Severity } from "../model/finding.ts";
import { SEVERITIES } from "../model/finding.ts";
import type { Goal, GoalResult } from "../model/goal.ts";
import type { MeasuredStage } from "../model/measurement.ts";

/** Percentages are computed, kept and judged as whole millionths of a percent. */
const MILLIONTHS = 1_000_000;

/** How a stage stands to one of its goals. Unknown, with the reason, where nothing was measured. */
export function judgeGoal(goal: Goal, measured: MeasuredStage): GoalResult {
  switch (goal.rule) {
    case "max-unpacked":
    case "max-download":
      return judgeSize(goal, measured);
    case "min-reduction":
      return judgeReduction(goal, measured);
    case "fail-on-severity":
      return judgeSeverity(goal, measured);
  }
}

function judgeSize(
  goal: Extract<Goal, { rule: "max-unpacked" | "max-download" }>,
  measured: MeasuredStage,
): GoalResult {
  const { rule, limit } = goal;
  if (measured.image === undefined) {
    return { rule, limit, verdict: "unknown", reason: whyNoImage(measured) };
  }
  const actual = rule === "max-unpacked" ? measured.image.unpacked : measured.image.download;
  return { rule, limit, actual, verdict: actual <= limit ? "pass" : "fail" };
}

function judgeReduction(
  goal: Extract<Goal, { rule: "min-reduction" }>,
  measured: MeasuredStage,
): GoalResult {
  const { rule, limit, original } = goal;
  if (measured.image === undefined) {
    return { rule, limit, original, verdict: "unknown", reason: whyNoImage(measured) };
  }
  if (original <= 0) {
    return { rule, limit, original, verdict: "unknown", reason: "the original is zero bytes" };
  }
  const actual = percentBelow(measured.image.unpacked, original);
  return { rule, limit, actual, original, verdict: actual >= limit ? "pass" : "fail" };
}

/**
 * Percent that `bytes` is below `original`, negative where it is above. Rounded down to millionths,
 * in whole numbers: a reduction that is short by one byte never becomes one that is not.
 */
function percentBelow(bytes: number, original: number): number {
  const scaled = BigInt(original - bytes) * BigInt(100 * MILLIONTHS);
  const divisor = BigInt(original);
  const quotient = scaled / divisor;
  const floor = scaled < 0n && quotient * divisor !== scaled ? quotient - 1n : quotient;
  return Number(floor) / MILLIONTHS;
}

function judgeSeverity(
  goal: Extract<Goal, { rule: "fail-on-severity" }>,
  measured: MeasuredStage,
): GoalResult {
  const { rule, limit } = goal;
  if (measured.image === undefined) {
    return { rule, limit, verdict: "unknown", reason: whyNoImage(measured) };
  }
  if (measured.scan.kind !== "checked") {
    return { rule, limit, verdict: "unknown", reason: whyNoScan(measured.scan) };
  }
  const actual = worstSeverity(measured.scan.findings);
  const missed = actual !== "none" && isAtLeast(actual, limit);
  return { rule, limit, actual, verdict: missed ? "fail" : "pass" };
}

/** Whether `severity` is as bad as `limit`, or worse. */
export function isAtLeast(severity: Severity, limit: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(limit);
}

function worstSeverity(findings: readonly ImageFinding[]): Severity | "none" {
  const found = new Set<string>(findings.map((finding) => finding.severity));
  return SEVERITIES.find((severity) => found.has(severity)) ?? "none";
}

function whyNoImage({ build }: MeasuredStage): string {
  switch (build.kind) {
    case "built":
      return "its image could not be read";
    case "failed":
      return "it failed to build";
    case "skipped":
      return `it was not built: ${build.reason}`;
  }
}

function whyNoScan(scan: Exclude<Checked<ImageFinding>, { kind: "checked" }>): string {
  if (scan.kind === "off") return "the scan is switched off";
  return `it was not scanned: ${scan.reason}`;
}
