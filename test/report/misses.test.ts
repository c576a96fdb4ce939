import { describe, expect, it } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import type { Report, ReportStage } from "../../src/model/report.ts";
import { annotationsOf } from "../../src/publish/annotations.ts";
import { missedText } from "../../src/publish/goal-text.ts";
import { renderComment } from "../../src/report/markdown.ts";
import { renderTerminal } from "../../src/report/terminal.ts";
import { MISSED_ON_HIGH, makeDigest, makeFinding, makeLayer, makeWaste } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { expectValidReport } from "./schema.ts";

function most(limit: number, actual: number): GoalResult {
  return { rule: "max-unpacked", limit, actual, verdict: "fail" };
}

function failing(...stages: readonly ReportStage[]): Report {
  const report = makeReport({ verdict: "fail", images: [makeReportImage({ stages })] });
  expectValidReport(report);
  return report;
}

/** The same stages, each with layers of its own: those of the same layers are told of together. */
function apart(stages: readonly ReportStage[]): readonly ReportStage[] {
  return stages.map((stage, at) => ({
    ...stage,
    layers: [makeLayer({ digest: makeDigest(String(at)) })],
  }));
}

/** The names at the beginning of the bullets of a comment. */
function bullets(report: Report): readonly string[] {
  return [...renderComment(report, {}).matchAll(/^- `([\w-]+)`: /gm)].map(([, name = ""]) => name);
}

describe("misses", () => {
  const critical = makeFinding({ severity: "critical" });
  const stages = [
    makeReportStage({ name: "high", goals: [MISSED_ON_HIGH], findings: [makeFinding()] }),
    makeReportStage({ name: "critical", goals: [MISSED_ON_HIGH], findings: [critical] }),
    makeReportStage({ name: "near", goals: [most(1_000_000_000, 1_400_000_000)] }),
    makeReportStage({ name: "far", goals: [most(1_000, 2_000)] }),
    makeReportStage({
      name: "share",
      goals: [{ rule: "min-efficiency", limit: 90, actual: 45, verdict: "fail" }],
    }),
    makeReportStage({ name: "nothing", goals: [most(0, 1)] }),
  ];
  const order = ["nothing", "far", "share", "near", "critical", "high"];

  it("are sorted by how far they are from what the goal allows, the farthest first", () => {
    expect(bullets(failing(...stages))).toEqual(order);
  });

  it("are sorted so in the table of stages and in the terminal too", () => {
    const rows = renderComment(failing(...stages), {}).matchAll(/^\| ❌\u00A0`([\w-]+)` \|/gm);
    expect([...rows].map(([, name]) => name)).toEqual(order);
    const lines = renderTerminal(failing(...stages), { color: false }).matchAll(/✗ {2}([\w-]+)/g);
    expect([...lines].map(([, name]) => name)).toEqual(order);
  });

  it("are sorted so where it is told what is biggest, of which the last are left out", () => {
    const tooBig = ["nothing", "far", "share"];
    const texts = [
      renderComment(failing(...apart(stages)), {}),
      renderTerminal(failing(...apart(stages)), { color: false }),
    ];
    for (const text of texts) {
      const titles = text.matchAll(/^[*]{0,2}What is biggest in `?([\w-]+)`?/gm);
      expect([...titles].map(([, name]) => name)).toEqual(tooBig);
    }
  });

  it("are sorted so among annotations too, of which not all are shown, over all images", () => {
    const images = stages.map((stage, at) => makeReportImage({ name: `${at}`, stages: [stage] }));
    const report = makeReport({ verdict: "fail", images });
    const titles = annotationsOf(report, { fail: true, onUnknown: "fail" })
      .filter(({ level }) => level === "error")
      .map(({ title }) => /^[\w-]+\/([\w-]+) misses 1 goal$/.exec(title)?.[1]);
    expect(titles).toEqual(order);
  });

  it("of one stage stand in one order everywhere, before what could not be judged and what is met", () => {
    const met: GoalResult = { rule: "max-download", limit: 60_000, actual: 500, verdict: "pass" };
    const unknown: GoalResult = {
      rule: "max-wasted",
      limit: 5_000,
      verdict: "unknown",
      reason: "x",
    };
    const near: GoalResult = { rule: "max-own-wasted", limit: 50, actual: 60, verdict: "fail" };
    const goals = [met, unknown, near, most(1_000, 9_000)];
    const report = failing(makeReportStage({ goals }));
    const [, cell] = /^\| ❌.*?(≤.*?) \|/m.exec(renderComment(report, {})) ?? [];
    const rules = ["≤ 1 kB", "wasted ≤ 50% of own", "wasted ≤ 5 kB", "download ≤ 60 kB"];
    const plain = cell?.replaceAll("\u00A0", " ").split("<br>");
    expect(plain?.map((line) => line.split(":")[0])).toEqual(rules);
    const lines = renderTerminal(report, { color: false }).matchAll(
      /^ {2}[✗?✓] {2}\S+ {2}(.+?) {2}/gm,
    );
    expect([...lines].map(([, rule]) => rule)).toEqual(rules);
  });

  it("are all told where one more would only be counted", () => {
    const many = Array.from({ length: 22 }, (_, at) =>
      makeReportStage({ name: `stage-${at}`, goals: [most(1_000, 2_000 + 100 * at)] }),
    );
    const counts = [20, 21, 22].map((count) => bullets(failing(...many.slice(0, count))).length);
    expect(counts).toEqual([20, 21, 20]);
  });
});

