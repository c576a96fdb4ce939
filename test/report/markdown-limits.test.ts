import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RenderFacts } from "../../src/report/markdown/page.ts";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
} from "../make-report.ts";
import { type Bulk, bigReport } from "./big.ts";
import { hostileText } from "./hostile.ts";
import { elementsOf, renderGfm } from "./render.ts";

const nowhere: RenderFacts = {};

const onGitHub: RenderFacts = {
  source: {
    serverUrl: "https://github.com",
    repository: "acme/shop",
    commit: "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d",
  },
  summaryUrl: "https://github.com/acme/shop/actions/runs/7",
};

describe("the limits", { timeout: 30_000 }, () => {
  const bulks: readonly (readonly [string, Bulk])[] = [
    ["forty Dockerfiles", { images: 40, stages: 5, findings: 50 }],
    ["two hundred stages", { images: 1, stages: 200, findings: 5 }],
    ["ten thousand findings", { images: 1, stages: 11, findings: 1_000 }],
    ["a thousand Dockerfiles", { images: 1_000, stages: 2, findings: 1 }],
    [
      "long hostile text everywhere",
      { images: 20, stages: 5, findings: 2, text: (what) => `${what}${"|`$<@".repeat(400)}` },
    ],
  ];

  it.each(bulks)("hold the comment for %s", (_, bulk) => {
    const markdown = renderComment(bigReport(bulk), onGitHub);
    expect(markdown.length).toBeLessThanOrEqual(64_536);
    expectWhole(markdown);
  });

  it.each(bulks)("hold the summary for %s", (_, bulk) => {
    const markdown = renderSummary(bigReport(bulk), onGitHub);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(1_048_576);
    expectComplete(markdown);
  });

  it("are made use of: forty Dockerfiles still show every stage in the summary", () => {
    const report = bigReport({ images: 40, stages: 5, findings: 1 });
    const rows = renderSummary(report, nowhere).match(
      /^\| ([❌❔]\u00A0)?`stage-\d` \| (\*\*failed|\d+\u00A0MB)/gm,
    );
    expect(rows).toHaveLength(200);
  });

  it("keep the most pressing stages where there is no room for all", () => {
    const stages = Array.from({ length: 1_000 }, (_, index) =>
      makeReportStage({ name: `stage-${index}`, index }),
    );
    const failed = makeFailedReportStage({ name: "last", index: 1_000 });
    const image = makeReportImage({ stages: [...stages, failed] });
    const markdown = renderComment(makeReport({ verdict: "fail", images: [image] }), nowhere);
    expect(markdown).toContain("| ❌\u00A0`last` | **failed** |");
    expect(markdown).toMatch(/… and \d+ more stages\./);
  });

  it("can be set lower", () => {
    const report = bigReport({ images: 3, stages: 5, findings: 20 });
    expect(renderComment(report, nowhere, 21_000).length).toBeLessThanOrEqual(20_000);
  });

  /** It begins and ends as it should, and closes what it opens. */
  function expectComplete(markdown: string): void {
    expect(markdown.startsWith("### ❌ ")).toBe(true);
    expect(markdown.endsWith("</sub>")).toBe(true);
    const opened = markdown.match(/^<details>$/gm)?.length ?? 0;
    expect(markdown.match(/^<\/details>$/gm)?.length ?? 0).toBe(opened);
  }

  function expectWhole(markdown: string): void {
    expectComplete(markdown);
    const elements = elementsOf(renderGfm(markdown));
    expect(elements).toContain("table");
    expect(elements.filter((name) => !OURS.has(name))).toEqual([]);
  }
});

/** All the elements that our Markdown makes. */
const OURS: ReadonlySet<string> = new Set([
  ...["h3", "h4", "p", "ul", "li", "strong", "code", "pre", "a", "br", "sub", "span"],
  ...["table", "thead", "tbody", "tr", "th", "td", "details", "summary"],
]);

describe("hostile text", { timeout: 30_000 }, () => {
  it("in any place makes no element and no link of its own", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 30, maxLength: 30 }), (texts) => {
        let at = 0;
        const text = (): string => {
          at += 1;
          return texts[at % texts.length] ?? "";
        };
        const report = bigReport({ images: 1, stages: 3, findings: 2, text });
        const html = renderGfm(renderComment(report, onGitHub));
        expect(elementsOf(html).filter((name) => !OURS.has(name))).toEqual([]);
        for (const [, href = ""] of html.matchAll(/<a href="([^"]*)"/g)) {
          expect(href).toMatch(
            /^https:\/\/(github\.com\/(acme\/shop\/(blob|commit|actions)|hadolint\/hadolint\/wiki)\/|example\.com\/)/,
          );
        }
        const words = html.replace(/<(code|pre)\b.*?<\/\1>/gs, " ").replace(/<[^>]*>/g, "\n");
        expect(words.replace(/&#?\w+;/g, " ")).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\./i);
      }),
      { numRuns: 20 },
    );
  });
});
