import type { ReportImage } from "../../model/report.ts";
import { scanCounts } from "../counts.ts";
import { formatCount, formatFew, plural } from "../format.ts";
import { type FindingGroup, findingsOf } from "../group-findings.ts";
import { link } from "../markdown-escape.ts";
import { details, stack, table } from "./blocks.ts";
import { code, lineLinks, type Page, sentence } from "./page.ts";

/** Problems that the scan found in an image, with the most that is shown of them. */
export function scanDetails(
  page: Page,
  image: ReportImage,
  groups: readonly FindingGroup[],
  most: number,
): string {
  if (most === 0) return "";
  const counts = scanCounts(findingsOf(groups));
  const shown = groups.slice(0, most);
  const more = groups.length - shown.length;
  return details(
    `Found by the scan: ${counts}`,
    stack([scanTable(page, image, shown), more > 0 ? `… and ${plural(more, "more row")}.` : ""]),
  );
}

function scanTable(page: Page, image: ReportImage, groups: readonly FindingGroup[]): string {
  const scanned = image.stages.filter((stage) => stage.scan.status === "checked").length;
  return table(
    [
      { title: "Severity" },
      { title: "Problem" },
      { title: "In" },
      { title: "Fixed in" },
      { title: "Stages" },
      { title: "Line", align: "right" },
    ],
    groups.map((group) => [
      group.finding.severity,
      link(sentence(page, group.finding.rule), group.finding.help),
      subjectsCell(page, group),
      sentence(page, group.finding.fixed ?? ""),
      stagesCell(page, group, scanned),
      lineLinks(page, image, group.lines),
    ]),
  );
}

/** Packages with their version, or paths; what is about neither says what it is. */
function subjectsCell(page: Page, { subjects, finding }: FindingGroup): string {
  if (subjects.length === 0) return sentence(page, finding.message);
  const names = formatFew(
    subjects.map((subject) => code(page, subject)),
    2,
  );
  return `${names} ${sentence(page, finding.installed ?? "")}`.trimEnd();
}

function stagesCell(page: Page, { stages }: FindingGroup, scanned: number): string {
  if (scanned > 1 && stages.length === scanned) return `all ${formatCount(scanned)}`;
  return formatFew(
    stages.map((stage) => code(page, stage.name)),
    3,
  );
}