describe("the miss that is farthest from its goal", () => {
  const other = makeReportStage({ name: "tests", goals: [most(130_000_000, 140_000_000)] });

  it("is told with the largest line of the Dockerfile, and the others without", () => {
    const stage = makeReportStage({ goals: [most(100_000_000, 140_000_000)] });
    expect(renderComment(failing(stage, other), {})).toContain(
      "over its goal of 100 MB; the base image alone is 110 MB; your largest line is 3, 30 MB\n- `tests`: 140 MB unpacked, 10 MB over its goal of 130 MB\n",
    );
  });

  it("has a sentence of its own where it is the only one, with a link to the line", () => {
    const stage = makeReportStage({ goals: [most(120_000_000, 140_000_000)] });
    const source = { serverUrl: "https://github.com", repository: "acme/shop", commit: "2f1d7c9" };
    expect(renderComment(failing(stage), { source }).split("\n")[2]).toBe(
      "The base image is 110 of the 120 MB; your largest line is [3](https://github.com/acme/shop/blob/2f1d7c9/Dockerfile#L3), 30 MB.",
    );
  });

  it("is told in the same words on the pull request and on the line", () => {
    const goal = { rule: "max-wasted", limit: 1, actual: 20_000_000, verdict: "fail" } as const;
    const stage = makeReportStage({ waste: [makeWaste()], goals: [goal] });
    expect(renderComment(failing(stage), {}).split("\n")[2]).toBe(
      "Most is wasted by line 5, 20 MB.",
    );
    expect(missedText(stage, [goal])).toContain("; most is wasted by line 5, 20 MB");
  });
});

describe("misses of which the very same is said", () => {
  const critical = makeFinding({ severity: "critical" });
  const alike = (...names: readonly string[]) =>
    names.map((name) => makeReportStage({ name, goals: [MISSED_ON_HIGH], findings: [critical] }));
  const other = makeReportStage({
    name: "other",
    goals: [MISSED_ON_HIGH],
    findings: [makeFinding()],
  });

  it("are one bullet that names the stages", () => {
    const comment = renderComment(failing(...alike("a", "b"), other), {});
    expect(comment).toContain("\n- `a`, `b`: 1 critical ");
    expect(comment).toContain("\n- `other`: 1 high ");
    const many = renderComment(failing(...alike("a", "b", "c", "d", "e", "f")), {});
    expect(many).toContain("\n- `a`, `b`, `c`, `d` and 2 more: 1 critical ");
    expect(many.match(/^- `/gm)).toHaveLength(1);
  });

  it("stand apart where it is told what to look at first", () => {
    const big = ["a", "b", "c"].map((name) =>
      makeReportStage({ name, goals: [most(1_000_000, 140_000_000)] }),
    );
    expect(renderComment(failing(...big), {}).match(/^- (.*?): 140/gm)).toEqual([
      "- `a`: 140",
      "- `b`, `c`: 140",
    ]);
  });
});
