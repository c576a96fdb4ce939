import { describe, expect, it } from "vitest";
import type { Waste } from "../../src/model/image.ts";
import type { Report } from "../../src/model/report.ts";
import type { RenderFacts } from "../../src/report/markdown/page.ts";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import { escapeCode } from "../../src/report/markdown-escape.ts";
import {
  MISSED_ON_HIGH,
  makeAdvice,
  makeDigest,
  makeFailedReportStage,
  makeFinding,
  makeLayer,
  makeLintFinding,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSavedReportStage,
  makeSkippedReportStage,
  makeWaste,
} from "../make.ts";
import { renderGfm } from "./render.ts";
import { expectValidReport } from "./schema.ts";
import { tradingApp } from "./trading-app.ts";

const nowhere: RenderFacts = {};

const onGitHub: RenderFacts = {
  source: {
    serverUrl: "https://github.com",
    repository: "acme/shop",
    commit: "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d",
  },
  summaryUrl: "https://github.com/acme/shop/actions/runs/7",
};

/** The comment, with plain spaces for those that keep a line from being broken. */
function comment(report: Report, facts: RenderFacts = nowhere): string {
  expectValidReport(report);
  return renderComment(report, facts).replaceAll("\u00A0", " ");
}

/** The summary, in the same way. */
function summary(report: Report, facts: RenderFacts = nowhere): string {
  expectValidReport(report);
  return renderSummary(report, facts).replaceAll("\u00A0", " ");
}

function reportOf(...stages: Parameters<typeof makeReportStage>[0][]): Report {
  return makeReport({
    images: [makeReportImage({ stages: stages.map((stage) => makeReportStage(stage)) })],
  });
}

/** The first row of the table of stages that has a cell with this text. */
function rowOf(markdown: string, name: string): readonly string[] {
  const line = markdown.split("\n").find((row) => row.includes(`\`${name}\` |`)) ?? "";
  return line
    .split("|")
    .map((cell) => cell.trim())
    .slice(1, -1);
}

const tooBig = {
  rule: "max-unpacked",
  limit: 150_000_000,
  actual: 162_300_000,
  verdict: "fail",
} as const;

