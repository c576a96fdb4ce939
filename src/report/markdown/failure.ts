import { clip } from "../../clip.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { failureOutput } from "../failure-output.ts";
import { formatFew } from "../format.ts";
import { escapeBlock } from "../markdown-escape.ts";
import { failedTogether } from "../obstacles.ts";
import { stageName } from "../sentences.ts";
import { details, stack } from "./blocks.ts";
import { code, lineLink, type Page, sentence } from "./page.ts";

/** No line of output is shown beyond this many characters. */
const LINE_LENGTH = 300;

/** The failed stages that there is room for, of all images, those of the same step together. */
export function failures(page: Page): string {
  return stack(
    page.report.images.flatMap((image) =>
      failedTogether(image.stages).map((stages) => failure(page, image, stages)),
    ),
  );
}

/** Where stages failed to build, what BuildKit says, and what the step wrote that says why. */
function failure(page: Page, image: ReportImage, stages: readonly ReportStage[]): string {
  const [stage] = stages;
  if (stage === undefined || !page.selection.failures.has(stage)) return "";
  const names = formatFew(
    stages.map((each) => code(page, stageName(page.report, each))),
    4,
  );
  const line = stage.failure?.line;
  const where =
    line === undefined
      ? code(page, image.dockerfile)
      : lineLink(page, image, line, `${code(page, image.dockerfile)} line ${line}`);
  const output = failureOutput(stage.failure, { lines: page.detail.outputLines });
  const block = escapeBlock(output.map((text) => clip(text, LINE_LENGTH)));
  const { failures: shown } = page.selection;
  const isFolded = shown.size > MOST_OPEN && stage !== [...shown][0];
  return stack([
    `**${names} failed** at ${where}: ${sentence(page, stage.reason ?? "no reason given")}`,
    ...(output.length === 0 ? [] : [isFolded ? details("What it wrote", block) : block]),
  ]);
}

/** Of more failures than this only the first has its output open: the table of stages comes below. */
const MOST_OPEN = 2;
