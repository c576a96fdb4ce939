import type { GoalResult } from "../../model/goal.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { bindingGoals } from "../binding-goals.ts";
import { isOfScan, scanCounts } from "../counts.ts";
import { formatBytes, plural } from "../format.ts";
import { type GoalWords, shortGoalWords, unjudgedWords } from "../goal-words.ts";
import { breakingFindings } from "../group-packages.ts";
import { goalsInOrder } from "../miss-order.ts";
import { isSecret } from "../remedy.ts";
import { scanWords } from "../scan-words.ts";
import { stageName } from "../sentences.ts";
import { isAtLeast } from "../severity-order.ts";
import { buildWords, sizeWords } from "../stage-words.ts";
import { type Column, stack, table, unbroken } from "./blocks.ts";
import { code, type Page, sentence } from "./page.ts";
import { isPressingStage } from "./selection.ts";
import { leftOutStages, skippedStages, stageGaps } from "./stage-remarks.ts";

/** A column and what stands in it. */
interface StageColumn extends Column {
  readonly cell: (stage: ReportStage) => string;
}

/** The stages of an image that are shown, one row each, and a sentence on those left out. */
export function stageTable(page: Page, image: ReportImage): string {
  const wanted = image.stages.filter(({ leftOut }) => leftOut !== true);
  const shown = wanted.filter((stage) => page.selection.rows.has(stage));
  return stack([
    rowsOf(page, image.stages, ({ name }) => name),
    moreStages(wanted.length - shown.length),
    ...stageGaps(page, wanted),
    skippedStages(page, image.stages),
    leftOutStages(page, image.stages),
  ]);
}

/** The stages of several images in one table. */
export function stageTableOf(page: Page, images: readonly ReportImage[]): string {
  const stages = images.flatMap((image) => image.stages);
  return stack([
    rowsOf(page, stages, (stage) => stageName(page.report, stage)),
    ...stageGaps(page, stages),
  ]);
}

/** The stages of several images that keep the run from passing, in one table. */
export function pressingTableOf(page: Page, images: readonly ReportImage[]): string {
  const stages = images.flatMap((image) => image.stages).filter(isPressingStage);
  return rowsOf(page, stages, (stage) => stageName(page.report, stage));
}

/** What is most pressing comes first. */
function rowsOf(
  page: Page,
  stages: readonly ReportStage[],
  nameOf: (stage: ReportStage) => string,
): string {
  const own = new Set(stages);
  const columns = columnsOf(page, stages, nameOf);
  const rows = [...page.selection.rows].filter((stage) => own.has(stage));
  return table(
    columns,
    rows.map((stage) => columns.map(({ cell }) => cell(stage))),
  );
}

function columnsOf(
  page: Page,
  stages: readonly ReportStage[],
  nameOf: (stage: ReportStage) => string,
): readonly StageColumn[] {
  const has = (test: (stage: ReportStage) => boolean): boolean => stages.some(test);
  const isScanned = has(({ scan }) => scan.status !== "off");
  return [
    { title: "Stage", cell: (stage) => `${markOf(stage)}${code(page, nameOf(stage))}` },
    { title: "Unpacked", align: "right", cell: unpackedCell },
    ...(has(isWeighed) ? [{ title: "Download", align: "right", cell: downloadCell } as const] : []),
    ...(page.detail.isWhole
      ? [{ title: unbroken("Own + base"), align: "right", cell: sharesCell } as const]
      : []),
    ...(has(({ goals }) => goals.length > 0)
      ? [{ title: "Goal", cell: (stage: ReportStage) => goalsCell(page, stage) }]
      : []),
    ...(isScanned ? [{ title: "Scan", cell: (stage: ReportStage) => scanCell(page, stage) }] : []),
    ...(page.detail.steps > 0
      ? [{ title: "Build", align: "right", cell: buildCell } as const]
      : []),
  ];
}

/** A mark only where something is to be done: a column of green ticks says nothing. */
function markOf({ status, goals }: ReportStage): string {
  if (status === "failed" || goals.some(({ verdict }) => verdict === "fail")) return "❌\u00A0";
  return goals.some(({ verdict }) => verdict === "unknown") ? "❔\u00A0" : "";
}

function unpackedCell(stage: ReportStage): string {
  switch (stage.status) {
    case "failed":
      return "**failed**";
    case "skipped":
      return "skipped";
    case "built":
      return unbroken(sizeWords(stage, "unpacked"));
  }
}

function isWeighed({ unpacked }: ReportStage): boolean {
  return unpacked !== undefined;
}

function downloadCell(stage: ReportStage): string {
  return unbroken(sizeWords(stage, "download"));
}

/** `33.9 + 133.2 MB`: the unit once where it is the same. */
function sharesCell({ own, base }: ReportStage): string {
  if (own === undefined || base === undefined) return "";
  const [amount = "", unit = ""] = formatBytes(own.unpacked).split(" ");
  const other = formatBytes(base.unpacked);
  const sum = other.endsWith(` ${unit}`) ? `${amount} + ${other}` : `${amount} ${unit} + ${other}`;
  return unbroken(sum);
}

function buildCell(stage: ReportStage): string {
  return stage.status === "built" ? unbroken(buildWords(stage)) : "";
}

/** What was found is counted in the column beside it. */
function goalsCell(page: Page, stage: ReportStage): string {
  if (stage.status !== "built") {
    if (stage.goals.length === 0) return "";
    const separator = stage.goals.length === 1 ? ": " : " ";
    return `${inPieces(unjudgedWords(stage.goals))}${separator}not judged`;
  }
  return bindingGoals(goalsInOrder(stage))
    .flatMap(({ goal, also }) => [goal, ...also])
    .map((goal) => goalLine(page, goal, shortGoalWords(goal, stage)))
    .join("<br>");
}

function goalLine(page: Page, { verdict }: GoalResult, { rule, standing }: GoalWords): string {
  switch (verdict) {
    case "pass":
      return `${inPieces(rule)}: ${inPieces(standing)}`;
    case "fail":
      return `${inPieces(rule)}: **${inPieces(standing)}**`;
    case "unknown":
      return `${inPieces(rule)}: ${sentence(page, standing)}`;
  }
}

/** Lines may break after a comma, but not between a number and what it counts. */
function inPieces(words: string): string {
  return words.split(", ").map(unbroken).join(", ");
}

/** What is bold makes the goal missed. */
function scanCell(page: Page, stage: ReportStage): string {
  if (stage.status !== "built") return "";
  if (stage.scan.status !== "checked") return "not scanned";
  const breaking = breakingFindings(stage);
  const others = stage.findings.filter(
    (finding) => isOfScan(finding) && !breaking.includes(finding),
  );
  const { isWhole } = page.detail;
  if (breaking.length === 0) return inPieces(scanWords(others, isWhole));
  const shown = others.filter(
    (finding) => isWhole || isSecret(finding) || isAtLeast(finding, "high"),
  );
  const missed = `**${inPieces(scanCounts(breaking))}**`;
  return shown.length === 0 ? missed : `${missed}, ${inPieces(scanCounts(shown))}`;
}

function moreStages(count: number): string {
  return count > 0 ? `… and ${plural(count, "more stage")}.` : "";
}
