// What stands in the way of a run, in words that every rendering shares.
import type { GoalResult } from "../model/goal.ts";
import type { Report, ReportStage } from "../model/report.ts";
import { lintCounts, scanCounts } from "./counts.ts";
import {
  formatBytes,
  formatBytesBeside,
  formatFew,
  formatLimit,
  formatPercentBeside,
  formatPercentLimit,
  plural,
} from "./format.ts";
import { type Obstacle, obstaclesOf } from "./obstacles.ts";

/** How a rendering writes what is not ours. */
export interface Pen {
  /** A name: of a stage or of a Dockerfile. */
  readonly code: (name: string) => string;
  /** Somebody else's sentence. */
  readonly text: (sentence: string) => string;
}

/** `production`, or `backend/production` where the report has several images. */
export function stageName(report: Report, stage: ReportStage): string {
  return report.images.length > 1 ? `${stage.image}/${stage.name}` : stage.name;
}

/** The one sentence that a reader who has no time needs. */
export function headline(report: Report, pen: Pen): string {
  const [first, ...others] = obstaclesOf(report);
  if (first === undefined) return headlineWithoutObstacles(report, pen);
  const more = others.length === 0 ? "" : `, and ${plural(others.length, "more problem")}`;
  return `${obstacleSentence(report, first, pen)}${more}`;
}

/** An obstacle in one sentence, without a full stop. */
export function obstacleSentence(report: Report, obstacle: Obstacle, pen: Pen): string {
  const named = (stage: ReportStage): string => pen.code(stageName(report, stage));
  switch (obstacle.kind) {
    case "stages-failed": {
      const line = obstacle.stages[0]?.failure?.line;
      const where = line === undefined ? "" : ` at line ${line}`;
      return `${formatFew(obstacle.stages.map(named), 3)} failed to build${where}`;
    }
    case "goal-missed":
      return `${named(obstacle.stage)} ${missedWords(obstacle)}`;
    case "goals-unknown": {
      const [first, ...others] = obstacle.stages;
      const who =
        first === undefined || others.length > 0
          ? plural(obstacle.stages.length, "stage")
          : named(first);
      return `${who} could not be judged`;
    }
    case "lint-failed": {
      const { image, goal } = obstacle;
      const findings = [...image.findings, ...image.stages.flatMap((stage) => stage.findings)];
      return `${pen.code(image.dockerfile)} has ${lintCounts(findings, goal.limit)} from lint`;
    }
    case "lint-unknown":
      return `${pen.code(obstacle.image.dockerfile)} could not be judged by lint`;
  }
}

/** Why something could not be judged; undefined for an obstacle that was. */
export function obstacleReason(obstacle: Obstacle, pen: Pen): string | undefined {
  return "reason" in obstacle ? pen.text(obstacle.reason) : undefined;
}

function missedWords({ stage, goal }: Extract<Obstacle, { kind: "goal-missed" }>): string {
  const { rule, limit } = goal;
  if (typeof limit === "string") return `has ${scanCounts(stage.findings, limit)} findings`;
  const actual = Number(goal.actual);
  switch (rule) {
    case "min-reduction":
      return reductionWords(actual, limit, goal);
    case "min-efficiency":
      return `has an efficiency of ${formatPercentBeside(actual, limit)}, its goal is ${formatPercentLimit(limit)}`;
    case "max-own-wasted":
      return `wastes ${formatPercentBeside(actual, limit)} of its own bytes, its goal is ${formatPercentLimit(limit)}`;
    case "max-wasted":
      return `wastes ${formatBytes(actual - limit)} more than its goal of ${formatLimit(limit)}`;
    case "max-unpacked":
    case "max-download":
    case "fail-on-severity": {
      const which = rule === "max-download" ? "download goal" : "goal";
      return `is ${formatBytes(actual - limit)} over its ${which} of ${formatLimit(limit)}`;
    }
  }
}

function reductionWords(actual: number, limit: number, { original = 0 }: GoalResult): string {
  const from = formatLimit(original);
  const goal = `its goal is ${formatPercentLimit(limit)}`;
  if (actual < 0) return `is ${formatPercentBeside(-actual, limit)} above ${from}, ${goal} below`;
  return `is ${formatPercentBeside(actual, limit)} below ${from}, ${goal}`;
}

function headlineWithoutObstacles(report: Report, pen: Pen): string {
  if (report.verdict !== "pass") return "Not everything could be judged";
  const built = report.images.flatMap(({ stages }) =>
    stages.filter((stage) => stage.status === "built"),
  );
  const judged = built.filter((stage) => stage.goals.length > 0);
  const goals = judged.reduce((sum, stage) => sum + stage.goals.length, 0);
  const [only] = judged;
  if (only === undefined) return `${plural(built.length, "stage")} built`;
  const size = only.goals.find((goal) => goal.rule === "max-unpacked");
  if (judged.length > 1 || size === undefined) return metWords(goals);
  return `${pen.code(stageName(report, only))} is ${underWords(size)}`;
}

function metWords(goals: number): string {
  if (goals === 1) return "The goal is met";
  return goals === 2 ? "Both goals are met" : `All ${goals} goals are met`;
}

function underWords({ actual, limit }: GoalResult): string {
  const [bytes, most] = [Number(actual), Number(limit)];
  return `${formatBytesBeside(bytes, most)}, ${formatBytes(most - bytes)} under its goal`;
}
