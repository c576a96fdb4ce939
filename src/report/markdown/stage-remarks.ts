// What is said below the table of stages: what of them is not known, and why.

import { inWords } from "../../in-words.ts";
import type { ReportStage } from "../../model/report.ts";
import { formatFew, plural } from "../format.ts";
import { code, type Page, sentence } from "./page.ts";

/** What is not known of stages that were built. */
export function stageGaps(page: Page, stages: readonly ReportStage[]): readonly string[] {
  const unknown = stages.filter(({ downloadUnknown }) => downloadUnknown !== undefined);
  return [
    byReason(page, "not scanned", stages.filter(isNotScanned), ({ scan }) => scan.reason),
    byReason(page, "weighed without a download", unknown, ({ downloadUnknown }) => downloadUnknown),
  ];
}

/** Stages that nobody asked for. */
export function leftOutStages(page: Page, stages: readonly ReportStage[]): string {
  return byReason(page, "not weighed", stages.filter(isLeftOut), ({ reason }) => reason);
}

/** `deps was skipped, since it needs builder, which failed`: one line for each set of those that failed. */
export function skippedStages(page: Page, all: readonly ReportStage[]): string {
  const stages = all.filter(isSkipped);
  const needing = stages.filter(({ failedNeeds }) => failedNeeds !== undefined);
  const needsOf = ({ failedNeeds }: ReportStage) => failedNeeds?.join("\n");
  const reasonOf = ({ reason }: ReportStage) => reason;
  const others = stages.filter(({ failedNeeds }) => failedNeeds === undefined);
  return [
    ...linesByReason(page, "skipped", needing, needsOf, (needed, isOne) => {
      const names = inWords(needed.split("\n").map((name) => code(page, name)));
      return `, since ${isOne ? "it needs" : "they need"} ${names}, which failed`;
    }),
    ...linesByReason(page, "skipped", others, reasonOf, (reason) => `: ${sentence(page, reason)}`),
  ].join("<br>");
}

/** One line for all stages that the same happened to, unless the opening has said it. */
function byReason(
  page: Page,
  what: string,
  stages: readonly ReportStage[],
  reasonOf: (stage: ReportStage) => string | undefined,
): string {
  if (stages.length === 0) return "";
  const said = page.obstacles.map((one) => ("reason" in one ? one.reason : ""));
  const unsaid = stages.filter((stage) => {
    const reason = reasonOf(stage) ?? "";
    return reason === "" || !said.some((words) => words.includes(reason));
  });
  const whyOf = (reason: string, isOne: boolean) =>
    `: ${sentence(page, isOne ? reason : ofSeveral(reason))}`;
  return linesByReason(page, what, unsaid, reasonOf, whyOf).join("<br>");
}

/** A reason is told of one stage: `targets leaves it out`. */
function ofSeveral(reason: string): string {
  return reason.replaceAll(/\b(leaves|replaces|needs?) it\b/g, "$1 them");
}

/**
 * One line for each reason, as far as there is room: what happened to which stages, and why.
 * @param whyOf the end of a line, for a reason and whether it is that of one stage
 */
function linesByReason(
  page: Page,
  what: string,
  stages: readonly ReportStage[],
  reasonOf: (stage: ReportStage) => string | undefined,
  whyOf: (reason: string, isOne: boolean) => string,
): readonly string[] {
  const groups = [...Map.groupBy(stages, (stage) => reasonOf(stage) ?? "")];
  const rest = groups.slice(MOST_REASONS).flatMap(([, same]) => same).length;
  const lines = groups.slice(0, MOST_REASONS).map(([reason, same]) => {
    const names = same.map((stage) => code(page, stage.name));
    const isOne = same.length === 1;
    const why = reason === "" ? "" : whyOf(reason, isOne);
    return `${formatFew(names, 4)} ${isOne ? "was" : "were"} ${what}${why}`;
  });
  return [...lines, ...moreWords(rest, what)];
}

/** So many reasons are told. */
const MOST_REASONS = 3;

function moreWords(count: number, what: string): readonly string[] {
  if (count === 0) return [];
  return [`${plural(count, "more stage")} ${count === 1 ? "was" : "were"} ${what}`];
}

function isNotScanned({ status, scan }: ReportStage): boolean {
  return status === "built" && scan.status === "unavailable";
}

/** Since it needs one that failed. */
function isSkipped({ status, leftOut }: ReportStage): boolean {
  return status === "skipped" && leftOut !== true;
}

function isLeftOut({ leftOut }: ReportStage): boolean {
  return leftOut === true;
}
