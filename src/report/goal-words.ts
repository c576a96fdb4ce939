import type { GoalResult } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";
import { scanCounts } from "./counts.ts";
import {
  formatBytes,
  formatCount,
  formatLimit,
  formatPercentBeside,
  formatPercentLimit,
  plural,
} from "./format.ts";
import { breakingFindings } from "./group-packages.ts";

/** A goal in two parts. */
export interface GoalWords {
  /** What it asks for: `≤ 150 MB`. */
  readonly rule: string;
  /** How far the stage is from it: `12.3 MB over`. Where that is unknown, why: hostile text. */
  readonly standing: string;
}

/** A goal as it is written in a table. */
export function goalWords(goal: GoalResult, stage: ReportStage): GoalWords {
  return { rule: ruleWords(goal), standing: standingWords(goal, stage) };
}

/** The same beside what was found, which has said the rest. */
export function shortGoalWords(goal: GoalResult, stage: ReportStage): GoalWords {
  const words = goalWords(goal, stage);
  if (goal.rule !== "fail-on-severity") return words;
  if (goal.actual === undefined) return { ...words, standing: "not judged" };
  const found = breakingFindings(stage).length;
  const standing = goal.verdict === "fail" ? `${formatCount(found)} found` : "none found";
  return { ...words, standing };
}

/** The goals of a stage that there is not: the only one by what it asks for, several as a number. */
export function unjudgedWords(goals: readonly GoalResult[]): string {
  const [only, ...others] = goals;
  return only === undefined || others.length > 0 ? plural(goals.length, "goal") : ruleWords(only);
}

function ruleWords({ rule, limit, original }: GoalResult): string {
  switch (rule) {
    case "max-unpacked":
      return `≤ ${formatLimit(Number(limit))}`;
    case "max-download":
      return `download ≤ ${formatLimit(Number(limit))}`;
    case "max-wasted":
      return `wasted ≤ ${formatLimit(Number(limit))}`;
    case "max-own-wasted":
      return `wasted ≤ ${formatPercentLimit(Number(limit))} of own`;
    case "min-efficiency":
      return `efficiency ≥ ${formatPercentLimit(Number(limit))}`;
    case "min-reduction":
      return `≥ ${formatPercentLimit(Number(limit))} below ${formatLimit(original ?? 0)}`;
    case "fail-on-severity":
      return noneAtOrAbove(String(limit));
  }
}

/** What may not be found, in the words of the tools: `no HIGH or CRITICAL finding`. */
export function noneAtOrAbove(limit: string): string {
  switch (limit) {
    case "critical":
      return "no CRITICAL finding";
    case "high":
      return "no HIGH or CRITICAL finding";
    case "medium":
      return "no MEDIUM, HIGH or CRITICAL finding";
    case "low":
      return "no finding of LOW or above";
    case "error":
      return "no errors";
    case "warning":
      return "no warnings or errors";
    case "info":
      return "no info, warnings or errors";
    default:
      return "no findings at all";
  }
}

function standingWords(goal: GoalResult, stage: ReportStage): string {
  const { rule, limit, actual, reason } = goal;
  if (actual === undefined) return reason ?? "unknown";
  if (typeof limit === "string") return scanCounts(stage.findings, limit);
  switch (rule) {
    case "max-own-wasted":
    case "min-efficiency":
      return formatPercentBeside(Number(actual), limit);
    case "min-reduction":
      return `${formatPercentBeside(Number(actual), limit)}, ${distanceWords(bytesOver(goal, stage))}`;
    case "max-unpacked":
    case "max-download":
    case "max-wasted":
    case "fail-on-severity":
      return distanceWords(Number(actual) - limit);
  }
}

/** `12.3 MB over` or `1.8 MB left`. */
function distanceWords(bytesOver: number): string {
  return bytesOver > 0 ? `${formatBytes(bytesOver)} over` : `${formatBytes(-bytesOver)} left`;
}

/** Bytes above what a reduction allows, zero or negative where it is met. */
function bytesOver({ limit, original = 0 }: GoalResult, { unpacked = 0 }: ReportStage): number {
  return Math.ceil(unpacked - (original * (100 - Number(limit))) / 100);
}
