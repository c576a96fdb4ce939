import type { Report, ReportImage, ReportStage } from "../../model/report.ts";
import { pathInRepository } from "../checkout.ts";
import { allOf, formatFew } from "../format.ts";
import type { Culprits } from "../group-packages.ts";
import { escapeCode, escapeSentence, link } from "../markdown-escape.ts";
import type { NotUploaded } from "../not-uploaded.ts";
import type { Obstacle } from "../obstacles.ts";
import type { Secret } from "../secrets.ts";
import type { Pen } from "../sentences.ts";
import { shortLine, shortPath, shortReason, shortWords } from "../visible.ts";
import type { Detail } from "./detail.ts";
import type { Selection } from "./selection.ts";

/** What a rendering is told beside the report. */
export interface RenderFacts {
  /** Where the Dockerfiles can be read. */
  readonly source?: {
    /** `https://github.com`. */
    readonly serverUrl: string;
    /** `owner/name`. */
    readonly repository: string;
    readonly commit: string;
    /** The folder of the workspace that holds the repository. Default: the workspace itself. */
    readonly checkout?: string;
    /** Dockerfiles whose lines are others in that commit: a link leads to the file. Default: none. */
    readonly otherLines?: readonly string[];
  };
  /** Where the summary of the run can be read. */
  readonly summaryUrl?: string;
  /** Whether the user gave the report its name. */
  readonly nameIsGiven?: boolean;
  /** Whether goals that are missed, or could not be judged, fail the step. */
  readonly fail?: boolean;
  readonly onUnknown?: "fail" | "warn";
  /** What is kept from code scanning, and why: one for each reason. */
  readonly notUploaded?: readonly NotUploaded[];
}

/** What every section is made from. */
export interface Page {
  readonly report: Report;
  readonly facts: RenderFacts;
  readonly detail: Detail;
  readonly selection: Selection;
  /** What keeps the run from passing. */
  readonly obstacles: readonly Obstacle[];
  readonly secrets: readonly Secret[];
  /** What makes the goals on severity of each image missed. */
  readonly culprits: ReadonlyMap<ReportImage, Culprits>;
}

/** Somebody else's text as code, no longer than the page allows. */
export function code(page: Page, text: string): string {
  return escapeCode(shortLine(text, page.detail.text));
}

/** Somebody else's sentence, no longer than the page allows: of a longer one the middle is left out. */
export function sentence(page: Page, text: string): string {
  return escapeSentence(shortReason(text, page.detail.text));
}

/** What a linter says, no longer than the page allows: of more only the first sentences are shown. */
export function statement(page: Page, text: string): string {
  return escapeSentence(shortWords(text, page.detail.text));
}

/** A path as code: of a long one folders in the middle are left out, and never the file's name. */
export function pathCode(page: Page, path: string): string {
  return escapeCode(shortPath(path, page.detail.path));
}

/** Both, for words that are shared with other renderings. */
export function penOf(page: Page): Pen {
  return { code: (name) => code(page, name), text: (words) => sentence(page, words) };
}

/** Markdown as a link to a line of an image's Dockerfile, where that can be linked. */
export function lineLink(page: Page, image: ReportImage, line: number, markdown: string): string {
  const { source } = page.facts;
  if (source === undefined) return markdown;
  const { serverUrl, repository, commit, checkout = "", otherLines = [] } = source;
  const inRepository = pathInRepository(image.dockerfile, checkout).toWellFormed();
  const path = inRepository.split("/").map(encodeURIComponent).join("/");
  const anchor = otherLines.includes(image.dockerfile) ? "" : `#L${line}`;
  return link(markdown, `${serverUrl}/${repository}/blob/${commit}/${path}${anchor}`);
}

/** Lines of a table's cell, each a link. */
export function lineLinks(page: Page, image: ReportImage, lines: readonly number[]): string {
  return formatFew(
    lines.map((line) => lineLink(page, image, line, String(line))),
    3,
  );
}

/** Stages of an image for a table's cell. */
export function stageNames(
  page: Page,
  { stages: all }: ReportImage,
  stages: readonly ReportStage[],
): string {
  const built = all.filter(({ status }) => status === "built");
  if (built.length > 1 && stages.length === built.length) return allOf(built.length);
  const names = stages.map((stage) => code(page, stage.name));
  return formatFew(names, 3);
}
