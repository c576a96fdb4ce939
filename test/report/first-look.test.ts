import { expect, test } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import type { ReportStage } from "../../src/model/report.ts";
import { firstLook } from "../../src/report/first-look.ts";
import { makeBaseLayer, makeDigest, makeLayer, makeWaste } from "../make.ts";
import { makeReportStage } from "../make-report.ts";

/** 177.4 MB, 121.9 of them from the base image; what is downloaded has another largest line. */
const stage = makeReportStage({
  unpacked: 177_400_000,
  download: 60_000_000,
  own: { unpacked: 55_500_000, download: 15_000_000 },
  base: { unpacked: 121_900_000, download: 45_000_000 },
  layers: [
    makeBaseLayer(),
    makeLayer({ line: 3, unpacked: 24_000_000, download: 2_000_000 }),
    makeLayer({ line: 4, unpacked: 14_000_000, download: 11_000_000 }),
    makeLayer({ line: 5, unpacked: 10_000_000, download: 1_000_000 }),
    makeLayer({ line: 5, unpacked: 7_500_000, download: 1_000_000 }),
  ],
});

function look(rule: GoalResult["rule"], limit: number, actual: number, of: ReportStage = stage) {
  const goal: GoalResult = { rule, limit, actual, verdict: "fail" };
  return firstLook(of, goal, (line, words) => `<${line}>${words}`);
}

test("the largest own line is told, and how much of the goal the base image takes", () => {
  expect(look("max-unpacked", 125_000_000, 177_400_000)).toBe(
    "the base image is 121.9 of the 125 MB; your largest line is <3>3, 24 MB",
  );
});

test("goals on the download have both in bytes to download", () => {
  expect(look("max-download", 50_000_000, 60_000_000)).toBe(
    "the base image is 45 of the 50 MB; your largest line is <4>4, 11 MB to download",
  );
});

test("goals on a reduction have them beside the bytes that are allowed", () => {
  const goal = { rule: "min-reduction", limit: 40, actual: 11.3, original: 200_000_000 } as const;
  expect(firstLook(stage, { ...goal, verdict: "fail" }, (_, words) => words)).toBe(
    "your largest line is 3, 24 MB",
  );
  expect(
    firstLook(stage, { ...goal, limit: 25, verdict: "fail" }, (line) => String(line)),
  ).toContain("the base image is 121.9 of the 150 MB; ");
});

test("a base image has a unit of its own where that is not the goal's", () => {
  const large = makeReportStage({ ...stage, base: { unpacked: 949_900_000 } });
  expect(look("max-unpacked", 1_200_000_000, 1_300_000_000, large)).toContain(
    "the base image is 949.9 MB of the 1.2 GB; ",
  );
});

test("of a base image that is little of the goal, or more than it, nothing is said", () => {
  const lines = "your largest line is <3>3, 24 MB";
  expect(look("max-unpacked", 121_000_000, 177_400_000)).toBe(lines);
  const small = makeReportStage({ ...stage, base: { unpacked: 50_000_000 } });
  expect(look("max-unpacked", 125_000_000, 177_400_000, small)).toBe(lines);
});

test("a line that has less than a tenth of what is over is not worth a look", () => {
  const layers = [makeBaseLayer(), makeLayer({ unpacked: 4_000_000, line: 2 })];
  const mostlyBase = makeReportStage({ ...stage, layers });
  expect(look("max-unpacked", 120_000_000, 177_400_000, mostlyBase)).toBe("");
  expect(look("max-unpacked", 140_000_000, 177_400_000, mostlyBase)).not.toBe("");
});

test("goals on waste have the line that wastes most, if that is one of the Dockerfile", () => {
  const killedBy = (line: number, layer = 2) => ({ layer, digest: makeDigest("e"), line });
  const wasteful = makeReportStage({
    layers: [makeBaseLayer(), makeLayer(), makeLayer({ line: 5 })],
    waste: [
      makeWaste({ bytes: 30_000_000, killedBy: killedBy(1, 0) }),
      makeWaste({ bytes: 20_000_000, killedBy: killedBy(3, 1) }),
      makeWaste({ bytes: 12_000_000, killedBy: killedBy(5) }),
      makeWaste({ bytes: 12_000_000, killedBy: killedBy(5) }),
    ],
  });
  const words = "most is wasted by <5>line 5, 24 MB";
  expect(look("max-wasted", 1_000_000, 74_000_000, wasteful)).toBe(words);
  expect(look("max-own-wasted", 20, 80, wasteful)).toBe(words);
  expect(look("min-efficiency", 95, 47.1, wasteful)).toBe(words);
  expect(look("min-efficiency", 95, 90)).toBe("");
});

test("where nothing of that is known, nothing is said", () => {
  const empty = makeReportStage({ ...stage, layers: [] });
  expect(look("max-unpacked", 10_000_000, 177_400_000, empty)).toBe("");
  const severity = { rule: "fail-on-severity", limit: "high", actual: "high" } as const;
  expect(firstLook(stage, { ...severity, verdict: "fail" }, String)).toBe("");
});
