// What stands in the way of a run, in words that every rendering shares.
import type { GoalResult } from "../model/goal.ts";
import type { Report, ReportImage, ReportStage } from "../model/report.ts";
import { lintCounts } from "./counts.ts";
import { formatBytes, formatBytesApart, formatFew, plural } from "./format.ts";
import { noneAtOrAbove } from "./goal-words.ts";
import { lintFindings } from "./lint-findings.ts";
import { missedWords } from "./missed-words.ts";
import { isMissing, type Obstacle, obstaclesOf } from "./obstacles.ts";
import type { Secret } from "./secrets.ts";

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

/** Whether a stage has no name of its own, and is known by its number. */
export function isUnnamed({ name, index }: Pick<ReportStage, "name" | "index">): boolean {
  return name === String(index);
}

/** A stage in a sentence; of one without a name, its number. */
export function stageWords(report: Report, stage: ReportStage, pen: Pen): string {
  const name = pen.code(stageName(report, stage));
  return isUnnamed(stage) ? `stage ${name}` : name;
}

/**
 * The one sentence that a reader who has no time needs.
 * @param secrets all in the report
 */
export function headline(report: Report, secrets: readonly Secret[], pen: Pen): string {
  return headlineWords(report, secrets, pen).replace(/^stage /, "Stage ");
}

function headlineWords(report: Report, secrets: readonly Secret[], pen: Pen): string {
  const obstacles = obstaclesOf(report);
  const [first, ...others] = obstacles;
  if (first === undefined)
    return `${headlineWithoutObstacles(report, pen)}${secretsWords(secrets)}`;
  const unbuilt = unjudgedGoals(report);
  const rest = unbuilt === 0 ? [] : [`${plural(unbuilt, "goal")} not judged`];
  if (others.length === 0) return [obstacleSentence(report, first, pen), ...rest].join("; ");
  // They come in the order of their weight.
  const kinds = Map.groupBy(obstacles, ({ kind }) => kind);
  const unknown = unbuilt === 0 ? [] : (kinds.get("goals-unknown") ?? []);
  // What could not be judged is one number, whatever the reasons.
  if (unknown.length > 0) kinds.delete("goals-unknown");
  const goals = unbuilt + unknownGoals(unknown.flatMap(stagesOf)).length;
  const parts = [...kinds.values()].map((same) => summaryOf(report, same, pen));
  return [...parts, ...(goals === 0 ? [] : [`${plural(goals, "goal")} not judged`])].join("; ");
}

/** What no goal counts must not stand below a headline that sounds as if all were well. */
function secretsWords(secrets: readonly Secret[]): string {
  if (secrets.length === 0) return "";
  const stages = new Set(secrets.flatMap((secret) => secret.stages)).size;
  return `; secrets in ${plural(secrets.length, "place")} of ${plural(stages, "stage")}`;
}

function stagesOf(obstacle: Obstacle): readonly ReportStage[] {
  return "stages" in obstacle ? obstacle.stages : [];
}

/** Several obstacles of one kind in a few words. */
function summaryOf(report: Report, obstacles: readonly Obstacle[], pen: Pen): string {
  const [first, ...others] = obstacles;
  if (first === undefined) return "";
  if (first.kind === "goal-missed") return missedSummary(report, pen);
  if (others.length === 0) return obstacleSentence(report, first, pen);
  const stages = obstacles.flatMap(stagesOf);
  switch (first.kind) {
    case "stages-failed":
      return `${plural(stages.length, "stage")} failed to build`;
    case "goals-unknown":
      return unknownWords(report, [...new Set(stages)], unknownGoals(stages), pen);
    case "lint-failed":
      return `${plural(obstacles.length, "Dockerfile")} held back by lint`;
    case "lint-unknown":
      return `${plural(obstacles.length, "Dockerfile")} could not be judged by lint`;
  }
}

/** `4 of 7 goals missed in 3 stages`; `2 goals missed in production`. */
function missedSummary(report: Report, pen: Pen): string {
  const stages = wantedStages(report);
  const goals = stages.flatMap((stage) => stage.goals);
  const missed = goals.filter(({ verdict }) => verdict === "fail").length;
  const [only, ...others] = stages.filter((stage) =>
    stage.goals.some(({ verdict }) => verdict === "fail"),
  );
  if (only === undefined || others.length > 0) {
    const where = plural(others.length + 1, "stage");
    return `${missed} of ${plural(goals.length, "goal")} missed in ${where}`;
  }
  // Of how many there are in all, it would sound as if they were this stage's.
  return `${plural(missed, "goal")} missed in ${stageWords(report, only, pen)}`;
}

/** Goals of stages that there are not, because the build failed: theirs, or that of what they need. */
function unjudgedGoals(report: Report): number {
  return wantedStages(report)
    .filter(isMissing)
    .reduce((sum, { goals }) => sum + goals.length, 0);
}

