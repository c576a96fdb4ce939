import type { Finding } from "../../model/finding.ts";
import type { Report, ReportImage, ReportStage } from "../../model/report.ts";
import { scanCounts } from "../counts.ts";
import { allOf, formatFew, plural } from "../format.ts";
import { type FindingGroup, findingsOf, groupScanFindings } from "../group-findings.ts";
import { type LintRow, lintProblems, lintRows, lintSummary } from "../lint-findings.ts";
import { remedyOf, severityWords } from "../remedy.ts";
import type { Pen } from "../sentences.ts";
import { shortWords } from "../visible.ts";
import { type Screen, tableBlock } from "./screen.ts";
import type { Cell, Style, TerminalColumn } from "./table.ts";

/** So many of the worst are shown for each Dockerfile. */
const ROWS = 12;

/** Of what a linter says, which is broken into lines. */
const MESSAGE_LENGTH = 400;

const STYLES: Readonly<Record<string, Style | Style[]>> = {
  critical: ["bold", "red"],
  high: "red",
  medium: "yellow",
  error: "red",
  warning: "yellow",
};

/** The worst that the scan found, one block for each Dockerfile. */
export function scanLines(report: Report, screen: Screen): readonly (readonly string[])[] {
  const { pen } = screen;
  return report.images.flatMap((image) => {
    const groups = groupScanFindings(image.stages);
    if (groups.length === 0) return [];
    const file = pen.code(image.dockerfile);
    const title = `Found by the scan in ${file}: ${scanCounts(findingsOf(groups))}`;
    const rows = groups.slice(0, ROWS).map((group) => scanRow(image, group, pen));
    return [[...tableBlock(title, SCAN_COLUMNS, rows, screen), ...moreRows(groups, screen)]];
  });
}

const SCAN_COLUMNS: readonly TerminalColumn[] = [
  { title: "severity" },
  { title: "line", align: "right" },
  { title: "problem" },
  { title: "in" },
  { title: "fixed in" },
  { title: "stages" },
];

function scanRow(image: ReportImage, group: FindingGroup, pen: Pen): readonly Cell[] {
  const { finding, subjects, stages, lines } = group;
  const remedy = remedyOf(finding);
  const fix = remedy?.kind === "update" ? remedy.to : (remedy?.words ?? "");
  return [
    severityCell(finding),
    { text: formatFew(lines.map(String), 3), style: "dim" },
    { text: pen.code(finding.rule) },
    { text: pen.code(`${formatFew(subjects, 3)} ${finding.installed ?? ""}`) },
    { text: pen.code(fix) },
    { text: stageWords(image, stages, pen), style: "dim" },
  ];
}

function stageWords(image: ReportImage, stages: readonly ReportStage[], pen: Pen): string {
  const scanned = image.stages.filter((stage) => stage.scan.status === "checked").length;
  if (scanned > 1 && stages.length === scanned) return allOf(scanned);
  const names = stages.map((stage) => pen.code(stage.name));
  return formatFew(names, 3);
}

/** The worst that the linters found, one block for each Dockerfile. */
export function lintLines(report: Report, screen: Screen): readonly (readonly string[])[] {
  const { pen } = screen;
  return report.images.flatMap((image) => {
    const found = lintRows(lintProblems(image));
    if (found.length === 0) return [];
    const title = `Lint of ${pen.code(image.dockerfile)}: ${lintSummary(image)}`;
    const rows = found.slice(0, ROWS).map((row) => lintRow(row, pen));
    return [[...tableBlock(title, LINT_COLUMNS, rows, screen), ...moreRows(found, screen)]];
  });
}

const LINT_COLUMNS: readonly TerminalColumn[] = [
  { title: "level" },
  { title: "line", align: "right" },
  { title: "rule" },
  { title: "what" },
];

function lintRow({ finding, words, rules, lines }: LintRow, pen: Pen): readonly Cell[] {
  return [
    severityCell(finding),
    { text: formatFew(lines.map(String), 3), style: "dim" },
    { text: rules.map(({ rule }) => pen.code(rule)).join("\n") },
    { text: shortWords(words, MESSAGE_LENGTH) },
  ];
}

function severityCell(finding: Finding): Cell {
  const style = STYLES[finding.severity];
  const text = severityWords(finding);
  return style === undefined ? { text } : { text, style };
}

function moreRows(all: readonly unknown[], { paint }: Screen): readonly string[] {
  const rest = all.length - ROWS;
  return rest > 0 ? [paint(`  and ${plural(rest, "more row")}`, "dim")] : [];
}
