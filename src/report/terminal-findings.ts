import type { Finding } from "../model/finding.ts";
import type { Report, ReportImage } from "../model/report.ts";
import { lintCounts, scanCounts } from "./counts.ts";
import { formatFew, plural } from "./format.ts";
import { type FindingGroup, findingsOf, groupScanFindings } from "./group-findings.ts";
import { lintFindings } from "./lint-findings.ts";
import type { Pen } from "./sentences.ts";
import {
  type Cell,
  type Paint,
  type Style,
  type TerminalColumn,
  terminalTable,
} from "./terminal-table.ts";

/** So many of the worst are shown for each Dockerfile. */
const ROWS = 12;

const STYLES: Readonly<Record<string, Style | Style[]>> = {
  critical: ["bold", "red"],
  high: "red",
  medium: "yellow",
  error: "red",
  warning: "yellow",
};

/** The worst that the scan found, one block for each Dockerfile. */
export function scanLines(report: Report, pen: Pen, paint: Paint): readonly (readonly string[])[] {
  return report.images.flatMap((image) => {
    const groups = groupScanFindings(image.stages);
    if (groups.length === 0) return [];
    const file = pen.code(image.dockerfile);
    const title = `Found by the scan in ${file}: ${scanCounts(findingsOf(groups))}`;
    const rows = groups.slice(0, ROWS).map((group) => scanRow(image, group, pen));
    return [block(title, terminalTable(SCAN_COLUMNS, rows, paint), groups.length, paint)];
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
  const scanned = image.stages.filter((stage) => stage.scan.status === "checked").length;
  const names = formatFew(
    stages.map((stage) => stage.name),
    3,
  );
  const all = scanned > 1 && stages.length === scanned;
  return [
    severityCell(finding),
    { text: lines.map(String).join(","), style: "dim" },
    { text: pen.code(finding.rule) },
    { text: pen.code(`${formatFew(subjects, 3)} ${finding.installed ?? ""}`) },
    { text: pen.code(finding.fixed ?? "") },
    { text: all ? `all ${scanned}` : pen.code(names), style: "dim" },
  ];
}

/** The worst that the linters found, one block for each Dockerfile. */
export function lintLines(report: Report, pen: Pen, paint: Paint): readonly (readonly string[])[] {
  return report.images.flatMap((image) => {
    const findings = lintFindings(image);
    if (findings.length === 0) return [];
    const title = `Lint of ${pen.code(image.dockerfile)}: ${lintCounts(findings)}`;
    const rows = findings.slice(0, ROWS).map((finding) => lintRow(finding, pen));
    return [block(title, terminalTable(LINT_COLUMNS, rows, paint), findings.length, paint)];
  });
}

const LINT_COLUMNS: readonly TerminalColumn[] = [
  { title: "level" },
  { title: "line", align: "right" },
  { title: "rule" },
  { title: "what" },
];

function lintRow(finding: Finding, pen: Pen): readonly Cell[] {
  return [
    severityCell(finding),
    { text: finding.line === undefined ? "" : String(finding.line), style: "dim" },
    { text: pen.code(finding.rule) },
    { text: pen.text(finding.message) },
  ];
}

function severityCell({ severity }: Finding): Cell {
  const style = STYLES[severity];
  return style === undefined ? { text: severity } : { text: severity, style };
}

function block(
  title: string,
  table: readonly string[],
  count: number,
  paint: Paint,
): readonly string[] {
  const rest = count > ROWS ? [paint(`  and ${plural(count - ROWS, "more row")}`, "dim")] : [];
  return [paint(title, "bold"), ...table.map((line) => `  ${line}`), ...rest];
}
