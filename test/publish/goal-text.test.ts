import { expect, test } from "vitest";
import type { GoalResult } from "../../src/model/goal.ts";
import { goalText } from "../../src/publish/goal-text.ts";

test.each<readonly [GoalResult, string]>([
  [
    { rule: "max-unpacked", limit: 150_000_000, actual: 161_200_000, verdict: "fail" },
    "max-unpacked is 150 MB, and it is 161.2 MB",
  ],
  [
    { rule: "max-download", limit: 150_000_000, actual: 150_000_001, verdict: "fail" },
    "max-download is 150 MB, and it is 150.000001 MB",
  ],
  [
    { rule: "min-reduction", limit: 70, actual: 64.2, original: 500_000_000, verdict: "fail" },
    "min-reduction is 70% of 500 MB, and it is 64.2%",
  ],
  [
    { rule: "max-wasted", limit: 1_000_000, actual: 1_500_000, verdict: "fail" },
    "max-wasted is 1 MB, and it is 1.5 MB",
  ],
  [
    { rule: "max-own-wasted", limit: 10, actual: 12.5, verdict: "fail" },
    "max-own-wasted is 10%, and it is 12.5%",
  ],
  [
    { rule: "min-efficiency", limit: 95, actual: 84.999999, verdict: "fail" },
    "min-efficiency is 95%, and it is 85%",
  ],
  [
    { rule: "fail-on-severity", limit: "high", actual: "critical", verdict: "fail" },
    "fail-on-severity is high, and the worst finding is critical",
  ],
  [
    { rule: "fail-on-severity", limit: "high", verdict: "unknown", reason: "not scanned" },
    "fail-on-severity is unknown: not scanned",
  ],
  [{ rule: "max-unpacked", limit: 1, verdict: "unknown" }, "max-unpacked is unknown"],
])("%j reads %j", (goal, text) => {
  expect(goalText(goal)).toBe(text);
});
