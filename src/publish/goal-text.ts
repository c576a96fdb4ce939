import { assertNever } from "../errors.ts";
import type { GoalResult } from "../model/goal.ts";
import {
  formatBytesBeside,
  formatLimit,
  formatPercentBeside,
  formatPercentLimit,
} from "../report/format.ts";

/** A goal in one line: `max-unpacked is 161.2 MB, allowed are 150 MB`. */
export function goalText(goal: GoalResult): string {
  const { rule, actual, limit } = goal;
  if (actual === undefined) {
    return `${rule} is unknown${goal.reason === undefined ? "" : `: ${goal.reason}`}`;
  }
  if (typeof actual === "string" || typeof limit === "string") {
    return `${rule} is ${limit}, and the worst finding is ${actual}`;
  }
  switch (rule) {
    case "max-unpacked":
    case "max-download":
    case "max-wasted":
      return `${rule} is ${formatLimit(limit)}, and it is ${formatBytesBeside(actual, limit)}`;
    case "max-own-wasted":
    case "min-efficiency":
      return `${rule} is ${formatPercentLimit(limit)}, and it is ${formatPercentBeside(actual, limit)}`;
    case "min-reduction":
      return `${rule} is ${formatPercentLimit(limit)}${originalText(goal)}, and it is ${formatPercentBeside(actual, limit)}`;
    case "fail-on-severity":
      return `${rule} is ${limit}, and the worst finding is ${actual}`;
    default:
      return assertNever(rule);
  }
}

function originalText({ original }: GoalResult): string {
  return original === undefined ? "" : ` of ${formatLimit(original)}`;
}
