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

test("goals that could not be judged are told with the reason, once", () => {
  const reason = "it was not scanned: no database";
  expect(
    unknownText([{ rule: "fail-on-severity", limit: "high", verdict: "unknown", reason }]),
  ).toBe("fail-on-severity: it was not scanned: no database");
  expect(unknownText([{ rule: "max-unpacked", limit: 1, verdict: "unknown" }])).toBe(
    "max-unpacked: not known",
  );
});