describe("the headline", () => {
  it("names the stage that misses its goal, and by how much", () => {
    const report = {
      ...reportOf({ goals: [tooBig], unpacked: 162_300_000 }),
      verdict: "fail",
    } as const;
    expect(comment(report).split("\n")[0]).toBe(
      "### ❌ `production`: 162.3 MB unpacked, 12.3 MB over its goal of 150 MB",
    );
  });

  it("names the stage that failed first of all, and counts the rest", () => {
    expect(comment(tradingApp).split("\n")[0]).toBe(
      "### ❌ `monitoring` failed to build at line 68; 3 of 6 goals missed in `production`; 1 goal not judged",
    );
  });

  it("says how far a single stage is under its goal", () => {
    const goal = { ...tooBig, actual: 140_000_000, verdict: "pass" } as const;
    expect(comment(reportOf({ goals: [goal] })).split("\n")[0]).toBe(
      "### ✅ `production` is 140 MB unpacked, 10 MB under its goal",
    );
  });

  it("counts the goals that are met", () => {
    const goal = { ...tooBig, actual: 140_000_000, verdict: "pass" } as const;
    const report = reportOf({ goals: [goal] }, { name: "development", goals: [goal, goal] });
    expect(comment(report).split("\n")[0]).toBe("### ✅ All 3 goals are met");
  });

  it("says that no goals are set", () => {
    expect(comment(makeReport())).toContain(
      "1 stage of `Dockerfile` built for `linux/amd64`. No goals",
    );
    expect(comment(makeReport()).split("\n")[0]).toBe(
      "### ✅ `production` is 140 MB unpacked, 50 MB to download",
    );
  });

  it("says once why no download is known, and nothing in its place", () => {
    const stages = [makeSavedReportStage(), makeSavedReportStage({ name: "tests" })];
    const said = "How much is downloaded is not known: docker save gave it unpacked";
    const report = makeReport({ images: [makeReportImage({ stages })], notes: [said] });
    for (const text of [comment(report), summary(report)]) {
      expect(rowOf(text, "production").slice(1, 3)).toEqual(["140 MB", "not known"]);
      expect(text).toContain(
        "`production`, `tests` were weighed without a download: docker save gave it unpacked",
      );
      expect(text.split("gave it unpacked")).toHaveLength(2);
      expect(text).toContain("| Unpacked | Line | Instruction |");
      expect(text).not.toMatch(/NaN|undefined|\b0 B\b/);
    }
  });

  it("says that a goal on the download could not be judged, and why", () => {
    const reason = "how much is downloaded is not known: docker save gave it unpacked";
    const goals = [{ rule: "max-download", limit: 9, verdict: "unknown", reason } as const];
    const image = makeReportImage({ stages: [makeSavedReportStage({ goals })] });
    const text = comment(makeReport({ verdict: "unknown", images: [image] }));
    expect(text).toContain(`### ❔ \`production\` could not be judged\n\nBecause ${reason}.`);
    expect(text).not.toContain("were weighed without");
  });

  it("tells the size of a single stage whose download is not known", () => {
    const image = makeReportImage({ stages: [makeSavedReportStage()] });
    expect(comment(makeReport({ images: [image] })).split("\n")[0]).toBe(
      "### ✅ `production` is 140 MB unpacked",
    );
  });

  it("says why something could not be judged", () => {
    const goal = {
      rule: "fail-on-severity",
      limit: "high",
      verdict: "unknown",
      reason: "it was not scanned: no database",
    } as const;
    const scan = { status: "unavailable", reason: "no database" } as const;
    const report = reportOf({ goals: [goal], scan }, { name: "development", goals: [goal], scan });
    const lines = comment({ ...report, verdict: "unknown" }).split("\n");
    expect(lines[0]).toBe("### ❔ 2 stages could not be judged");
    expect(lines[2]).toBe("Because it was not scanned: no database.");
  });

  it("names the Dockerfile that lint holds back", () => {
    const image = makeReportImage({
      failOnLint: { limit: "warning", actual: "error", verdict: "fail" },
      stages: [
        makeReportStage({
          findings: [
            makeLintFinding({ severity: "error" }),
            makeLintFinding({ severity: "warning" }),
            makeLintFinding({ severity: "style" }),
          ],
        }),
      ],
    });
    expect(comment(makeReport({ verdict: "fail", images: [image] })).split("\n")[0]).toBe(
      "### ❌ `Dockerfile`: 1 error, 1 warning from lint, goal: no warnings or errors",
    );
  });

  it("says that it is not below what it must be far below", () => {
    const goal = {
      rule: "min-reduction",
      limit: 70,
      original: 100_000_000,
      actual: -40,
      verdict: "fail",
    } as const;
    const base = { unpacked: 10_000_000, download: 5_000_000 };
    const report = { ...reportOf({ goals: [goal], base }), verdict: "fail" } as const;
    expect(comment(report).split("\n")[0]).toBe(
      "### ❌ `production`: 140 MB unpacked, 40% above 100 MB where its goal is 70% below (30 MB)",
    );
  });
});

describe("below the headline", () => {
  const missed = { ...tooBig, limit: 100_000_000, actual: 140_000_000 };
  const report = {
    ...reportOf(
      {
        goals: [
          missed,
          {
            rule: "min-reduction",
            limit: 70,
            original: 300_000_000,
            actual: 53.3,
            verdict: "fail",
          },
        ],
      },
      { name: "development", index: 1, goals: [missed] },
    ),
    verdict: "fail",
  } as const;

  it("every missed goal is told, with the other one that says the same, and what cannot be helped", () => {
    const lines = comment(report).split("\n");
    expect(lines[0]).toBe("### ❌ 3 of 3 goals missed in 2 stages");
    expect(lines.slice(2, 4)).toEqual([
      "- `production`: 140 MB unpacked, 53.3% below 300 MB where its goal is 70% below (90 MB); also 40 MB over its goal of 100 MB; the base image alone is 110 MB; its biggest package is `numpy`, 20 MB, from line 3",
      "- `development`: 140 MB unpacked, 40 MB over its goal of 100 MB; the base image alone is 110 MB",
    ]);
  });

  it("it is said that goals only advise, where they do", () => {
    expect(comment(report, { fail: false })).toContain("The step passes all the same: `fail` is");
    expect(comment(report, { fail: true })).not.toContain("The step");
  });

  it("it is said what becomes of a step whose goals could not be judged", () => {
    const goal = {
      rule: "fail-on-severity",
      limit: "high",
      verdict: "unknown",
      reason: "it was not scanned",
    } as const;
    const unknown = { ...reportOf({ goals: [goal] }), verdict: "unknown" } as const;
    expect(comment(unknown, { fail: true, onUnknown: "fail" })).toContain("The step fails, as");
    expect(comment(unknown, { fail: true, onUnknown: "warn" })).toContain("`on-unknown` is `warn`");
  });

  it("a green report tells what no goal is on", () => {
    const { fixed: _, ...unfixed } = makeFinding({ rule: "CVE-2", severity: "critical" });
    expect(comment(reportOf({ findings: [makeFinding(), unfixed] }))).toContain(
      "The scan found 1 critical, 1 high (1 of 2 has a fix). No goal counts them.",
    );
  });
});

