import type { Problem } from "../errors.ts";
import { matchStage, type StageName } from "../inputs/stage-pattern.ts";
import { listOf, quoted, thereIs } from "../inputs/wording.ts";

/** What the problems with `targets` tell besides the patterns. */
export interface TargetsContext {
  /** Where `targets` was given. */
  readonly where: string;
  /** Names of images whose stages are not known. */
  readonly unread: readonly string[];
}

/**
 * Reads `targets`: all stages that a pattern matches, or all there are when every pattern begins
 * with `!`, without those that a pattern with `!` matches. The order of the patterns is no matter.
 */
export function isWanted(stage: StageName, patterns: readonly string[]): boolean {
  const including = patterns.filter((pattern) => !isExcluding(pattern));
  const excluding = patterns.filter(isExcluding);
  if (excluding.some((pattern) => matches(pattern, stage))) return false;
  return including.length === 0 || including.some((pattern) => matches(pattern, stage));
}

/** What is wrong with `targets`: a pattern that matches nothing, or that nothing is left. */
export function targetProblems(
  stages: readonly StageName[],
  patterns: readonly string[],
  { where, unread }: TargetsContext,
): readonly Problem[] {
  // Without a stage that could be read, something else is wrong.
  if (stages.length === 0) return [];
  const unmatched = patterns.filter((pattern) => !stages.some((stage) => matches(pattern, stage)));
  if (unmatched.length > 0) {
    return unmatched.map((pattern) => ({ where, what: matchesNothing(pattern, stages, unread) }));
  }
  if (stages.some((stage) => isWanted(stage, patterns))) return [];
  const leave = patterns.length === 1 ? "leaves" : "together leave";
  return [{ where, what: `${listOf(patterns.map(quoted))} ${leave} no stage to build` }];
}

function isExcluding(pattern: string): boolean {
  return pattern.startsWith("!");
}

/** Whether a pattern is about a stage, to build it or to leave it out. */
function matches(pattern: string, stage: StageName): boolean {
  return matchStage(pattern.replace(/^!/, ""), stage) !== undefined;
}

function matchesNothing(
  pattern: string,
  stages: readonly StageName[],
  unread: readonly string[],
): string {
  const missing =
    unread.length === 0 ? "" : `; the stages of ${listOf(unread.map(quoted))} are not known`;
  return `${quoted(pattern)} matches no stage; ${whatThereIs(pattern, stages)}${missing}`;
}

/** Names of stages, the most alike first; with the image where the pattern or several have one. */
function whatThereIs(pattern: string, stages: readonly StageName[]): string {
  const hasImage = pattern.includes("/") || new Set(stages.map(({ image }) => image)).size > 1;
  const names = stages.map(({ image, name }) => (hasImage ? `${image}/${name}` : name));
  return thereIs(pattern, names);
}
