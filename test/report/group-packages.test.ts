import { expect, it } from "vitest";
import { culpritsOf } from "../../src/report/group-packages.ts";
import { MISSED_ON_HIGH, makeFinding, makeReportStage } from "../make.ts";

it("what has a fix and what has none is told apart in a time that grows no faster than their number", () => {
  const one = makeFinding({ severity: "high" });
  const { fixed: _none, ...unfixed } = one;
  const findings = Array.from({ length: 200_000 }, (_, at) => ({
    ...(at % 2 === 0 ? { ...one, fixed: "999" } : unfixed),
    package: `p${at % 4}`,
  }));
  const started = performance.now();
  const { updates, others } = culpritsOf([makeReportStage({ findings, goals: [MISSED_ON_HIGH] })]);
  expect(performance.now() - started).toBeLessThan(3_000);
  expect([updates.length, others.length]).toEqual([2, 2]);
});
