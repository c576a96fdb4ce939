import type { GoalResult, LintGoalResult, Report, ReportImage, ReportStage } from "../model.ts";

/** One thing that keeps a run from passing. */
export type Obstacle =
  | { readonly kind: "stage-failed"; readonly stage: ReportStage }
  | { readonly kind: "goal-missed"; readonly stage: ReportStage; readonly goal: GoalResult }
  | { readonly kind: "lint-failed"; readonly image: ReportImage; readonly goal: LintGoalResult }
  | { readonly kind: "goal-unknown"; readonly stage: ReportStage; readonly goal: GoalResult }
  | { readonly kind: "lint-unknown"; readonly image: ReportImage; readonly goal: LintGoalResult };

const ORDER: readonly Obstacle["kind"][] = [
  "stage-failed",
  "goal-missed",
  "lint-failed",
  "goal-unknown",
  "lint-unknown",
];

/**
 * What keeps a run from passing, the gravest first, else in the order of the report. The goals of a
 * stage that failed or was left out are not repeated: that it is not there says it.
 */
export function obstaclesOf(report: Report): readonly Obstacle[] {
  const found = report.images.flatMap((image) => [
    ...image.stages.flatMap(obstaclesOfStage),
    ...obstaclesOfLint(image),
  ]);
  return ORDER.flatMap((kind) => found.filter((obstacle) => obstacle.kind === kind));
}

function obstaclesOfStage(stage: ReportStage): readonly Obstacle[] {
  if (stage.status === "failed") return [{ kind: "stage-failed", stage }];
  if (stage.status === "skipped") return [];
  return stage.goals.flatMap((goal): readonly Obstacle[] => {
    if (goal.verdict === "pass") return [];
    return [{ kind: goal.verdict === "fail" ? "goal-missed" : "goal-unknown", stage, goal }];
  });
}

function obstaclesOfLint(image: ReportImage): readonly Obstacle[] {
  const goal = image.failOnLint;
  if (goal === undefined || goal.verdict === "pass") return [];
  return [{ kind: goal.verdict === "fail" ? "lint-failed" : "lint-unknown", image, goal }];
}
