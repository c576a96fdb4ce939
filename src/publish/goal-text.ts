import type { GoalResult } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";
import { biggestLayers } from "../report/biggest-layers.ts";
import { bindingGoals } from "../report/binding-goals.ts";
import { formatBytes } from "../report/format.ts";
import { missedWords } from "../report/missed-words.ts";

/**
 * Goals that a stage misses, a line each, and where most of its bytes come from if that is what they
 * are about: `161.2 MB unpacked, 11.2 MB over its goal of 150 MB; largest: line 49, 74.5 MB`.
 */
export function missedText(stage: ReportStage, goals: readonly GoalResult[]): string {
  const lines = bindingGoals(goals).map(({ goal, also }) => {
    const largest = goal.rule === "fail-on-severity" ? "" : largestText(stage);
    return `${missedWords(stage, goal, also)}${largest}`;
  });
  return lines.join("\n");
}

function largestText(stage: ReportStage): string {
  const [largest] = biggestLayers(stage, 1).own;
  if (largest?.line === undefined) return "";
  return `; largest: line ${largest.line}, ${formatBytes(largest.unpacked)}`;
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
