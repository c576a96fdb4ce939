import { expect, test } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import { missedText, unknownText } from "../../src/publish/goal-text.ts";
import { makeFinding } from "../make.ts";
import { makeReportStage } from "../make-report.ts";

const base = { unpacked: 10_000_000, download: 5_000_000 };

test.each<readonly [GoalResult, string]>([
  [
    { rule: "max-unpacked", limit: 139_999_999, actual: 140_000_000, verdict: "fail" },
    "140 MB unpacked, 1 B over its goal of 139.999999 MB; your largest line is 3, 30 MB",
  ],
  [
    { rule: "max-download", limit: 50_000_000, actual: 50_000_001, verdict: "fail" },
    "50.000001 MB to download, 1 B over its goal of 50 MB; your largest line is 3, 10 MB to download",
  ],
  [
    { rule: "min-reduction", limit: 80, actual: 72, original: 500_000_000, verdict: "fail" },
    "140 MB unpacked, 72% below 500 MB where its goal is 80% below (100 MB); your largest line is 3, 30 MB",
  ],
  [
    { rule: "max-wasted", limit: 1_000_000, actual: 1_500_000, verdict: "fail" },
    "1.5 MB wasted, 500 kB over its goal of 1 MB",
  ],
  [
    { rule: "max-own-wasted", limit: 10, actual: 12.5, verdict: "fail" },
    "12.5% of its own bytes wasted where its goal is at most 10%",
  ],
  [
    { rule: "min-efficiency", limit: 95, actual: 84.999999, verdict: "fail" },
    "an efficiency of 85% where its goal is at least 95%",
  ],
  [
    { rule: "fail-on-severity", limit: "high", actual: "high", verdict: "fail" },
    "1 high (it has a fix), goal: no HIGH or CRITICAL finding",
  ],
])("%j reads %j", (goal, text) => {
  const findings = [makeFinding(), makeFinding({ severity: "low" })];
  expect(missedText(makeReportStage({ base, findings }), [goal])).toBe(text);
});

test("goals on the same bytes are one line", () => {
  const goals: readonly GoalResult[] = [
    { rule: "max-unpacked", limit: 120_000_000, actual: 140_000_000, verdict: "fail" },
    { rule: "min-reduction", limit: 80, actual: 72, original: 500_000_000, verdict: "fail" },
  ];
  expect(missedText(makeReportStage({ base, layers: [] }), goals)).toBe(
    "140 MB unpacked, 72% below 500 MB where its goal is 80% below (100 MB); also 20 MB over its goal of 120 MB",
  );
});

test("numbers have the digits that make their difference come out", () => {
  const goals: readonly GoalResult[] = [
    { rule: "max-unpacked", limit: 8_000_000, actual: 12_960_000, verdict: "fail" },
    { rule: "min-reduction", limit: 80, actual: 35.2, original: 20_000_000, verdict: "fail" },
  ];
  const stage = makeReportStage({ unpacked: 12_960_000, base, layers: [], goals });
  expect(missedText(stage, goals.slice(0, 1))).toBe(
    "12.96 MB unpacked, 4.96 MB over its goal of 8 MB; the base image alone is 10 MB",
  );
  expect(missedText(stage, goals)).toContain(
    "12.96 MB unpacked, 35.2% below 20 MB where its goal is 80% below (4 MB); also 4.96 MB over its goal of 8 MB",
  );
});

test("a base image that is too much by little has the digits that say so", () => {
  const stage = makeReportStage({ base: { unpacked: 10_001_000 }, layers: [] });
  const goal = { rule: "max-unpacked", limit: 10_000_000, actual: 140_000_000 } as const;
  expect(missedText(stage, [{ ...goal, verdict: "fail" }])).toContain(
    "the base image alone is 10.001 MB",
  );
});

test("goals that could not be judged are told with the reason, once", () => {
  const reason = "it was not scanned: no database";
  expect(
    unknownText([{ rule: "fail-on-severity", limit: "high", verdict: "unknown", reason }]),
  ).toBe("fail-on-severity: it was not scanned: no database");
  expect(unknownText([{ rule: "max-unpacked", limit: 1, verdict: "unknown" }])).toBe(
    "max-unpacked: not known",
  );
});
