import type { Checked, ImageFinding, Severity } from "../model/finding.ts";
import { SEVERITIES } from "../model/finding.ts";
import type { Goal, GoalResult } from "../model/goal.ts";
import type { StageImage } from "../model/image.ts";
import type { MeasuredStage } from "../model/measurement.ts";

/** Percentages are computed, kept and judged as whole millionths of a percent. */
const MILLIONTHS = 1_000_000;

/** How a stage stands to one of its goals. Unknown, with the reason, where nothing was measured. */
export function judgeGoal(goal: Goal, measured: MeasuredStage): GoalResult {
  switch (goal.rule) {
    case "max-unpacked":
    case "max-download":
    case "max-wasted":
      return judgeSize(goal, measured);
    case "max-own-wasted":
    case "min-efficiency":
      return judgeShare(goal, measured);
    case "min-reduction":
      return judgeReduction(goal, measured);
    case "fail-on-severity":
      return judgeSeverity(goal, measured);
  }
}

function judgeSize(goal: Extract<Goal, { rule: SizeRule }>, measured: MeasuredStage): GoalResult {
  const { rule, limit } = goal;
  if (measured.image === undefined) {
    return { rule, limit, verdict: "unknown", reason: whyNoImage(measured) };
  }
  const actual = sizeOf(measured.image, rule);
  if (actual === undefined) {
    return { rule, limit, verdict: "unknown", reason: whyNoDownload(measured.image) };
  }
  return { rule, limit, actual, verdict: actual <= limit ? "pass" : "fail" };
}

type SizeRule = "max-unpacked" | "max-download" | "max-wasted";

function sizeOf(image: StageImage, rule: SizeRule): number | undefined {
  switch (rule) {
    case "max-unpacked":
      return image.unpacked;
    case "max-download":
      return image.download;
    case "max-wasted":
      return image.wasted;
  }
}

function judgeShare(
  goal: Extract<Goal, { rule: "max-own-wasted" | "min-efficiency" }>,
  measured: MeasuredStage,
): GoalResult {
  const { rule, limit } = goal;
  const { image } = measured;
  if (image === undefined) {
    return { rule, limit, verdict: "unknown", reason: whyNoImage(measured) };
  }
  if (rule === "min-efficiency") {
    const actual = image.unpacked === 0 ? 100 : percentDown(image.live, image.unpacked);
    return { rule, limit, actual, verdict: actual >= limit ? "pass" : "fail" };
  }
  const actual = image.own.unpacked === 0 ? 0 : percentUp(ownWasted(image), image.own.unpacked);
  return { rule, limit, actual, verdict: actual <= limit ? "pass" : "fail" };
}

/** Bytes that own layers made dead, whoever brought them. */
function ownWasted({ waste, layers }: StageImage): number {
  const own = waste.filter(({ killedBy }) => layers[killedBy.layer]?.origin === "own");
  return own.reduce((total, { bytes }) => total + bytes, 0);
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
  const actual = percentDown(original - measured.image.unpacked, original);
  return { rule, limit, actual, original, verdict: actual >= limit ? "pass" : "fail" };
}

/**
 * What percentage a part is of a whole, in whole numbers and rounded down to millionths, below zero
 * too: what is short by one byte never becomes enough.
 */
function percentDown(part: number, whole: number): number {
  const scaled = BigInt(part) * BigInt(100 * MILLIONTHS);
  const divisor = BigInt(whole);
  const quotient = scaled / divisor;
  const floor = scaled < 0n && quotient * divisor !== scaled ? quotient - 1n : quotient;
  return Number(floor) / MILLIONTHS;
}

/** The same, rounded up: what is over by one byte never becomes little enough. */
function percentUp(part: number, whole: number): number {
  const percent = -percentDown(-part, whole);
  // Never minus zero.
  return percent === 0 ? 0 : percent;
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

function whyNoDownload({ downloadUnknown }: StageImage): string {
  return `how much is downloaded is not known: ${downloadUnknown}`;
}

function whyNoScan(scan: Exclude<Checked<ImageFinding>, { kind: "checked" }>): string {
  if (scan.kind === "off") return "the scan is switched off";
  return `it was not scanned: ${scan.reason}`;
}
