import type { Report, ReportImage } from "../model/report.ts";
import { plural } from "./format.ts";
import { groupScanFindings } from "./group-findings.ts";
import { lintFindings } from "./lint-findings.ts";
import { adviceTable } from "./markdown/advice.ts";
import { biggestDetails, reasons } from "./markdown/biggest.ts";
import { stack } from "./markdown/blocks.ts";
import { COMMENT_DETAILS, type Detail, SUMMARY_DETAILS } from "./markdown/detail.ts";
import { failures } from "./markdown/failure.ts";
import { footer } from "./markdown/footer.ts";
import { opening } from "./markdown/headline.ts";
import { lintDetails } from "./markdown/lint-table.ts";
import { code, lineLink, type Page, type RenderFacts } from "./markdown/page.ts";
import { scanDetails } from "./markdown/scan-table.ts";
import { selectStages } from "./markdown/selection.ts";
import { shares } from "./markdown/shares.ts";
import { stageTable } from "./markdown/stage-table.ts";
import { stepDetails } from "./markdown/steps.ts";
import { wasteDetails } from "./markdown/waste.ts";

/** Characters of a comment; GitHub answers 422 `Body is too long` to more. */
const COMMENT_LIMIT = 65_536;

/** Characters that are left for the hidden marker by which the comment is found again. */
const MARKER_RESERVE = 1_000;

/**
 * Bytes of a step's summary; of a longer one nothing is shown at all.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
 */
const SUMMARY_LIMIT = 1024 * 1024;

/** The comment on the pull request, without its marker: never longer than GitHub stores. */
export function renderComment(report: Report, facts: RenderFacts, limit = COMMENT_LIMIT): string {
  const room = limit - MARKER_RESERVE;
  return firstThatFits(report, facts, COMMENT_DETAILS, (text) => text.length <= room);
}

/** The summary of the job: everything, in the order of the comment. */
export function renderSummary(report: Report, facts: RenderFacts, limit = SUMMARY_LIMIT): string {
  const fits = (text: string): boolean => Buffer.byteLength(text) <= limit;
  const { summaryUrl: _here, ...elsewhere } = facts;
  return firstThatFits(report, elsewhere, SUMMARY_DETAILS, fits);
}

/** The last of the details is short enough for any report. */
function firstThatFits(
  report: Report,
  facts: RenderFacts,
  details: readonly Detail[],
  fits: (text: string) => boolean,
): string {
  let text = "";
  for (const detail of details) {
    text = pageOf({ report, facts, detail, selection: selectStages(report, detail) });
    if (fits(text)) break;
  }
  return text;
}

function pageOf(page: Page): string {
  return stack([opening(page), ...imageSections(page), footer(page)]);
}

/** Images none of whose stages there is room for are only counted. */
function imageSections(page: Page): readonly string[] {
  const { images } = page.report;
  const shown = images.filter((image) => images.length === 1 || hasRow(page, image));
  const scans = shown.map((image) => groupScanFindings(image.stages));
  const scanShares = shares(scans.map(count), page.detail.findings);
  const lints = shown.map(lintFindings);
  const lintShares = shares(lints.map(count), page.detail.lint);
  const sections = shown.map((image, at) =>
    stack([
      heading(page, image),
      stageTable(page, image),
      failures(page, image),
      reasons(page, image),
      adviceTable(page, image),
      scanDetails(page, image, scans[at] ?? [], scanShares[at] ?? 0),
      lintDetails(page, image, lints[at] ?? [], lintShares[at] ?? 0),
      biggestDetails(page, image),
      wasteDetails(page, image),
      stepDetails(page, image),
    ]),
  );
  const rest = images.length - shown.length;
  return rest > 0 ? [...sections, `… and ${plural(rest, "more Dockerfile")}.`] : sections;
}

function hasRow(page: Page, image: ReportImage): boolean {
  return image.stages.some((stage) => page.selection.rows.has(stage));
}

function count(list: readonly unknown[]): number {
  return list.length;
}

/** Only where there are several images; the opening has named a single one. */
function heading(page: Page, image: ReportImage): string {
  if (page.report.images.length === 1) return "";
  const file = lineLink(page, image, 1, code(page, image.dockerfile));
  return `#### ${code(page, image.name)} from ${file}`;
}
