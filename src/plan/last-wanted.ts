import type { Stage } from "../model/plan.ts";

/**
 * The last stage of a Dockerfile that is built of those that were asked for: what a build without a
 * target makes, or with one, and so what dive is given. Undefined where none was.
 */
export function lastWanted(stages: readonly Stage[]): Stage | undefined {
  return stages.findLast(({ decision }) => decision.kind === "build");
}
