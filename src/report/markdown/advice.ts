import type { ReportImage, ReportStage } from "../../model/report.ts";
import { enoughWords, togetherWords, unadvisedWords } from "../advice-goals.ts";
import { contextSentence, isInstruction } from "../advice-words.ts";
import { formatBytes, formatCount } from "../format.ts";
import { groupAdvice, type SharedAdvice } from "../group-advice.ts";
import { escapeCode, escapeSentence } from "../markdown-escape.ts";
import { shortLine } from "../visible.ts";
import { stack, table, unbroken } from "./blocks.ts";
import { code, lineLinks, type Page, stageNames } from "./page.ts";

/** What to write otherwise, and what that saves. */
export function adviceTable(page: Page, image: ReportImage): string {
  const advice = groupAdvice(image.stages).filter((one) => isWorthIt(page, one));
  const shown = advice.slice(0, page.detail.advice);
  const named = (stage: ReportStage) => code(page, stage.name);
  const unadvised = unadvisedWords(image.stages, named);
  if (shown.length === 0) return page.detail.advice === 0 ? "" : unadvised;
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
  const rest = more > 0 ? `… and ${formatCount(more)} more.` : "";
  const words = [
    rest,
    overlapWords(shown),
    togetherWords(image.stages, named),
    unadvised,
    contextSentence(shown, image),
  ];
  const notes = words.filter((sentence) => sentence !== "").join(" ");
  return stack(["**What would make it smaller**", rows, notes]);
}

/** A file can be in the way for two reasons, and be spared only once. */
function overlapWords(shown: readonly SharedAdvice[]): string {
  return shown.length > 1 ? "Each saving by itself; together they can be less." : "";
}

/** Part of a stage that it must save to be told of where all goals are met. */
const LARGE = 0.05;

function isWorthIt({ report, detail }: Page, { bytes, stages }: SharedAdvice): boolean {
  if (detail.isWhole || report.verdict !== "pass") return true;
  return stages.some(({ unpacked = 0 }) => bytes >= LARGE * unpacked);
}

function adviceRow(page: Page, image: ReportImage, advice: SharedAdvice): readonly string[] {
  const enough = enoughWords(advice.enoughFor, (stage) => code(page, stage.name));
  const words = [escapeSentence(shortened(page, advice.message)), insteadWords(page, advice)];
  return [
    unbroken(formatBytes(advice.bytes)),
    stageNames(page, image, advice.stages),
    lineLinks(page, image, advice.lines),
    [...words, ...(enough === "" ? [] : [`**${enough}**`])].join("<br>"),
  ];
}

function insteadWords(page: Page, advice: SharedAdvice): string {
  const instead = shortened(page, advice.instead);
  return isInstruction(advice) ? escapeCode(instead) : escapeSentence(instead);
}

/** Several sentences, or an instruction that is there to be copied. */
function shortened({ detail }: Page, text: string): string {
  return shortLine(text, 3 * detail.text);
}
