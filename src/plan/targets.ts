import type { Problem } from "../errors.ts";
import { matchStage, type StageName } from "../inputs/stage-pattern.ts";
import { byNearness, listOf, quoted } from "../inputs/wording.ts";

/** Which stages `targets` asks for. */
export interface Selection {
  isWanted(stage: StageName): boolean;
  readonly problems: readonly Problem[];
}

/** Longest list of names in a message. */
const MAX_NAMES = 12;

/**
 * Reads `targets`: all stages that a pattern matches, or all there are when every pattern begins
 * with `!`, without those that a pattern with `!` matches. The order of the patterns is no matter.
 * @param unread names of images whose stages are not known
 */
export function selectStages(
  stages: readonly StageName[],
  patterns: readonly string[],
  unread: readonly string[] = [],
): Selection {
  const excluding = patterns
    .filter((pattern) => pattern.startsWith("!"))
    .map((text) => text.slice(1));
  const including = patterns.filter((pattern) => !pattern.startsWith("!"));
  const isWanted = (stage: StageName) =>
    (including.length === 0 || matchesAny(including, stage)) && !matchesAny(excluding, stage);
  return { isWanted, problems: problemsOf(stages, [...including, ...excluding], isWanted, unread) };
}

function matchesAny(patterns: readonly string[], stage: StageName): boolean {
  return patterns.some((pattern) => matchStage(pattern, stage) !== undefined);
}

function problemsOf(
  stages: readonly StageName[],
  patterns: readonly string[],
  isWanted: Selection["isWanted"],
  unread: readonly string[],
): readonly Problem[] {
  // Without a stage that could be read, something else is wrong.
  if (stages.length === 0) return [];
  const where = "input targets";
  const unmatched = patterns.filter(
    (pattern) => !stages.some((stage) => matchesAny([pattern], stage)),
  );
  if (unmatched.length > 0) {
    return unmatched.map((pattern) => ({ where, what: matchesNothing(pattern, stages, unread) }));
  }
  if (stages.some(isWanted)) return [];
  return [{ where, what: `${listOf(patterns.map(quoted))} together leave no stage to build` }];
}

function matchesNothing(
  pattern: string,
  stages: readonly StageName[],
  unread: readonly string[],
): string {
  const missing =
    unread.length === 0 ? "" : `; the stages of ${listOf(unread.map(quoted))} are not known`;
  return `${quoted(pattern)} matches no stage; there are ${nearestNames(pattern, stages)}${missing}`;
}

/** Names of stages, the most alike first; with the image where the pattern or several have one. */
function nearestNames(pattern: string, stages: readonly StageName[]): string {
  const hasImage = pattern.includes("/") || new Set(stages.map(({ image }) => image)).size > 1;
  const names = stages.map(({ image, name }) => (hasImage ? `${image}/${name}` : name));
  const ranked = byNearness(pattern, [...new Set(names)]);
  const more = ranked.length - MAX_NAMES;
  const shown = ranked.slice(0, MAX_NAMES).map(quoted);
  return listOf(more > 0 ? [...shown, `${more} more`] : shown);
}
