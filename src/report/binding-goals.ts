import type { GoalResult } from "../model/goal.ts";

/** A goal, and those that are met whenever it is. */
export interface BindingGoal {
  readonly goal: GoalResult;
  readonly also: readonly GoalResult[];
}

/**
 * Goals on the unpacked bytes of one stage say one thing: `max-unpacked` and `min-reduction` are
 * told as one, by that which allows fewer bytes. All others stand for themselves.
 */
export function bindingGoals(goals: readonly GoalResult[]): readonly BindingGoal[] {
  const [tightest, ...also] = goals
    .filter((goal) => bytesAllowed(goal) !== undefined)
    .toSorted((one, other) => (bytesAllowed(one) ?? 0) - (bytesAllowed(other) ?? 0));
  return goals.flatMap((goal) => {
    if (goal === tightest) return [{ goal, also }];
    return also.includes(goal) ? [] : [{ goal, also: [] }];
  });
}

/** The most unpacked bytes that a goal allows; undefined for one on something else. */
export function bytesAllowed({ rule, limit, original = 0 }: GoalResult): number | undefined {
  if (rule === "max-unpacked") return Number(limit);
  if (rule === "min-reduction") return (original * (100 - Number(limit))) / 100;
  return undefined;
}
