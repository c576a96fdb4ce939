import type { GoalResult, ReportImage, ReportStage } from "../../model.ts";
import { isOfScan, scanCounts } from "../counts.ts";
import { formatBytes, formatBytesBeside, formatSeconds, plural } from "../format.ts";
import { goalWords } from "../goal-words.ts";
import { type Column, few, stack, table } from "./blocks.ts";
import { code, lineLink, type Page, sentence } from "./page.ts";

/** A column and what stands in it. */
interface StageColumn extends Column {
  readonly cell: (stage: ReportStage) => string;
}

/** The stages of an image that are shown, one row each, and a sentence on those left out. */
export function stageTable(page: Page, image: ReportImage): string {
  const wanted = image.stages.filter((stage) => stage.status !== "skipped");
  const rows = wanted.filter((stage) => page.selection.rows.has(stage));
  const columns = columnsOf(page, image);
  return stack([
    table(
      columns,
      rows.map((stage) => columns.map(({ cell }) => cell(stage))),
    ),
    moreStages(wanted.length - rows.length),
    skippedStages(page, image),
  ]);
}

function columnsOf(page: Page, image: ReportImage): readonly StageColumn[] {
  const goals: StageColumn = { title: "Goals", cell: (stage) => goalsCell(page, stage) };
  const findings: StageColumn = { title: "Findings", cell: findingsCell };
  const has = (test: (stage: ReportStage) => boolean): boolean => image.stages.some(test);
  return [
    { title: "Stage", cell: (stage) => code(page, stage.name) },
    { title: "Unpacked", align: "right", cell: (stage) => unpackedCell(page, image, stage) },
    { title: "Download", align: "right", cell: downloadCell },
    { title: "Own", align: "right", cell: ({ own }) => sizeCell(own?.unpacked) },
    { title: "Base", align: "right", cell: ({ base }) => sizeCell(base?.unpacked) },
    ...(has((stage) => stage.goals.length > 0) ? [goals] : []),
    ...(has((stage) => stage.scan.status !== "off") ? [findings] : []),
    { title: "Build", align: "right", cell: buildCell },
  ];
}

function unpackedCell(page: Page, image: ReportImage, stage: ReportStage): string {
  if (stage.status === "failed") {
    const line = stage.failure?.line;
    const where = line === undefined ? "" : ` at ${lineLink(page, image, line, `line ${line}`)}`;
    return `**failed**${where}`;
  }
  return sizeCell(stage.unpacked, limitOf(stage, "max-unpacked"));
}

function downloadCell(stage: ReportStage): string {
  return sizeCell(stage.download, limitOf(stage, "max-download"));
}

function limitOf(stage: ReportStage, rule: GoalResult["rule"]): number | undefined {
  const limit = stage.goals.find((goal) => goal.rule === rule)?.limit;
  return typeof limit === "number" ? limit : undefined;
}

function sizeCell(bytes: number | undefined, limit?: number): string {
  if (bytes === undefined) return "";
  return limit === undefined ? formatBytes(bytes) : formatBytesBeside(bytes, limit);
}

function goalsCell(page: Page, stage: ReportStage): string {
  return stage.goals.map((goal) => goalLine(page, goal, stage)).join("<br>");
}

/** A mark only where something is to be done: a column of green ticks says nothing. */
function goalLine(page: Page, goal: GoalResult, stage: ReportStage): string {
  const { rule, standing } = goalWords(goal, stage);
  switch (goal.verdict) {
    case "pass":
      return standing === "none" ? rule : `${rule}: ${standing}`;
    case "fail":
      return `❌ ${rule}: **${standing}**`;
    case "unknown":
      return `❔ ${rule}: ${sentence(page, standing)}`;
  }
}

function findingsCell({ scan, findings, status }: ReportStage): string {
  if (status === "failed") return "";
  return scan.status === "checked" ? scanCounts(findings.filter(isOfScan)) : "not scanned";
}

function buildCell({ seconds, steps }: ReportStage): string {
  if (seconds === undefined) return "";
  const cached = steps.length > 0 && steps.every((step) => step.cached);
  return cached ? "cached" : formatSeconds(seconds);
}

function moreStages(count: number): string {
  return count > 0 ? `… and ${plural(count, "more stage")}.` : "";
}

function skippedStages(page: Page, image: ReportImage): string {
  const skipped = image.stages.filter((stage) => stage.status === "skipped");
  const [first] = skipped;
  if (first === undefined) return "";
  const names = few(
    skipped.map((stage) => code(page, stage.name)),
    4,
  );
  return `Not built: ${names}. ${sentence(page, first.reason ?? "")}`;
}