/** The goals of those that the run leaves out do not count. */
function wantedStages({ images }: Report): readonly ReportStage[] {
  return images.flatMap(({ stages }) => stages).filter(({ leftOut }) => leftOut !== true);
}

/** An obstacle in one sentence, without a full stop. */
export function obstacleSentence(report: Report, obstacle: Obstacle, pen: Pen): string {
  const named = (stage: ReportStage): string => stageWords(report, stage, pen);
  switch (obstacle.kind) {
    case "stages-failed": {
      const line = obstacle.stages[0]?.failure?.line;
      const where = line === undefined ? "" : ` at line ${line}`;
      return `${formatFew(obstacle.stages.map(named), 3)} failed to build${where}`;
    }
    case "goal-missed": {
      const { stage, goal, also } = obstacle;
      return `${named(stage)}: ${missedWords(stage, goal, also)}`;
    }
    case "goals-unknown": {
      const { stages, reason } = obstacle;
      const goals = unknownGoals(stages).filter((goal) => (goal.reason ?? "") === reason);
      return unknownWords(report, stages, goals, pen);
    }
    case "lint-failed": {
      const { image, goal } = obstacle;
      const found = lintCounts(lintFindings(image), goal.limit);
      return `${pen.code(image.dockerfile)}: ${found} from lint, goal: ${noneAtOrAbove(goal.limit)}`;
    }
    case "lint-unknown":
      return `${pen.code(obstacle.image.dockerfile)} could not be judged by lint`;
  }
}

/** Of a stage of which other goals were judged it is never said that it could not be judged. */
function unknownWords(
  report: Report,
  stages: readonly ReportStage[],
  unknown: readonly GoalResult[],
  pen: Pen,
): string {
  const [only, ...others] = stages;
  const isOne = only !== undefined && others.length === 0;
  const who = isOne ? stageWords(report, only, pen) : plural(stages.length, "stage");
  const isAll = stages.every((stage) => stage.goals.every((goal) => unknown.includes(goal)));
  const what = isAll ? who : `${plural(unknown.length, "goal")} of ${who}`;
  return `${what} could not be judged`;
}

function unknownGoals(stages: readonly ReportStage[]): readonly GoalResult[] {
  const goals = [...new Set(stages)].flatMap((stage) => stage.goals);
  return goals.filter(({ verdict }) => verdict === "unknown");
}

/** Why something could not be judged; undefined for an obstacle that was. */
export function obstacleReason(obstacle: Obstacle, pen: Pen): string | undefined {
  return "reason" in obstacle ? pen.text(obstacle.reason) : undefined;
}

function headlineWithoutObstacles(report: Report, pen: Pen): string {
  const missing = wantedStages(report).filter(isMissing);
  if (missing.length > 0) {
    const names = missing.map((stage) => stageWords(report, stage, pen));
    return `${formatFew(names, 3)} ${missing.length === 1 ? "was" : "were"} not built`;
  }
  if (report.verdict !== "pass") return "Not everything could be judged";
  const built = report.images.flatMap(({ stages }) =>
    stages.filter((stage) => stage.status === "built"),
  );
  const judged = built.filter((stage) => stage.goals.length > 0);
  const lint = report.images.filter(hasLintGoal).length;
  const goals = judged.reduce((sum, stage) => sum + stage.goals.length, lint);
  if (goals === 0) return unaskedWords(report, built, pen);
  const [only] = judged;
  const size = only?.goals.find((goal) => goal.rule === "max-unpacked");
  if (only === undefined && lint === goals) return metWords(goals, " on lint");
  if (goals > 1 || only === undefined || size === undefined) return metWords(goals);
  return `${stageWords(report, only, pen)} is ${underWords(size)}`;
}

function hasLintGoal({ failOnLint }: ReportImage): boolean {
  return failOnLint !== undefined;
}

/** Where no goals are set, what was weighed is the news. */
function unaskedWords(report: Report, built: readonly ReportStage[], pen: Pen): string {
  const sizes = built.flatMap(({ unpacked }) => (unpacked === undefined ? [] : [unpacked]));
  const [only, ...others] = built;
  if (only === undefined || sizes.length === 0) return `${plural(built.length, "stage")} built`;
  if (others.length > 0) {
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)].map(formatBytes);
    return `${plural(built.length, "stage")}, ${least === most ? least : `${least} to ${most}`} unpacked`;
  }
  const { unpacked = 0, download } = only;
  const name = stageWords(report, only, pen);
  const pull = download === undefined ? "" : `, ${formatBytes(download)} to download`;
  return `${name} is ${formatBytes(unpacked)} unpacked${pull}`;
}

function metWords(goals: number, which = ""): string {
  if (goals === 1) return `The goal${which} is met`;
  return goals === 2 ? `Both goals${which} are met` : `All ${goals} goals${which} are met`;
}

function underWords({ actual, limit }: GoalResult): string {
  const [bytes, most] = [Number(actual), Number(limit)];
  return `${formatBytesApart(bytes, most)} unpacked, ${formatBytes(most - bytes)} under its goal`;
}
