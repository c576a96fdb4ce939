import type { Stage } from "../model/plan.ts";

/** What following a chain needs of a stage. */
export type Link = Pick<Stage, "index" | "line" | "base" | "needs">;

/** A stage and those that it stands on, one `FROM` after another, itself first. */
export function chainOf<Stage extends Link>(
  stages: readonly Stage[],
  index: number,
): readonly Stage[] {
  const chain: Stage[] = [];
  let next: number | undefined = index;
  while (next !== undefined) {
    const stage: Stage | undefined = stages[next];
    if (stage === undefined) break;
    chain.push(stage);
    // A stage stands on earlier ones only: this ends.
    next = stage.base.kind === "stage" ? stage.base.index : undefined;
  }
  return chain;
}

/** Indices of all stages that a stage needs, directly or not, without itself, ascending. */
export function allNeedsOf(stages: readonly Link[], index: number): readonly number[] {
  const found = new Set([index]);
  for (const need of found) {
    for (const next of stages[need]?.needs ?? []) found.add(next);
  }
  found.delete(index);
  return [...found].sort((one, other) => one - other);
}
