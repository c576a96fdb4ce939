import type { Finding } from "../../model/finding.ts";
import type { ReportImage } from "../../model/report.ts";
import { lintCounts } from "../counts.ts";
import { plural } from "../format.ts";
import { link } from "../markdown-escape.ts";
import { details, stack, table } from "./blocks.ts";
import { code, lineLinks, type Page, sentence } from "./page.ts";

/** What the linters found in a Dockerfile, with the most that is shown of it. */
export function lintDetails(
  page: Page,
  image: ReportImage,
  findings: readonly Finding[],
  most: number,
): string {
  if (most === 0) return "";
  const shown = findings.slice(0, most);
  const more = findings.length - shown.length;
  return details(
    `${plural(findings.length, "lint finding")}: ${lintCounts(findings)}`,
    stack([
      lintTable(page, image, shown),
      more > 0 ? `… and ${plural(more, "more finding")}.` : "",
    ]),
  );
}

function lintTable(page: Page, image: ReportImage, findings: readonly Finding[]): string {
  return table(
    [{ title: "Level" }, { title: "Rule" }, { title: "Line", align: "right" }, { title: "What" }],
    findings.map((finding) => [
      finding.severity,
      link(code(page, finding.rule), finding.help),
      finding.line === undefined ? "" : lineLinks(page, image, [finding.line]),
      sentence(page, finding.message),
    ]),
  );
}
