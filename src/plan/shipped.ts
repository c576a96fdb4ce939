import type { Stage } from "../model/plan.ts";
import { chainOf } from "./chain.ts";

/**
 * Whether a stage is one that is run, rather than one that others only copy from: nothing that is wanted
 * needs it, or something that is run stands on it.
 */
export function isShipped(stages: readonly Stage[], stage: Stage): boolean {
  const wanted = stages.filter(({ decision }) => decision.kind === "build");
  const isLeaf = (each: Stage) => !wanted.some(({ needs }) => needs.includes(each.index));
  return wanted.some((each) => isLeaf(each) && chainOf(stages, each.index).includes(stage));
}
