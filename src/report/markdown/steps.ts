import type { ReportImage, ReportStage, ReportStep } from "../../model/report.ts";
import { formatSeconds, plural } from "../format.ts";
import { details, table } from "./blocks.ts";
import { code, lineLink, type Page } from "./page.ts";

/** Seconds that are written as 0. */
const SHORT = 0.05;

/** What each step of the stages of an image took. */
export function stepDetails(page: Page, image: ReportImage): string {
  const rows = image.stages
    .filter((stage) => page.selection.rows.has(stage))
    .flatMap((stage) =>
      stepsOf(stage)
        .slice(0, page.detail.steps)
        .map((step) => stepRow(page, image, stage, step)),
    );
  const steps = table(
    [
      { title: "Stage" },
      { title: "Line", align: "right" },
      { title: "Time", align: "right" },
      { title: "Instruction" },
    ],
    rows,
  );
  return details(plural(rows.length, "build step"), steps);
}

/** A step of a stage; of the one that failed its time is not always known. */
interface ShownStep extends Partial<ReportStep> {
  readonly line: number;
  readonly hasFailed: boolean;
}

/** The steps of a stage, the one that failed last. */
function stepsOf({ steps, failure }: ReportStage): readonly ShownStep[] {
  const failed = failure?.line;
  const shown = steps.map((step) => ({ ...step, hasFailed: step.line === failed }));
  if (failed === undefined || shown.some(({ hasFailed }) => hasFailed)) return shown;
  const { instruction } = failure ?? {};
  return [...shown, { line: failed, hasFailed: true, ...(instruction && { instruction }) }];
}

function stepRow(
  page: Page,
  image: ReportImage,
  stage: ReportStage,
  { line, hasFailed, seconds, cached, instruction }: ShownStep,
): readonly string[] {
  const time = cached === true ? "cached" : seconds === undefined ? "" : formatSeconds(seconds);
  return [
    code(page, stage.name),
    lineLink(page, image, line, String(line)),
    hasFailed
      ? `**failed**${seconds === undefined || seconds < SHORT ? "" : ` after ${time}`}`
      : time,
    instruction === undefined ? "" : code(page, instruction),
  ];
}
