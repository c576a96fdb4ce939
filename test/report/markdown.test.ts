import { describe, expect, it } from "vitest";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import { makeFinding, makeLintFinding, makeWaste } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSavedReportStage,
} from "../make-report.ts";
import { comment, nowhere, onGitHub, reportOf, rowOf, summary, tooBig } from "./rendered.ts";
import { tradingApp } from "./trading-app.ts";

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
      "### ❌ `monitoring` failed to build at line 68; 3 goals missed in `production`; 1 goal not judged",
    );
  });

  it("has what failed to build before what is too large", () => {
    const text = comment(tradingApp);
    const [failed, missed] = [text.indexOf("at line 68"), text.indexOf("- `production`: ")];
    expect(text.indexOf("failed to build", failed + 100)).toBeLessThan(missed);
    expect(text.indexOf("| Stage |")).toBeGreaterThan(missed);
  });

  it("calls a stage without a name one", () => {
    const stage = { name: "0", index: 0 };
    expect(comment(reportOf(stage)).split("\n")[0]).toBe(
      "### ✅ Stage `0` is 140 MB unpacked, 50 MB to download",
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
      "1 stage of `Dockerfile` built for `linux/amd64`. No goal",
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

  it("says which goal is met where the only one is that on lint", () => {
    const failOnLint = { limit: "error", actual: "none", verdict: "pass" } as const;
    const images = [makeReportImage({ failOnLint })];
    expect(comment(makeReport({ images })).split("\n")[0]).toBe("### ✅ The goal on lint is met");
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
      "- `production`: 140 MB unpacked, 53.3% below 300 MB where its goal is 70% below (90 MB); also 40 MB over its goal of 100 MB; the base image alone is 110 MB; your largest line is 3, 30 MB",
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

  it("lead to no line where the Dockerfile has others in that commit", () => {
    const image = makeReportImage({
      stages: [makeReportStage({ findings: [makeFinding({ line: 12 })] })],
    });
    const source = {
      serverUrl: "https://github.com",
      repository: "acme/shop",
      commit: "2f1d7c9",
      otherLines: ["Dockerfile"],
    };
    const text = comment(makeReport({ images: [image] }), { source });
    expect(text).toMatch(/\[12\]\(https:[^)]*\/Dockerfile\)/);
    expect(text).not.toContain("#L");
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
