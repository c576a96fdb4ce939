import { expect, it } from "vitest";
import { culpritsOf } from "../../src/report/group-packages.ts";
import { MISSED_ON_HIGH, makeFinding } from "../make.ts";
import { makeReportStage } from "../make-report.ts";

it("what has a fix and what has none is told apart, however many there are", () => {
  const one = makeFinding({ severity: "high" });
  const { fixed: _none, ...unfixed } = one;
  // Whoever compared each with each would not come to an end.
  const findings = Array.from({ length: 200_000 }, (_, at) => ({
    ...(at % 2 === 0 ? { ...one, fixed: "999" } : unfixed),
    package: `p${at % 4}`,
  }));
  const { updates, others } = culpritsOf([makeReportStage({ findings, goals: [MISSED_ON_HIGH] })]);
  expect([updates.length, others.length]).toEqual([2, 2]);
});
