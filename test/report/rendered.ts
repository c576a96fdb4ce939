// The Markdown of reports, as tests look at it.

import type { Report } from "../../src/model/report.ts";
import type { RenderFacts } from "../../src/report/markdown/page.ts";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { expectValidReport } from "./schema.ts";

export const nowhere: RenderFacts = {};

export const onGitHub: RenderFacts = {
  source: {
    serverUrl: "https://github.com",
    repository: "acme/shop",
    commit: "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d",
  },
  summaryUrl: "https://github.com/acme/shop/actions/runs/7",
};

/** The comment, with plain spaces for those that keep a line from being broken. */
export function comment(report: Report, facts: RenderFacts = nowhere): string {
  expectValidReport(report);
  return renderComment(report, facts).replaceAll("\u00A0", " ");
}

/** The summary, in the same way. */
export function summary(report: Report, facts: RenderFacts = nowhere): string {
  expectValidReport(report);
  return renderSummary(report, facts).replaceAll("\u00A0", " ");
}

export function reportOf(...stages: Parameters<typeof makeReportStage>[0][]): Report {
  return makeReport({
    images: [makeReportImage({ stages: stages.map((stage) => makeReportStage(stage)) })],
  });
}

/** The first row of the table of stages that has a cell with this text. */
export function rowOf(markdown: string, name: string): readonly string[] {
  const line = markdown.split("\n").find((row) => row.includes(`\`${name}\` |`)) ?? "";
  return line
    .split("|")
    .map((cell) => cell.trim())
    .slice(1, -1);
}

export const tooBig = {
  rule: "max-unpacked",
  limit: 150_000_000,
  actual: 162_300_000,
  verdict: "fail",
} as const;
