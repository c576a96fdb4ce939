import type { ReportImage } from "../../model/report.ts";
import { lintCounts } from "../counts.ts";
import { plural } from "../format.ts";
import { type FindingGroup, groupScanFindings } from "../group-findings.ts";
import { type LintProblem, lintFindings, lintProblems } from "../lint-findings.ts";
import { htmlCode, link } from "../markdown-escape.ts";
import { severityRank } from "../severity-order.ts";
import { shortLine } from "../visible.ts";
import { adviceTable } from "./advice.ts";
import { biggestDetails, reasons } from "./biggest.ts";
import { details, stack } from "./blocks.ts";
import { lintDetails } from "./lint-table.ts";
import { code, lineLink, type Page } from "./page.ts";
import { scanDetails } from "./scan-table.ts";
import { isLintPressing, isPressing } from "./selection.ts";
import { shares } from "./shares.ts";
import { pressingTableOf, stageTable, stageTableOf } from "./stage-table.ts";
import { stepDetails } from "./steps.ts";
import { updates } from "./updates.ts";
import { wasteDetails } from "./waste.ts";

/** So many images have an open section each; of more of them it is behind a line that opens it. */
const FEW = 3;

/** A table of more images than these is behind a line too. */
const MANY = 10;

/** Each image with a problem, then the others. Those that there is no room for are only counted. */
export function imageSections(page: Page): readonly string[] {
  const { images } = page.report;
  const shown = images.length === 1 ? images : shownImages(page);
  const pressing = shown.filter(isPressing);
  const others = shown.filter((image) => !isPressing(image));
  const isFolded = !page.detail.isWhole && pressing.length > FEW;
  const together = !page.detail.isWhole && (others.length > FEW || isFolded);
  const rest = images.length - shown.length;
  return [
    ...(isFolded ? [pressingTableOf(page, pressing)] : []),
    ...sectionsOf(page, together ? pressing : [...pressing, ...others], isFolded),
    ...(together ? [quietImages(page, others, pressing.length > 0 || others.length > MANY)] : []),
    ...(rest > 0 ? [`… and ${plural(rest, "more Dockerfile")}.`] : []),
  ];
}

/**
 * Those with a stage in the table, and those that have nothing in it and yet something to say: of a
 * Dockerfile none of whose stages is built, the linters can find fault all the same.
 */
function shownImages(page: Page): readonly ReportImage[] {
  const { report, detail } = page;
  const inTable = new Set(report.images.filter((image) => hasRow(page, image)));
  const linted = report.images.filter((image) => !inTable.has(image) && isAboutLint(image));
  const first = [...linted.filter(isLintPressing), ...linted.filter((one) => !isLintPressing(one))];
  const shown = inTable.union(new Set(first.slice(0, detail.stages)));
  return report.images.filter((image) => shown.has(image));
}

function hasRow(page: Page, image: ReportImage): boolean {
  return image.stages.some((stage) => page.selection.rows.has(stage));
}

function isAboutLint(image: ReportImage): boolean {
  const isBuilt = image.stages.some(({ leftOut }) => leftOut !== true);
  return isLintPressing(image) || (!isBuilt && lintFindings(image).length > 0);
}

/** What the images have found, each as much of it as is its share of the page. */
function sectionsOf(
  page: Page,
  images: readonly ReportImage[],
  isFolded: boolean,
): readonly string[] {
  const scans = images.map((image) =>
    groupScanFindings(image.stages).filter(({ finding }) => isShown(page, finding)),
  );
  const scanShares = shares(scans.map(count), page.detail.findings);
  const lints = images.map(lintProblems);
  const lintShares = shares(lints.map(count), page.detail.lint);
  return images.map((image, at) => {
    const found = {
      scan: (scans[at] ?? []).slice(0, scanShares[at]),
      lint: (lints[at] ?? []).slice(0, lintShares[at]),
    };
    return isFolded
      ? details(foldedHeading(page, image), section(page, image, found))
      : stack([heading(page, image), section(page, image, found)]);
  });
}

/** What there is room for of what was found in an image. */
interface Found {
  readonly scan: readonly FindingGroup[];
  readonly lint: readonly LintProblem[];
}

function section(page: Page, image: ReportImage, { scan, lint }: Found): string {
  return stack([
    stageTable(page, image),
    updates(page, image),
    adviceTable(page, image),
    reasons(page, image),
    scanDetails(page, image, scan),
    lintDetails(page, image, lint),
    biggestDetails(page, image),
    wasteDetails(page, image),
    stepDetails(page, image),
  ]);
}

/** A comment has no room for what nobody needs to do anything about. */
function isShown(page: Page, finding: FindingGroup["finding"]): boolean {
  return page.detail.isWhole || severityRank(finding) <= severityRank({ severity: "medium" });
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

/** The same in a line that opens it, where Markdown is not read, with what is wrong. */
function foldedHeading(page: Page, image: ReportImage): string {
  const { text } = page.detail;
  const name = htmlCode(shortLine(image.name, text));
  return `${name} from ${htmlCode(shortLine(image.dockerfile, text))}: ${troubleWords(image)}`;
}

/** `1 stage failed, 2 goals missed`. */
function troubleWords({ stages, failOnLint }: ReportImage): string {
  const wanted = stages.filter(({ leftOut }) => leftOut !== true);
  const failed = wanted.filter(({ status }) => status === "failed").length;
  const goals = [...wanted.flatMap((stage) => stage.goals), ...(failOnLint ? [failOnLint] : [])];
  const missed = goals.filter(({ verdict }) => verdict === "fail").length;
  const unknown = goals.filter(({ verdict }) => verdict === "unknown").length;
  return [
    ...(failed > 0 ? [`${plural(failed, "stage")} failed`] : []),
    ...(missed > 0 ? [`${plural(missed, "goal")} missed`] : []),
    ...(unknown > 0 ? [`${plural(unknown, "goal")} not judged`] : []),
  ].join(", ");
}

/** Images that nothing is wrong with, in one table: behind a line where others come first. */
function quietImages(page: Page, images: readonly ReportImage[], isFolded: boolean): string {
  const shown = stack([stageTableOf(page, images), quietLint(page, images)]);
  return isFolded ? details(quietTitle(page, images), shown) : shown;
}

/** A Dockerfile of which nothing is built has not passed. */
function quietTitle(page: Page, images: readonly ReportImage[]): string {
  const passing = images.filter((image) => hasRow(page, image)).length;
  if (passing === 0) {
    return plural(images.length, "Dockerfile is not built", "Dockerfiles are not built");
  }
  return plural(passing, "Dockerfile passes", "Dockerfiles pass");
}

/** How much the linters found, where there is no room for what. */
function quietLint({ facts }: Page, images: readonly ReportImage[]): string {
  const findings = images.flatMap(lintFindings);
  if (findings.length === 0) return "";
  const found = `${plural(findings.length, "lint finding")}: ${lintCounts(findings)}`;
  const { summaryUrl } = facts;
  return summaryUrl === undefined
    ? `${found}.`
    : `${found}, in ${link("the summary", summaryUrl)}.`;
}
