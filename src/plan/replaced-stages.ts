// Stages that a build context stands in for: they are not built, so there is nothing to weigh or judge.
import type { Problem } from "../errors.ts";
import { isGlob, matchStage, type StageName } from "../inputs/stage-pattern.ts";
import { listOf, quoted } from "../inputs/wording.ts";
import type { GoalEntry } from "../model/inputs.ts";

/** A stage that is wanted and not built. */
export interface ReplacedStage extends StageName {
  /** The Dockerfile that has it. */
  readonly file: string;
  /** The build context that stands in for it, as given. */
  readonly context: string;
}

/** What is wrong where contexts stand in for all stages that are wanted: nothing is left to build. */
export function emptySelection(
  wanted: readonly StageName[],
  replaced: readonly ReplacedStage[],
  where = "input build-contexts",
): readonly Problem[] {
  if (wanted.length === 0 || replaced.length < wanted.length) return [];
  const names = [...new Set(replaced.map(({ name }) => name))].map(quoted);
  const verb = names.length === 1 ? "is" : "are";
  const what = `no stage is left to build: ${listOf(names)} ${verb} replaced by what is given here`;
  return [{ where, what }];
}

/**
 * What is wrong with goals that name a stage which is replaced: they can never be judged. A glob is
 * about whatever stages there are.
 */
export function replacedGoals(
  entries: readonly GoalEntry[],
  replaced: readonly ReplacedStage[],
): readonly Problem[] {
  return entries.flatMap(({ pattern, where }) => {
    if (isGlob(pattern)) return [];
    if (!replaced.some((stage) => matchStage(pattern, stage) !== undefined)) return [];
    const what = `${quoted(pattern)} has goals, and build-contexts replaces that stage: it is not built, so they cannot be judged; leave out one of the two`;
    return [{ where, what }];
  });
}
