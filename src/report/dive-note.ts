import type { Goal, GoalResult } from "../model/goal.ts";
import type { DiveFigures } from "../model/image.ts";
import type { MeasuredStage } from "../model/measurement.ts";
import { formatBytes, formatPercentBeside } from "./format.ts";

/**
 * Where dive would have judged a stage otherwise by its own thresholds, in a sentence each; none
 * where it would say the same.
 */
export function diveNotes(
  { stage, dive }: Pick<MeasuredStage, "stage" | "dive">,
  goals: readonly GoalResult[],
): readonly string[] {
  if (dive === undefined) return [];
  return goals.flatMap((goal) => {
    const view = viewOf(dive, goal);
    if (view === undefined || view.verdict === goal.verdict) return [];
    const ours = wordsOf(goal.rule, Number(goal.actual), goal);
    return [
      `dive would ${VERBS[view.verdict]} ${goal.rule} of ${stage.name}: it finds ${wordsOf(goal.rule, view.actual, goal)} where there are ${ours}. ${WHY}`,
    ];
  });
}

const VERBS = { pass: "pass", fail: "fail" } as const;

const WHY =
  "It counts the copy that is kept as wasted, sees nothing in a deleted folder, and takes the first layer alone for the base image.";

interface View {
  readonly actual: number;
  readonly verdict: "pass" | "fail";
}

/** What dive would make of a goal that is one of its thresholds. */
function viewOf(dive: DiveFigures, { rule, limit, verdict }: GoalResult): View | undefined {
  if (verdict === "unknown") return undefined;
  const most = (actual: number): View => ({
    actual,
    verdict: actual > Number(limit) ? "fail" : "pass",
  });
  switch (rule) {
    case "min-efficiency": {
      const actual = dive.efficiency * 100;
      return { actual, verdict: actual < Number(limit) ? "fail" : "pass" };
    }
    case "max-wasted":
      return most(dive.wasted);
    case "max-own-wasted":
      return most(dive.userWasted * 100);
    case "max-unpacked":
    case "max-download":
    case "min-reduction":
    case "fail-on-severity":
      return undefined;
  }
}

function wordsOf(rule: Goal["rule"], actual: number, { limit }: GoalResult): string {
  return rule === "max-wasted" ? formatBytes(actual) : formatPercentBeside(actual, Number(limit));
}
