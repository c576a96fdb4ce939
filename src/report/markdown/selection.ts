import type { Report, ReportImage, ReportStage } from "../../model/report.ts";
import { byFarthestMiss } from "../miss-order.ts";
import { failedTogether, isTooBig } from "../obstacles.ts";
import type { Detail } from "./detail.ts";

/** Which stages a page has room for, and in what depth. */
export interface Selection {
  /** Those with a row in the table, in its order. */
  readonly rows: ReadonlySet<ReportStage>;
  /** Failed ones whose output is shown: of those that the same step has failed, the first. */
  readonly failures: ReadonlySet<ReportStage>;
  /** Those beyond a goal on size, of which the biggest is shown at once. */
  readonly reasons: ReadonlySet<ReportStage>;
  /** Those of which the biggest is shown when it is asked for. */
  readonly biggest: ReadonlySet<ReportStage>;
}

/** The most pressing stages of a report: failed, skipped for that, beyond their goals, not judged, with goals. */
export function selectStages(report: Report, detail: Detail): Selection {
  const stages = report.images
    .flatMap((image) => image.stages)
    .filter((stage) => stage.leftOut !== true)
    .toSorted((one, other) => pressure(other) - pressure(one) || byFarthestMiss(one, other));
  const beyond = stages.filter(isTooBig);
  const last = new Set(report.images.map((image) => image.stages.at(-1)));
  const built = stages
    .filter((stage) => stage.layers.length > 0 && !isTooBig(stage))
    // What a build without a target makes is what is shipped.
    .toSorted((one, other) => {
      return pressure(other) - pressure(one) || Number(last.has(other)) - Number(last.has(one));
    });
  const failed = failedTogether(stages).flatMap((group) => group.slice(0, 1));
  return {
    rows: new Set(stages.slice(0, detail.stages)),
    failures: new Set(failed.slice(0, detail.failures)),
    reasons: new Set(beyond.slice(0, detail.reasons)),
    biggest: new Set([...beyond.slice(detail.reasons), ...built].slice(0, detail.biggest)),
  };
}

/** Whether anything about an image keeps the run from passing. */
export function isPressing(image: ReportImage): boolean {
  return isLintPressing(image) || image.stages.some(isPressingStage);
}

/** Whether what the linters say of an image keeps the run from passing. */
export function isLintPressing({ failOnLint }: ReportImage): boolean {
  return failOnLint !== undefined && failOnLint.verdict !== "pass";
}

/** Whether a stage keeps the run from passing. */
export function isPressingStage(stage: ReportStage): boolean {
  return pressure(stage) > 1;
}

function pressure({ status, leftOut, goals }: ReportStage): number {
  if (leftOut === true) return 0;
  if (status === "failed") return 5;
  if (status === "skipped") return 4;
  if (goals.some((goal) => goal.verdict === "fail")) return 3;
  if (goals.some((goal) => goal.verdict === "unknown")) return 2;
  return goals.length > 0 ? 1 : 0;
}
