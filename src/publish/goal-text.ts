import type { GoalResult } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";
import { bindingGoals } from "../report/binding-goals.ts";
import { firstLook } from "../report/first-look.ts";
import { missedWords } from "../report/missed-words.ts";

/**
 * Goals that a stage misses, a line each, and where to look first:
 * `161.2 MB unpacked, 11.2 MB over its goal of 150 MB; your largest line is 49, 74.5 MB`.
 */
export function missedText(stage: ReportStage, goals: readonly GoalResult[]): string {
  const lines = bindingGoals(goals).map(({ goal, also }) => {
    const look = firstLook(stage, goal, (_, words) => words);
    return [missedWords(stage, goal, also), ...(look === "" ? [] : [look])].join("; ");
  });
  return lines.join("\n");
}

/** Goals that could not be judged, a line each reason. */
export function unknownText(goals: readonly GoalResult[]): string {
  const byReason = Map.groupBy(goals, ({ reason }) => reason ?? "");
  const lines = [...byReason].map(([reason, same]) => {
    const rules = same.map(({ rule }) => rule).join(", ");
    return reason === "" ? `${rules}: not known` : `${rules}: ${reason}`;
  });
  return lines.join("\n");
}
