import type { ReportImage } from "../../model/report.ts";
import { isOfScan, scanCounts } from "../counts.ts";
import { formatFew, plural } from "../format.ts";
import { type FindingGroup, findingsOf, groupScanFindings } from "../group-findings.ts";
import { link } from "../markdown-escape.ts";
import { remedyOf, severityWords } from "../remedy.ts";
import { details, stack, table } from "./blocks.ts";
import { code, lineLinks, type Page, pathCode, sentence, stageNames } from "./page.ts";

/** Problems that the scan found in an image, as far as they are to be shown. */
export function scanDetails(
  page: Page,
  image: ReportImage,
  shown: readonly FindingGroup[],
): string {
  if (shown.length === 0) return "";
  const all = groupScanFindings(image.stages.filter(({ findings }) => findings.some(isOfScan)));
  const more = findingsOf(all).length - findingsOf(shown).length;
  return details(
    `Found by the scan: ${scanCounts(findingsOf(all))}`,
    stack([
      scanTable(page, image, shown),
      more > 0 ? `… and ${plural(more, "more finding")}.` : "",
    ]),
  );
}

function scanTable(page: Page, image: ReportImage, groups: readonly FindingGroup[]): string {
  return table(
    [
      { title: "Severity" },
      { title: "Problem" },
      { title: "In" },
      { title: "Stages" },
      { title: "Line", align: "right" },
    ],
    groups.map((group) => [
      severityWords(group.finding),
      problemCell(page, group),
      subjectsCell(page, group),
      stageNames(page, image, group.stages),
      lineLinks(page, image, group.lines),
    ]),
  );
}

function problemCell(page: Page, { finding, subjects }: FindingGroup): string {
  const { rule, help, title, message } = finding;
  // What is about no package and no file says itself what it is about.
  const words = title ?? (subjects.length === 0 ? message : undefined);
  const id = link(code(page, rule), help);
  return words === undefined ? id : `${id}<br>${sentence(page, words)}`;
}

/** Packages with their version and the one to go to; or paths. */
function subjectsCell(page: Page, { subjects, finding }: FindingGroup): string {
  const isPackage = finding.package !== undefined;
  const names = formatFew(
    subjects.map((subject) => (isPackage ? code(page, subject) : pathCode(page, subject))),
    2,
  );
  const remedy = remedyOf(finding);
  if (remedy === undefined) return names;
  const installed = sentence(page, finding.installed ?? "");
  const to = remedy.kind === "update" ? ` → ${sentence(page, remedy.to)}` : `, ${remedy.words}`;
  return `${names} ${installed}${to}`;
}
