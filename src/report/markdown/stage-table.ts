import type { GoalResult } from "../../model/goal.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { isOfScan, scanCounts } from "../counts.ts";
import { formatBytes, formatFew, plural } from "../format.ts";
import { goalWords } from "../goal-words.ts";
import { buildWords, sizeWords } from "../stage-words.ts";
import { type Column, stack, table, unbroken } from "./blocks.ts";
import { code, type Page, sentence } from "./page.ts";

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
    byReason(page, "not scanned", wanted.filter(isNotScanned), ({ scan }) => scan.reason),
    byReason(page, "not built", image.stages.filter(isSkipped), ({ reason }) => reason),
  ]);
}

function columnsOf(page: Page, image: ReportImage): readonly StageColumn[] {
  const goals: StageColumn = { title: "Goal", cell: (stage) => goalsCell(page, stage) };
  const findings: StageColumn = { title: "Findings", cell: findingsCell };
  const has = (test: (stage: ReportStage) => boolean): boolean => image.stages.some(test);
  return [
    { title: "Stage", cell: (stage) => code(page, stage.name) },
    { title: "Unpacked", align: "right", cell: unpackedCell },
    { title: "Download", align: "right", cell: (stage) => sizeWords(stage, "download") },
    { title: unbroken("Own + base"), align: "right", cell: sharesCell },
    ...(has((stage) => stage.goals.some(isOnSize)) ? [goals] : []),
    ...(has((stage) => stage.scan.status !== "off") ? [findings] : []),
    { title: "Build", align: "right", cell: (stage) => unbroken(buildWords(stage)) },
  ];
}

function unpackedCell(stage: ReportStage): string {
  return stage.status === "failed" ? "**failed**" : sizeWords(stage, "unpacked");
}

/** `33.9 + 133.2 MB`: the unit once where it is the same. */
function sharesCell({ own, base }: ReportStage): string {
  if (own === undefined || base === undefined) return "";
  const [amount = "", unit = ""] = formatBytes(own.unpacked).split(" ");
  const other = formatBytes(base.unpacked);
  const sum = other.endsWith(` ${unit}`) ? `${amount} + ${other}` : `${amount} ${unit} + ${other}`;
  return unbroken(sum);
}

function goalsCell(page: Page, stage: ReportStage): string {
  const goals = stage.goals.filter(isOnSize);
  return goals.map((goal) => goalLine(page, goal, stage)).join("<br>");
}

/** Goals on severity are told where the findings are. */
function isOnSize(goal: GoalResult): boolean {
  return goal.rule !== "fail-on-severity";
}

/** A mark only where something is to be done: a column of green ticks says nothing. */
function goalLine(page: Page, goal: GoalResult, stage: ReportStage): string {
  const { rule, standing } = goalWords(goal, stage);
  switch (goal.verdict) {
    case "pass":
      return `${inPieces(rule)}: ${inPieces(standing)}`;
    case "fail":
      return `❌\u00A0${inPieces(rule)}: **${inPieces(standing)}**`;
    case "unknown":
      return stage.status === "failed" ? inPieces(rule) : `❔ ${rule}: ${sentence(page, standing)}`;
  }
}

/** Lines may break after a comma, but not between a number and what it counts. */
function inPieces(words: string): string {
  return words.split(", ").map(unbroken).join(", ");
}

function findingsCell(stage: ReportStage): string {
  if (stage.status === "failed") return "";
  if (stage.scan.status !== "checked") {
    return stage.goals.every(isOnSize) ? "not scanned" : "❔ not scanned";
  }
  const findings = stage.findings.filter(isOfScan);
  const goal = stage.goals.find(({ rule }) => rule === "fail-on-severity");
  if (goal?.verdict !== "fail" || typeof goal.limit === "number")
    return inPieces(scanCounts(findings));
  const missing = scanCounts(findings, goal.limit);
  const others = scanCounts(findings).slice(missing.length);
  return `❌\u00A0**${inPieces(missing)}**${inPieces(others)}`;
}

function moreStages(count: number): string {
  return count > 0 ? `… and ${plural(count, "more stage")}.` : "";
}

function isNotScanned({ status, scan }: ReportStage): boolean {
  return status === "built" && scan.status === "unavailable";
}

function isSkipped({ status }: ReportStage): boolean {
  return status === "skipped";
}

/** One line for all stages that the same happened to. */
function byReason(
  page: Page,
  what: string,
  stages: readonly ReportStage[],
  reasonOf: (stage: ReportStage) => string | undefined,
): string {
  const groups = Map.groupBy(stages, (stage) => reasonOf(stage) ?? "");
  const lines = [...groups].slice(0, 3).map(([reason, same]) => {
    const names = same.map((stage) => code(page, stage.name));
    const verb = same.length === 1 ? "was" : "were";
    return `${formatFew(names, 4)} ${verb} ${what}: ${sentence(page, reason)}`;
  });
  return lines.join("<br>");
}
