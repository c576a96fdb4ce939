import { describe, expect, it } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import { renderComment, renderSummary } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSkippedReportStage,
} from "../make-report.ts";
import { expectValidReport } from "./schema.ts";

function unknown(reason: string): GoalResult {
  return { rule: "max-unpacked", limit: 150_000_000, verdict: "unknown", reason };
}

const { leftOut: _, ...skipped } = makeSkippedReportStage({
  reason: "needs builder, which failed",
  failedNeeds: ["builder"],
  goals: [unknown("it was not built"), unknown("it was not built")],
});
const leftOut = makeSkippedReportStage({ name: "docs", index: 2, goals: [unknown("not built")] });
const stages = [makeFailedReportStage({ name: "builder" }), skipped, leftOut];
const report = makeReport({ verdict: "fail", images: [makeReportImage({ stages })] });

describe("a stage that needs one that failed", () => {
  it.each([
    ["comment", renderComment(report, {})],
    ["summary", renderSummary(report, {})],
  ])("is skipped in the table of the %s, with its reason and its goals not judged", (_, text) => {
    expectValidReport(report);
    expect(text.replaceAll("\u00A0", " ")).toMatch(
      /^\| ❔ `production` \| skipped \|.* 2 goals not judged \|/m,
    );
    expect(text).toContain("`production` was skipped, since it needs `builder`, which failed");
    expect(text).toContain("`docs` was not weighed: not among the targets");
  });

  it("is told together with the others that need the same", () => {
    const images = [makeReportImage({ stages: [...stages, { ...skipped, name: "tests" }] })];
    expect(renderComment({ ...report, images }, {})).toContain(
      "`production`, `tests` were skipped, since they need `builder`, which failed",
    );
  });

  it("names all that failed", () => {
    const two = { ...skipped, failedNeeds: ["base", "builder"] };
    const images = [makeReportImage({ stages: [makeFailedReportStage({ name: "builder" }), two] })];
    expectValidReport({ ...report, images });
    expect(renderComment({ ...report, images }, {})).toContain(
      "`production` was skipped, since it needs `base` and `builder`, which failed",
    );
  });

  it("is counted where more have failed than are named", () => {
    const others = ["b", "c", "d"].map((name) => ({
      ...skipped,
      name: `of-${name}`,
      reason: `needs ${name}, which failed`,
      failedNeeds: [name],
    }));
    const images = [makeReportImage({ stages: [...stages, ...others] })];
    expect(renderComment({ ...report, images }, {})).toContain(
      "`of-c` was skipped, since it needs `c`, which failed<br>1 more stage was skipped\n",
    );
  });

  it("is skipped in the terminal too", () => {
    const text = renderTerminal(report, { color: false });
    expect(text).toContain("?  production  2 goals  not judged: needs builder, which failed\n");
    expect(text).toMatch(/^ {2}production +skipped +needs builder, which failed$/m);
    expect(text).toMatch(/^ {2}docs +not weighed +not among the targets$/m);
  });

  it("has its goals counted together with those that could not be judged for another reason", () => {
    const tests = makeReportStage({ name: "tests", goals: [unknown("no database")] });
    const images = [makeReportImage({ stages: [...stages, tests] })];
    expect(renderComment({ ...report, images }, {}).split("\n")[0]).toBe(
      "### ❌ `builder` failed to build at line 3; 3 goals not judged",
    );
  });

  it("has its goals counted in the verdict, unlike one that nobody asked for", () => {
    expect(renderComment(report, {}).split("\n")[0]).toBe(
      "### ❌ `builder` failed to build at line 3; 2 goals not judged",
    );
  });
});

it("goals of stages that nobody asked for are none of those that were missed or not", () => {
  const missed = { ...unknown(""), verdict: "fail", actual: 160_000_000 } as const;
  const built = makeReportStage({ goals: [missed, { ...missed, rule: "max-download" }] });
  const image = makeReportImage({ stages: [built, leftOut] });
  expect(renderComment(makeReport({ verdict: "fail", images: [image] }), {}).split("\n")[0]).toBe(
    "### ❌ 2 goals missed in `production`",
  );
});

describe("a stage of which only some goals could be judged", () => {
  const missed = { rule: "max-unpacked", limit: 1, actual: 9, verdict: "fail" } as const;
  const reason = "it was not scanned: no database";
  const open = { rule: "fail-on-severity", limit: "high", verdict: "unknown", reason } as const;
  const stage = makeReportStage({ name: "base", goals: [missed, open] });
  const image = makeReportImage({ stages: [stage] });
  const partly = makeReport({ verdict: "fail", images: [image] });

  it("is not said to have been judged and not judged in one sentence", () => {
    const lines = renderComment(partly, {}).split("\n");
    expect(lines[0]).toBe("### ❌ 1 goal missed in `base`; 1 goal of `base` could not be judged");
    expect(lines[3]).toBe(`- 1 goal of \`base\` could not be judged, because ${reason}`);
  });

  it("is said to be so together with others", () => {
    const other = makeReportStage({ name: "tests", goals: [open] });
    const images = [makeReportImage({ stages: [stage, other] })];
    expect(renderTerminal({ ...partly, images }, { color: false }).split("\n")[0]).toBe(
      "FAIL  1 goal missed in base; 2 goals of 2 stages could not be judged",
    );
  });
});

describe("what failed steps wrote", () => {
  it("is open for two, and of more only for the first: the table of stages stands below", () => {
    const opened = [2, 3].map((count) => {
      const stages = Array.from({ length: count }, (_, index) =>
        makeFailedReportStage({
          name: `stage-${index}`,
          index,
          failure: { output: ["no"], line: index },
        }),
      );
      const report = makeReport({ verdict: "fail", images: [makeReportImage({ stages })] });
      const comment = renderComment(report, {});
      return [
        comment.match(/^no$/gm)?.length,
        comment.match(/<summary>What it wrote</g)?.length ?? 0,
      ];
    });
    expect(opened).toEqual([
      [2, 0],
      [3, 2],
    ]);
  });
});

it("a stage that was not built is what the run fails for, where nothing else is", () => {
  const alone = { ...skipped, reason: "was not built", goals: [] };
  const { failedNeeds: __, ...unbuilt } = alone;
  const images = [makeReportImage({ stages: [makeReportStage({ name: "base" }), unbuilt] })];
  const text = renderComment(makeReport({ verdict: "fail", images }), { fail: false });
  expect(text).toMatch(/^### ❌ `production` was not built$/m);
  expect(text).not.toContain("The step passes");
});
