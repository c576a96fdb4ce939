import type { Report, ReportImage } from "../../model/report.ts";
import { escapeCode, escapeSentence, link } from "../markdown-escape.ts";
import type { Pen } from "../sentences.ts";
import { shortLine } from "../visible.ts";
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
  };
  /** Where the summary of the run can be read. */
  readonly summaryUrl?: string;
}

/** What every section is made from. */
export interface Page {
  readonly report: Report;
  readonly facts: RenderFacts;
  readonly detail: Detail;
  readonly selection: Selection;
}

/** Somebody else's text as code, no longer than the page allows. */
export function code(page: Page, text: string): string {
  return escapeCode(shortLine(text, page.detail.text));
}

/** Somebody else's sentence, no longer than the page allows. */
export function sentence(page: Page, text: string): string {
  return escapeSentence(shortLine(text, page.detail.text));
}

/** Both, for words that are shared with other renderings. */
export function penOf(page: Page): Pen {
  return { code: (name) => code(page, name), text: (words) => sentence(page, words) };
}

/** Markdown as a link to a line of an image's Dockerfile, where that can be linked. */
export function lineLink(page: Page, image: ReportImage, line: number, markdown: string): string {
  const { source } = page.facts;
  if (source === undefined) return markdown;
  const path = image.dockerfile.toWellFormed().split("/").map(encodeURIComponent).join("/");
  const { serverUrl, repository, commit } = source;
  return link(markdown, `${serverUrl}/${repository}/blob/${commit}/${path}#L${line}`);
}

/** Lines of a table's cell, each a link. */
export function lineLinks(page: Page, image: ReportImage, lines: readonly number[]): string {
  const shown = lines.slice(0, 3).map((line) => lineLink(page, image, line, String(line)));
  return [...shown, ...(lines.length > 3 ? ["…"] : [])].join(", ");
}
