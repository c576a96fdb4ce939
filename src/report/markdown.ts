import type { Report } from "../model/report.ts";
import { culpritsOf } from "./group-packages.ts";
import { stack } from "./markdown/blocks.ts";
import {
  COMMENT_DETAILS,
  type Detail,
  PASSED_DETAILS,
  SUMMARY_DETAILS,
} from "./markdown/detail.ts";
import { failures } from "./markdown/failure.ts";
import { footer } from "./markdown/footer.ts";
import { opening, otherObstacles } from "./markdown/headline.ts";
import { imageSections } from "./markdown/images.ts";
import type { Page, RenderFacts } from "./markdown/page.ts";
import { secretSection } from "./markdown/secrets.ts";
import { selectStages } from "./markdown/selection.ts";
import { obstaclesOf } from "./obstacles.ts";
import { secretsOf } from "./secrets.ts";

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
  const details = report.verdict === "pass" ? PASSED_DETAILS : COMMENT_DETAILS;
  return firstThatFits(report, facts, details, (text) => text.length <= room);
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
  const known = {
    report,
    facts,
    obstacles: obstaclesOf(report),
    secrets: secretsOf(report),
    culprits: new Map(report.images.map((image) => [image, culpritsOf(image.stages)])),
  };
  let text = "";
  for (const detail of details) {
    text = pageOf({ ...known, detail, selection: selectStages(report, detail) });
    if (fits(text)) break;
  }
  return text;
}

/** What is wrong comes first: the verdict, what is out already, then what did not even build. */
function pageOf(page: Page): string {
  const body = stack([
    opening(page),
    secretSection(page),
    failures(page),
    otherObstacles(page),
    ...imageSections(page),
  ]);
  return stack([body, footer(page, body)]);
}
