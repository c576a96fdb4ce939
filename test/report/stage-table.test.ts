import { describe, expect, it } from "vitest";
import { escapeCode } from "../../src/report/markdown-escape.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSkippedReportStage,
} from "../make-report.ts";
import { renderGfm } from "./render.ts";
import { comment, reportOf, rowOf, summary, tooBig } from "./rendered.ts";
import { tradingApp } from "./trading-app.ts";

describe("the table of stages", () => {
  it("has sizes, shares, goals with their distance, findings and time", () => {
    expect(rowOf(summary(tradingApp), "production")).toEqual([
      "❌ `production`",
      "167.1 MB",
      "56.1 MB",
      "33.9 + 133.2 MB",
      "≤ 150 MB: **17.1 MB over**<br>≥ 70% below 500 MB: **66.6%, 17.1 MB over**<br>no HIGH or CRITICAL finding: **4 found**",
      "**1 secret, 1 critical, 2 high**, 1 medium",
      "12 s",
    ]);
  });

  it("has goals on severity among the goals, met or missed", () => {
    const goal = { rule: "fail-on-severity", limit: "critical" } as const;
    const report = reportOf(
      { goals: [{ ...goal, actual: "none", verdict: "pass" }] },
      { name: "tests", goals: [{ ...goal, verdict: "unknown", reason: "it was not scanned" }] },
    );
    const text = comment({ ...report, verdict: "unknown" });
    expect(rowOf(text, "production")[3]).toBe("no CRITICAL finding: none found");
    expect(rowOf(text, "tests")[3]).toBe("no CRITICAL finding: not judged");
  });

  it("marks nothing that is well", () => {
    expect(rowOf(summary(tradingApp), "development").slice(4)).toEqual([
      "≤ 180 MB: 17.7 MB left",
      "1 critical, 2 high, 1 medium",
      "3.1 s",
    ]);
  });

  it("says that a stage was cached", () => {
    expect(rowOf(summary(tradingApp), "hft-optimized").at(-1)).toBe("cached");
  });

  it("says that a stage failed", () => {
    expect(rowOf(comment(tradingApp), "monitoring").slice(0, 4)).toEqual([
      "❌ `monitoring`",
      "**failed**",
      "",
      "≤ 170 MB: not judged",
    ]);
  });

  it("has digits enough to tell a missed goal from a met one", () => {
    const goal = { ...tooBig, actual: 150_040_000 };
    const report = {
      ...reportOf({ unpacked: 150_040_000, goals: [goal] }),
      verdict: "fail",
    } as const;
    expect(rowOf(comment(report), "production").slice(1, 2)).toEqual(["150.04 MB"]);
    expect(comment(report)).toContain("**40 kB over**");
  });

  it("has no column of goals where none are set, and none of findings where nothing is scanned", () => {
    const markdown = comment(reportOf({ scan: { status: "off" } }));
    expect(markdown).toContain("| Stage | Unpacked | Download |\n");
  });

  it("never shows what was not scanned as nothing found", () => {
    const report = reportOf(
      { scan: { status: "unavailable", reason: "no database" } },
      { name: "development" },
    );
    const notes = ["Trivy did not check Dockerfile: no database"];
    const markdown = comment({ ...report, notes });
    expect(rowOf(markdown, "production")).toContain("not scanned");
    expect(markdown).toContain("`production` was not scanned: no database");
    expect(markdown.match(/no database/g)).toHaveLength(1);
    expect(rowOf(markdown, "development")).toContain("nothing found");
  });

  it("says which stages were left out, and why", () => {
    const image = makeReportImage({
      stages: [makeReportStage({ name: "a" }), makeSkippedReportStage()],
    });
    const markdown = comment(makeReport({ images: [image] }));
    expect(markdown).toContain("`production` was not weighed: not among the targets");
    expect(rowOf(markdown, "production")).toEqual([]);
    expect(markdown).toContain("\n1 stage of `Dockerfile` built for");
  });

  it.each([
    [["base"], "`base` was not weighed: targets leaves it out; built as far as a needs it"],
    [
      ["base", "deps"],
      "`base`, `deps` were not weighed: targets leaves them out; built as far as a needs them",
    ],
  ])("says it of %j in the right number", (names, sentence) => {
    const reason = "targets leaves it out; built as far as a needs it";
    const skipped = names.map((name) => makeSkippedReportStage({ name, reason }));
    const stages = [makeReportStage({ name: "a" }), ...skipped];
    const markdown = comment(makeReport({ images: [makeReportImage({ stages })] }));
    expect(markdown).toContain(sentence);
  });
});

describe("a failed stage", () => {
  it("is shown with the end of its output in a block", () => {
    const report = makeReport({
      verdict: "fail",
      images: [makeReportImage({ stages: [makeFailedReportStage()] })],
    });
    expect(comment(report)).toContain(
      [
        "```text",
        "ERROR: Could not find a version that satisfies the requirement flask==99.0",
        "ERROR: No matching distribution found for flask==99.0",
        "```",
      ].join("\n"),
    );
  });

  it("is told together with those that the same step has failed", () => {
    const stages = [
      makeFailedReportStage({ name: "builder" }),
      makeFailedReportStage({ name: "production", line: 9 }),
      makeFailedReportStage({ name: "docs", reason: "another reason" }),
    ];
    const markdown = comment(
      makeReport({ verdict: "fail", images: [makeReportImage({ stages })] }),
    );
    expect(markdown.split("\n")[0]).toBe("### ❌ 3 stages failed to build");
    expect(markdown).toContain(
      "**`builder`, `production` failed** at `Dockerfile` line 3: process",
    );
    expect(markdown.match(/^```text$/gm)).toHaveLength(2);
  });

  it("has the step that failed among its steps, as such", () => {
    const failed = (steps: Parameters<typeof makeFailedReportStage>[0]) =>
      summary(
        makeReport({
          verdict: "fail",
          images: [makeReportImage({ stages: [makeFailedReportStage(steps)] })],
        }),
      );
    expect(failed({})).toContain(
      "| `production` | 2 | cached |  |\n| `production` | 3 | **failed** |  |\n",
    );
    expect(failed({ steps: [{ line: 3, seconds: 1.4, cached: false }] })).toContain(
      "| `production` | 3 | **failed** after 1.4 s |  |",
    );
    expect(failed({ steps: [{ line: 3, seconds: 0.01, cached: false }] })).toContain(
      "| `production` | 3 | **failed** |  |",
    );
  });

  it("has what the step says in the Dockerfile, though there is no layer of it", () => {
    const instruction = "RUN pip install `x|y`";
    const markdown = summary(
      makeReport({
        verdict: "fail",
        images: [
          makeReportImage({
            stages: [
              makeFailedReportStage({
                steps: [{ line: 1, instruction: "FROM python", seconds: 1, cached: false }],
                failure: { line: 3, instruction, output: [] },
              }),
            ],
          }),
        ],
      }),
    );
    expect(markdown).toContain(
      "| `production` | 1 | 1 s | `FROM python` |\n" +
        `| \`production\` | 3 | **failed** | ${escapeCode(instruction)} |\n`,
    );
  });

  it("cannot end that block", () => {
    const failure = { line: 3, output: ["```", "</details>", "# not a heading", "@octocat"] };
    const report = makeReport({
      verdict: "fail",
      images: [makeReportImage({ stages: [makeFailedReportStage({ failure })] })],
    });
    const html = renderGfm(comment(report));
    expect(html).toContain(
      '<pre><code class="language-text">```\n&lt;/details&gt;\n# not a heading\n@octocat\n</code></pre>',
    );
  });
});