describe("the name of the report", () => {
  const ofFile = (dockerfile: string) =>
    makeReport({ name: "nightly", images: [makeReportImage({ dockerfile })] });

  it("is told where the user gave it, or the Dockerfile is not the plain one", () => {
    expect(comment(ofFile("Dockerfile"), { nameIsGiven: true })).toContain("### ✅ `nightly` · ");
    expect(comment(ofFile("Dockerfile.backend"))).toContain("### ✅ `nightly` · ");
    expect(comment(ofFile("Dockerfile"))).not.toContain("nightly");
  });
});

describe("the table of stages", () => {
  it("has sizes, shares, goals with their distance, findings and time", () => {
    expect(rowOf(summary(tradingApp), "production")).toEqual([
      "❌ `production`",
      "167.1 MB",
      "56.1 MB",
      "33.9 + 133.2 MB",
      "≤ 150 MB: **17.1 MB over**<br>≥ 70% below 500 MB: **66.6%**<br>no HIGH or CRITICAL finding: **4 found**",
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
      "1 goal not judged",
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
    expect(markdown).toContain("1 of 2 stages of `Dockerfile` built");
  });
});

describe("what is biggest", () => {
  it("is shown at once for a stage that is too big", () => {
    const markdown = comment(tradingApp);
    const at = markdown.indexOf("**What is biggest in `production`**");
    expect(at).toBeGreaterThan(0);
    expect(at).toBeLessThan(markdown.indexOf("<details>"));
    expect(markdown).toContain("| 24.3 MB | 8.41 MB | 42 | `RUN pip install --no-cache-dir");
  });

  it("has folders and files in tables of their own, with their lines", () => {
    expect(comment(tradingApp)).toContain(
      [
        "| 9.62 MB | `/app` | 45 |",
        "",
        "| Unpacked | File | Line |",
        "| --: | :-- | --: |",
        "| 10.1 MB |",
      ].join("\n"),
    );
  });

  it("does not give a row to every small layer", () => {
    const layers = [1_000, 139_000_000, 2_000].map((unpacked) => makeLayer({ unpacked }));
    const markdown = comment({ ...reportOf({ goals: [tooBig], layers }), verdict: "fail" });
    expect(markdown).toContain("| 3 kB | 20 MB |  | 2 smaller layers |");
  });

  it("tells the base image as one", () => {
    expect(comment(tradingApp)).toContain(
      "| 133.2 MB | 45.3 MB | 1 | `FROM python:3.11-slim AS deps-builder` 2 base layers |",
    );
  });

  it("is behind a line to open for the others", () => {
    const markdown = comment(tradingApp);
    const other = markdown.slice(markdown.indexOf("What is biggest in the other stages"));
    expect(other).toContain("**`deps-builder`**, 343.3 MB");
    expect(other).not.toContain("**`production`**");
  });

  it("names the stages that there is no room for", () => {
    const stages = ["a", "b", "c", "d", "e", "f"].map((name, at) => ({
      name,
      layers: [makeLayer({ digest: makeDigest(String(at)) })],
      goals: at === 0 ? [tooBig] : [],
    }));
    const report = { ...reportOf(...stages), verdict: "fail" } as const;
    expect(comment(report)).toContain("… and 2 more stages: `e`, `f`.\n\n</details>");
    expect(summary(report)).not.toContain("more stages");
  });
});

describe("what would make it smaller", () => {
  it("has a price, and what to write instead", () => {
    expect(comment(reportOf({ advice: [makeAdvice()] }))).toContain(
      [
        "**What would make it smaller**",
        "",
        "| Saves | Stages | Line | What, and what to write instead |",
        "| --: | :-- | --: | :-- |",
        "| 20 MB | `production` | 3, 5 | Line 5 deletes what line 3 wrote, which every pull still downloads.<br>`RUN pip install -r requirements.txt && rm -rf /root/.cache` |",
      ].join("\n"),
    );
  });

  it("names three of its lines, and says how many others there are", () => {
    const report = reportOf({ advice: [makeAdvice({ lines: [3, 5, 38, 47, 55] })] });
    expect(comment(report)).toContain("| 20 MB | `production` | 3, 5, 38 and 2 more | ");
  });

  it("is told once for stages that share the lines, with what it saves at most", () => {
    const report = reportOf(
      { advice: [makeAdvice({ bytes: 1_000_000 })] },
      { name: "development", advice: [makeAdvice()] },
    );
    expect(comment(report)).toContain("| 20 MB | both | 3, 5 |");
    expect(comment(report)).not.toContain("| 1 MB |");
  });

  it("is counted where there is no room for all", () => {
    const advice = [1, 2, 3, 4, 5].map((line) => makeAdvice({ lines: [line] }));
    expect(comment(reportOf({ advice }))).toContain("… and 2 smaller savings.");
  });

  it("is not a heading over nothing", () => {
    expect(comment(reportOf({ advice: [] }))).not.toContain("smaller");
  });
});

describe("wasted bytes", () => {
  it("are told by the line that wrote them and the one that made them dead", () => {
    const waste = [makeWaste(), makeWaste({ files: 41, bytes: 500_000 })].map((item, at) =>
      at === 0 ? item : withoutPath(item),
    );
    const report = reportOf({ wasted: 20_500_000, live: 119_500_000, efficiency: 0.85357, waste });
    expect(summary(report)).toContain(
      [
        "<summary>Up to 20.5 MB of a stage are wasted: no container can see them</summary>",
        "",
        "| Wasted | Stages | Written by | Hidden by | How | Largest file |",
        "| --: | :-- | :-- | :-- | :-- | :-- |",
        "| 20.5 MB | `production` | line 3 | line 5 | deleted | `/root/.cache/pip/http/wheel.body` and 41 more files |",
      ].join("\n"),
    );
  });

  it("have no section where they are few and break no goal", () => {
    const stage = { wasted: 9_000, waste: [makeWaste({ bytes: 9_000 })] };
    const goal = { rule: "max-wasted", limit: 1_000, actual: 9_000, verdict: "fail" } as const;
    expect(summary(reportOf(stage))).not.toContain("no container can see them");
    expect(summary(reportOf({ ...stage, unpacked: 200_000 }))).toContain("Up to 9 kB of a stage");
    expect(summary({ ...reportOf({ ...stage, goals: [goal] }), verdict: "fail" })).toContain(
      "Up to 9 kB of a stage",
    );
  });

  it("are summed up beyond what there is room for", () => {
    const waste = Array.from({ length: 12 }, (_, at) =>
      makeWaste({
        bytes: 12_000_000 - at,
        killedBy: { layer: 2 + at, digest: makeDigest(at.toString(16)) },
      }),
    );
    const report = { ...reportOf({ wasted: 99_000_000, waste }), verdict: "fail" } as const;
    expect(comment(report)).toContain("\n\n… and 7 more rows, 84 MB.\n\n</details>");
    expect(summary(report)).not.toContain("more rows");
  });

  it("of layers without a line are told by the layer's number", () => {
    const waste = [makeWaste({ writtenBy: { layer: 0, digest: makeDigest("b") } })];
    const report = reportOf({ wasted: 20_000_000, live: 120_000_000, efficiency: 0.857, waste });
    expect(summary(report)).toContain("| layer 1 | line 5 | deleted |");
  });
});

function withoutPath({ path, ...rest }: Waste): Waste {
  return rest;
}

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

describe("findings", () => {
  it("are one row for one problem in several stages, worst first", () => {
    const rows = comment(tradingApp)
      .split("\n")
      .filter((line) => /^\| (secret \(high\)|critical|high|medium) \|/.test(line));
    expect(rows).toEqual([
      "| secret (high) | `private-key` | `/app/certs/dev.pem` | `production` | 45 |",
      "| critical | [`CVE-2023-45853`](https://avd.aquasec.com/nvd/cve-2023-45853) | `zlib1g` 1:1.2.13.dfsg-1, no fix yet | all 5 | 1 |",
      "| high | [`CVE-2024-0001`](https://avd.aquasec.com/nvd/cve-2024-0001) | `libssl3`, `openssl` 3.0.11-1\\~deb12u2 → 3.0.13-1\\~deb12u1 | all 5 | 1 |",
      "| medium | [`CVE-2024-35195`](https://avd.aquasec.com/nvd/cve-2024-35195) | `requests` 2.31.0 → 2.32.0 | `production`, `development` | 42 |",
    ]);
  });

  it("are counted as a scanner counts them", () => {
    expect(comment(tradingApp)).toContain(
      "<summary>Found by the scan: 1 secret, 1 critical, 2 high, 1 medium</summary>",
    );
  });

  it("of linters are sorted by level, with what they say as they mean it", () => {
    expect(comment(tradingApp)).toContain(
      "| info | [`DL3059`](https://github.com/hadolint/hadolint/wiki/DL3059) | 9 | Multiple consecutive `RUN` instructions. Consider consolidation. |",
    );
  });

  it("are only counted beyond what there is room for", () => {
    const findings = Array.from({ length: 200 }, (_, at) => makeFinding({ rule: `CVE-${at}` }));
    expect(comment(reportOf({ findings }))).toContain("… and 190 more findings.");
  });
});

describe("what makes a goal on severity missed", () => {
  const secret = {
    tool: "trivy",
    kind: "secret",
    rule: "private-key",
    severity: "high",
    message: "Asymmetric Private Key in /app/key.pem, at line 1 of that file.",
    path: "/app/key.pem",
  } as const;
  const { fixed: _, ...unfixed } = makeFinding({
    rule: "CVE-9",
    package: "zlib1g",
    message: "zlib1g 1.2: overflow; its vendor will not fix it.",
    outlook: "will-not-fix",
  });
  const findings = [
    makeFinding({ line: 5, fixed: "3.0.12-1, 3.1.0" }),
    makeFinding({ line: 5, rule: "CVE-2024-0002", fixed: "3.0.13-1", severity: "critical" }),
    makeFinding({ rule: "CVE-2024-0003", severity: "medium", package: "curl" }),
    unfixed,
    { ...secret, line: 7 },
  ];
  const copied = findings.map((finding) => ({ ...finding, line: 12 }));
  const report = {
    ...reportOf(
      { name: "builder", findings },
      { index: 1, findings: copied, goals: [MISSED_ON_HIGH] },
    ),
    verdict: "fail",
  } as const;

  it("is told by package, with the one version to go to, at the line that brought it in", () => {
    expect(comment(report)).toContain(
      "| `openssl` 3.0.11-1 → **3.0.13-1** | 1 critical, 1 high: [`CVE-2024-0002`](https://avd.aquasec.com/nvd/cve-2024-0001), [`CVE-2024-0001`](https://avd.aquasec.com/nvd/cve-2024-0001) | 5 |",
    );
    expect(comment(report)).toContain("the goal on severity asks for** in `production`\n");
    expect(comment(report)).not.toContain("| `curl` 3.0.11-1 → **");
  });

  it("is told with its stages where not all of them carry the same", () => {
    const other = makeReportStage({
      name: "docs",
      index: 2,
      goals: [MISSED_ON_HIGH],
      findings: [makeFinding({ package: "curl" })],
    });
    const image = makeReportImage({ stages: [...(report.images[0]?.stages ?? []), other] });
    expect(comment({ ...report, images: [image] })).toMatch(
      /^\| `openssl` .* \| 5 \| `production` \|$/m,
    );
  });

  it("is told apart where there is nothing to update to", () => {
    expect(comment(report)).toContain("Nothing to update to: `zlib1g` (high [`CVE-9`](");
    expect(comment(report)).toContain("), won't fix).");
  });

  it("is told with what can be done where no update helps", () => {
    const text = comment(reportOf({ findings: [unfixed], goals: [MISSED_ON_HIGH] }));
    expect(text).toContain(
      "won't fix). What can be done: wait, take another base image, accept single findings in the file that `trivy-ignore-file` names, or leave out all that have no fix with `ignore-unfixed: true`.\n",
    );
    expect(comment(reportOf({ findings: [makeFinding()], goals: [MISSED_ON_HIGH] }))).not.toContain(
      "ignore-",
    );
  });

  it("is not told of stages without such a goal", () => {
    expect(comment(reportOf({ findings }))).not.toContain("the goal on severity asks for");
  });
});

describe("lint that breaks a goal", () => {
  it("is open, each thing once whatever the linters call it, with all lines of a rule", () => {
    const image = makeReportImage({
      failOnLint: { limit: "warning", actual: "error", verdict: "fail" },
      findings: [
        makeLintFinding({ rule: "DL3025", line: 9, help: "https://example.com/a" }),
        makeLintFinding({
          tool: "buildkit",
          rule: "JSONArgsRecommended",
          message: "JSON arguments recommended",
          line: 9,
          help: "https://example.com/b",
        }),
        makeLintFinding({ line: 3 }),
        makeLintFinding({ line: 5 }),
        makeLintFinding({ rule: "DL3059", severity: "info", line: 6 }),
      ],
    });
    const markdown = comment(makeReport({ verdict: "fail", images: [image] }));
    const [open = "", folded = ""] = markdown.split("<summary>What the linters found besides");
    expect(markdown).toContain("3 warnings from lint");
    expect(open).toContain(
      "| warning | [`DL3025`](https://example.com/a), [`JSONArgsRecommended`](https://example.com/b) | 9 |",
    );
    expect(open).toContain("| 3, 5 | Pin versions in apt get install |");
    expect(folded).toContain("`DL3059`");
  });
});

it("a linter's rule stands on the lines only that it finds fault with itself", () => {
  const words = "Use arguments JSON notation for CMD and ENTRYPOINT arguments";
  const hadolint = { rule: "DL3025", message: words, help: "https://example.com/a" };
  const image = makeReportImage({
    findings: [
      makeLintFinding({ ...hadolint, line: 2 }),
      makeLintFinding({ ...hadolint, line: 3 }),
      makeLintFinding({ ...hadolint, line: 6 }),
      ...[3, 6].map((line) =>
        makeLintFinding({
          tool: "buildkit",
          rule: "JSONArgsRecommended",
          message: "JSON arguments recommended for CMD",
          help: "https://example.com/b",
          line,
        }),
      ),
    ],
  });
  const markdown = comment(makeReport({ images: [image] }));
  expect(markdown).toContain(
    `| warning | [\`DL3025\`](https://example.com/a) | 2 | ${words} |\n` +
      "| warning | [`DL3025`](https://example.com/a), [`JSONArgsRecommended`](https://example.com/b) " +
      `| 3, 6 | ${words} |\n`,
  );
});

describe("links", () => {
  it("lead to the line of the Dockerfile at the commit that was measured", () => {
    const image = makeReportImage({
      dockerfile: "my apps/Dockerfile",
      stages: [makeReportStage({ findings: [makeFinding({ line: 12 })] })],
    });
    expect(comment(makeReport({ images: [image] }), onGitHub)).toContain(
      "[12](https://github.com/acme/shop/blob/2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d/my%20apps/Dockerfile#L12)",
    );
  });

  it("lead from the comment to the summary, and not from the summary to itself", () => {
    const url = "(https://github.com/acme/shop/actions/runs/7)";
    expect(renderComment(makeReport(), onGitHub)).toContain(url);
    expect(renderSummary(makeReport(), onGitHub)).not.toContain(url);
  });

  it("are none where nobody knows where the source is", () => {
    expect(comment(makeReport(), nowhere)).not.toContain("](");
  });
});

describe("several Dockerfiles", () => {
  const report = makeReport({
    verdict: "fail",
    images: [
      makeReportImage({ name: "backend", dockerfile: "Dockerfile.backend" }),
      makeReportImage({
        name: "frontend",
        dockerfile: "Dockerfile.frontend",
        stages: [makeReportStage({ image: "frontend", goals: [tooBig], unpacked: 162_300_000 })],
      }),
    ],
  });

  it("have a heading each", () => {
    expect(comment(report)).toContain("#### `backend` from `Dockerfile.backend`");
    expect(comment(report)).toContain("#### `frontend` from `Dockerfile.frontend`");
  });

  it("are told apart in the headline", () => {
    expect(comment(report).split("\n")[0]).toBe(
      "### ❌ `frontend/production`: 162.3 MB unpacked, 12.3 MB over its goal of 150 MB",
    );
  });
});

describe("many Dockerfiles", () => {
  const images = ["a", "b", "c", "d", "e"].map((name) =>
    makeReportImage({
      name,
      dockerfile: `${name}/Dockerfile`,
      stages: [makeReportStage({ image: name, goals: name === "c" ? [tooBig] : [] })],
    }),
  );

  it("have a section where something is wrong, and are one table where nothing is", () => {
    const markdown = comment(makeReport({ verdict: "fail", images }));
    expect(markdown.match(/^#### .*/gm)).toEqual(["#### `c` from `c/Dockerfile`"]);
    const folded = markdown.slice(markdown.indexOf("4 Dockerfiles pass"));
    expect(folded).toContain("| `a/production` | 140 MB | 50 MB |");
  });

  it("have what the linters found counted, where nothing else is wrong with them", () => {
    const linted = images.map((image) => ({ ...image, findings: [makeLintFinding()] }));
    const markdown = comment(makeReport({ images: linted }));
    expect(markdown).toContain("4 lint findings: 4 warnings");
    expect(comment(makeReport({ images }))).not.toContain("lint finding");
  });

  it("are behind a line each that says what is wrong, where that is so in more than three", () => {
    const missing = images.map((image, at) => ({
      ...image,
      name: `image-${at}`,
      stages: at === 4 ? image.stages : [makeReportStage({ image: image.name, goals: [tooBig] })],
    }));
    const markdown = comment(makeReport({ verdict: "fail", images: missing }));
    expect(markdown).not.toMatch(/^####/m);
    expect(markdown.match(/^<summary>.* from .*<\/summary>$/gm)).toEqual(
      ["a", "b", "c", "d"].map(
        (name, at) =>
          `<summary><code>image&#45;${at}</code> from <code>${name}&#47;Dockerfile</code>: 1 goal missed</summary>`,
      ),
    );
    expect(markdown).toContain("<summary>1 Dockerfile passes</summary>");
  });

  it("are one line where there are many that pass", () => {
    const many = Array.from({ length: 40 }, (_, at) => makeReportImage({ name: `image-${at}` }));
    expect(comment(makeReport({ images: many }))).toContain(
      "<summary>40 Dockerfiles pass</summary>",
    );
  });

  it("have a section each in the summary, what is wrong first", () => {
    const headings = summary(makeReport({ verdict: "fail", images })).match(/^#### `./gm);
    expect(headings).toEqual(["c", "a", "b", "d", "e"].map((name) => `#### \`${name}`));
  });
});

describe("the small print", () => {
  it("explains no word that is not shown", () => {
    const words = /<sub>(.*?)<br>/;
    expect(words.exec(comment(tradingApp))?.[1]).toBe(
      "Unpacked: all files of all layers. Download: the compressed layers, what a pull costs. 1 MB is 1,000,000 bytes.",
    );
    expect(words.exec(summary(tradingApp))?.[1]).toContain("Own: from this Dockerfile. Base: from");
    const failed = makeReportImage({ stages: [makeFailedReportStage()] });
    const text = comment(makeReport({ verdict: "fail", images: [failed] }));
    expect(words.exec(text)?.[1]).toBe("Unpacked: all files of all layers.");
  });

  it("explains what wasted means where something is", () => {
    expect(summary(reportOf({ wasted: 20_000_000, waste: [makeWaste()] }))).toContain(
      " Wasted: in the layers, though no container can see it. 1 MB",
    );
  });
});

describe("notes and versions", () => {
  it("are at the end", () => {
    const markdown = comment(tradingApp);
    expect(markdown).toContain("<summary>2 notes</summary>");
    expect(markdown.split("\n").at(-1)).toContain(
      "weighbridge 0.1.0 · Commit 2f1d7c9 · Docker 28.5.2 · buildx 0.29.1 · BuildKit 0.25.1 · Trivy 0.73.0 · Trivy's database of 2026-11-20 · Hadolint 2.15.1</sub>",
    );
  });

  it("name the head of the pull request, whose merge nobody knows", () => {
    expect(comment(makeReport({ commit: "b".repeat(40) }), onGitHub)).toContain(
      "Commit [2f1d7c9](https://github.com/acme/shop/commit/2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d), merged into its base",
    );
  });

  it("tell where the goals come from in small print", () => {
    const markdown = comment(makeReport({ notes: ["Configuration is read from goals.yml."] }));
    expect(markdown).toContain("<br>Configuration is read from goals.yml.<br>");
    expect(markdown).not.toContain("1 note");
  });
});
