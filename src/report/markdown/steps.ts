import type { BuildStep } from "../../model/build.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { formatSeconds, plural } from "../format.ts";
import { details, table } from "./blocks.ts";
import { code, lineLink, type Page } from "./page.ts";

/** What each step of the stages of an image took. */
export function stepDetails(page: Page, image: ReportImage): string {
  const rows = image.stages
    .filter((stage) => page.selection.rows.has(stage))
    .flatMap((stage) =>
      stage.steps.slice(0, page.detail.steps).map((step) => stepRow(page, image, stage, step)),
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

function stepRow(
  page: Page,
  image: ReportImage,
  stage: ReportStage,
  { line, seconds, cached }: BuildStep,
): readonly string[] {
  const instruction = stage.layers.find((layer) => layer.line === line)?.instruction;
  return [
    code(page, stage.name),
    lineLink(page, image, line, String(line)),
    cached ? "cached" : formatSeconds(seconds),
    instruction === undefined ? "" : code(page, instruction),
  ];
}
