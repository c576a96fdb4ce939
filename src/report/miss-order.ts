import { type Finding, SEVERITIES } from "../model/finding.ts";
import type { GoalResult, Verdict } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";
import { bytesAllowed } from "./binding-goals.ts";
import { breakingFindings } from "./group-packages.ts";

/** A goal that a stage misses. */
export interface Miss {
  readonly stage: ReportStage;
  readonly goal: GoalResult;
}

/**
 * Sorts misses by how far they are from the goal, in parts of what it allows, the farthest first. Goals
 * on severity have no distance: they come last, those with the gravest findings first.
 */
export function byDistance(one: Miss, other: Miss): number {
  const [near, far] = [relativeMiss(one), relativeMiss(other)];
  if (near !== far) return near < far ? 1 : -1;
  const found = countsOf(one);
  const others = countsOf(other);
  const differing = found.findIndex((count, at) => count !== others[at]);
  return differing === -1 ? 0 : (others[differing] ?? 0) - (found[differing] ?? 0);
}

/** Sorts stages by the farthest of their misses; those without one keep their order, at the end. */
export function byFarthestMiss(one: ReportStage, other: ReportStage): number {
  const [near, far] = [farthestMiss(one), farthestMiss(other)];
  if (near === undefined || far === undefined)
    return Number(near === undefined) - Number(far === undefined);
  return byDistance(near, far);
}

/** The goals of a stage as they are shown: missed ones by distance, those not judged, those met. */
export function goalsInOrder(stage: ReportStage): readonly GoalResult[] {
  const ofVerdict = (verdict: Verdict) => stage.goals.filter((goal) => goal.verdict === verdict);
  const missed = ofVerdict("fail").map((goal) => ({ stage, goal }));
  const byMiss = missed.toSorted(byDistance).map(({ goal }) => goal);
  return [...byMiss, ...ofVerdict("unknown"), ...ofVerdict("pass")];
}

function farthestMiss(stage: ReportStage): Miss | undefined {
  const missed = stage.goals.filter(({ verdict }) => verdict === "fail");
  return missed.map((goal) => ({ stage, goal })).toSorted(byDistance)[0];
}

/** 0.5 of what weighs half as much again as it may; 0 of what has no distance. */
function relativeMiss({ stage, goal }: Miss): number {
  const { rule, limit, actual } = goal;
  if (typeof limit === "string") return 0;
  switch (rule) {
    case "min-reduction":
      return excess(stage.unpacked ?? 0, bytesAllowed(goal) ?? 0);
    case "min-efficiency":
      return (limit - Number(actual)) / limit;
    case "max-unpacked":
    case "max-download":
    case "max-wasted":
    case "max-own-wasted":
    case "fail-on-severity":
      return excess(Number(actual), limit);
  }
}

function excess(actual: number, limit: number): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : actual / limit - 1;
}

/** How many findings of each severity break the goal of a stage, the gravest first. */
function countsOf({ stage, goal }: Miss): readonly number[] {
  if (goal.rule !== "fail-on-severity") return [];
  const findings: readonly Finding[] = breakingFindings(stage);
  return SEVERITIES.map((word) => findings.filter(({ severity }) => severity === word).length);
}
