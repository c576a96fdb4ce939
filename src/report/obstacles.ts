import type { GoalResult, LintGoalResult } from "../model/goal.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { bindingGoals } from "./binding-goals.ts";
import { byDistance } from "./miss-order.ts";

/** One thing that keeps a run from passing. */
export type Obstacle =
  /** Stages that the same step has failed. */
  | { readonly kind: "stages-failed"; readonly stages: readonly ReportStage[] }
  /** Goals that one change meets or misses together are one: the one that asks for most is named. */
  | MissedGoal
  | { readonly kind: "lint-failed"; readonly image: ReportImage; readonly goal: LintGoalResult }
  /** Stages with goals that could not be judged, all for the same reason. */
  | {
      readonly kind: "goals-unknown";
      readonly stages: readonly ReportStage[];
      readonly reason: string;
    }
  | { readonly kind: "lint-unknown"; readonly image: ReportImage; readonly reason: string };

interface MissedGoal {
  readonly kind: "goal-missed";
  readonly stage: ReportStage;
  readonly goal: GoalResult;
  readonly also: readonly GoalResult[];
}

/**
 * What keeps a run from passing, the gravest first, missed goals by their distance, else in the order
 * of the report. The goals of a
 * stage that failed or was left out are not repeated: that it is not there says it.
 */
export function obstaclesOf(report: Report): readonly Obstacle[] {
  const stages = report.images.flatMap((image) => image.stages);
  return [
    ...failedTogether(stages).map((failed) => ({ kind: "stages-failed", stages: failed }) as const),
    ...stages.flatMap(missedGoalsOf).toSorted(byDistance),
    ...report.images.flatMap(failedLintOf),
    ...unknownGoals(stages),
    ...report.images.flatMap(unknownLintOf),
  ];
}

function missedGoalsOf(stage: ReportStage): readonly MissedGoal[] {
  const missed = stage.goals.filter((goal) => goal.verdict === "fail");
  return bindingGoals(missed).map(({ goal, also }) => ({ kind: "goal-missed", stage, goal, also }));
}

function failedLintOf(image: ReportImage): readonly Obstacle[] {
  const goal = image.failOnLint;
  return goal?.verdict === "fail" ? [{ kind: "lint-failed", image, goal }] : [];
}

function unknownGoals(stages: readonly ReportStage[]): readonly Obstacle[] {
  const byReason = new Map<string, Set<ReportStage>>();
  for (const stage of stages.filter(({ status }) => status === "built")) {
    for (const goal of stage.goals.filter(({ verdict }) => verdict === "unknown")) {
      const reason = goal.reason ?? "";
      byReason.set(reason, (byReason.get(reason) ?? new Set()).add(stage));
    }
  }
  return [...byReason].map(([reason, unknown]) => ({
    kind: "goals-unknown",
    stages: [...unknown],
    reason,
  }));
}

function unknownLintOf(image: ReportImage): readonly Obstacle[] {
  const goal = image.failOnLint;
  if (goal?.verdict !== "unknown") return [];
  return [{ kind: "lint-unknown", image, reason: goal.reason ?? "" }];
}

/**
 * The failed ones among stages, those together that the same step has failed: a stage takes all that
 * are built on it with it.
 */
export function failedTogether(
  stages: readonly ReportStage[],
): readonly (readonly ReportStage[])[] {
  const failed = stages.filter(({ status }) => status === "failed");
  const causes = Map.groupBy(failed, ({ image, failure, line, reason }) =>
    JSON.stringify([image, failure?.line ?? line, reason]),
  );
  return [...causes.values()];
}

/** Whether a stage misses a goal on its size: then it matters what is biggest in it. */
export function isTooBig({ goals }: ReportStage): boolean {
  return goals.some((goal) => goal.verdict === "fail" && goal.rule !== "fail-on-severity");
}

/** Whether a stage that was asked for is not there: it failed, or something that it needs did. */
export function isMissing({ status, leftOut }: ReportStage): boolean {
  return status !== "built" && leftOut !== true;
}
