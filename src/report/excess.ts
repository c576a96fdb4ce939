import type { GoalResult } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";
import { bytesAllowed } from "./binding-goals.ts";

/**
 * Bytes that a stage would have to lose to meet a goal that it misses: of goals on what is wasted,
 * dead ones. Undefined where that cannot be said. A download's are those that are transferred.
 */
export function excessOf(stage: ReportStage, goal: GoalResult): number | undefined {
  const { rule, limit } = goal;
  const actual = Number(goal.actual);
  const { unpacked, own } = stage;
  if (goal.verdict !== "fail" || typeof limit === "string") return undefined;
  switch (rule) {
    case "max-unpacked":
    case "max-download":
    case "max-wasted":
      return actual - limit;
    case "min-reduction":
      return unpacked === undefined ? undefined : unpacked - (bytesAllowed(goal) ?? 0);
    // What is taken away is no part of the whole any more.
    case "min-efficiency":
      return unpacked === undefined ? undefined : unpacked * (1 - actual / limit);
    case "max-own-wasted":
      if (own === undefined || limit >= 100) return undefined;
      return (own.unpacked * (actual - limit)) / (100 - limit);
    case "fail-on-severity":
      return undefined;
  }
}
