import type { ReportImage } from "../../model/report.ts";
import { formatBytes, plural } from "../format.ts";
import { groupAdvice, type SharedAdvice } from "../group-advice.ts";
import { stack, table, unbroken } from "./blocks.ts";
import { code, lineLinks, type Page, sentence, stageNames } from "./page.ts";

/** What to write otherwise, and what that saves. */
export function adviceTable(page: Page, image: ReportImage): string {
  const advice = groupAdvice(image.stages).filter((one) => isWorthIt(page, one));
  const shown = advice.slice(0, page.detail.advice);
  if (shown.length === 0) return "";
  const rows = table(
    [
      { title: "Saves", align: "right" },
      { title: "Stages" },
      { title: "Line", align: "right" },
      { title: "What, and what to write instead" },
    ],
    shown.map((one) => adviceRow(page, image, one)),
  );
  const more = advice.length - shown.length;
  const rest = more > 0 ? `… and ${plural(more, "smaller saving")}.` : "";
  const words = [rest, overlapWords(shown), contextWords(shown, image)];
  const notes = words.filter((sentence) => sentence !== "").join(" ");
  return stack(["**What would make it smaller**", rows, notes]);
}

/** A file can be in the way for two reasons, and be spared only once. */
function overlapWords(shown: readonly SharedAdvice[]): string {
  return shown.length > 1 ? "Each saving by itself; together they can be less." : "";
}

/** Beside advice on what the context should not have. */
function contextWords(shown: readonly SharedAdvice[], { contextBytes }: ReportImage): string {
  const isAsked = shown.some(({ rule }) => rule === "context");
  if (!isAsked || contextBytes === undefined) return "";
  return `${formatBytes(contextBytes)} of the build context were sent to the builder.`;
}

/** Part of a stage that it must save to be told of where all goals are met. */
const LARGE = 0.05;

function isWorthIt({ report, detail }: Page, { bytes, stages }: SharedAdvice): boolean {
  if (detail.isWhole || report.verdict !== "pass") return true;
  return stages.some(({ unpacked = 0 }) => bytes >= LARGE * unpacked);
}

function adviceRow(page: Page, image: ReportImage, advice: SharedAdvice): readonly string[] {
  return [
    unbroken(formatBytes(advice.bytes)),
    stageNames(page, image, advice.stages),
    lineLinks(page, image, advice.lines),
    `${sentence(page, advice.message)}<br>${insteadWords(page, advice)}`,
  ];
}

/** An instruction is there to be copied; else it is a sentence. */
function insteadWords(page: Page, { instead }: SharedAdvice): string {
  return /^[A-Z]+ /.test(instead) ? code(page, instead) : sentence(page, instead);
}
