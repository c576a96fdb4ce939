import type { ReportImage, ReportStage } from "../../model.ts";
import { escapeBlock } from "../markdown-escape.ts";
import { stageName } from "../sentences.ts";
import { clip } from "../visible.ts";
import { stack } from "./blocks.ts";
import { code, lineLink, type Page, sentence } from "./page.ts";

/** No line of output is shown beyond this many characters. */
const LINE_LENGTH = 300;

/** The failed stages of an image that there is room for. */
export function failures(page: Page, image: ReportImage): string {
  const failed = image.stages.filter((stage) => page.selection.failures.has(stage));
  return stack(failed.map((stage) => failure(page, image, stage)));
}

/** Where a stage failed to build, what BuildKit says, and the end of what the step wrote. */
function failure(page: Page, image: ReportImage, stage: ReportStage): string {
  const name = code(page, stageName(page.report, stage));
  const line = stage.failure?.line;
  const where =
    line === undefined
      ? code(page, image.dockerfile)
      : lineLink(page, image, line, `${code(page, image.dockerfile)} line ${line}`);
  const output = (stage.failure?.output ?? []).slice(-page.detail.outputLines);
  return stack([
    `**${name} failed** at ${where}: ${sentence(page, stage.reason ?? "no reason given")}`,
    output.length === 0 ? "" : escapeBlock(output.map((text) => clip(text, LINE_LENGTH))),
  ]);
}
