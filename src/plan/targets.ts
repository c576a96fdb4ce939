import { distance } from "fastest-levenshtein";
import picomatch from "picomatch";
import type { Problem } from "../errors.ts";
import type { GoalEntry, Stage } from "../model.ts";
import { quoted } from "./fault.ts";

/** What a pattern looks at. */
export type NamedStage = Pick<Stage, "image" | "name">;

/** Which stages `targets` asks for. */
export interface Selection {
  isWanted(stage: NamedStage): boolean;
  readonly problems: readonly Problem[];
}

/** No name is longer: names of stages are bounded as names of images are. */
const MAX_PATTERN_LENGTH = 1_024;

/** Longest list of names in a message. */
const MAX_NAMES = 10;

/**
 * Whether a pattern is about a stage. A pattern is a name or a glob, in capitals or not; before the
 * last `/`, it may name the image. https://github.com/micromatch/picomatch#globbing-features
 */
export function stageMatcher(pattern: string): (stage: NamedStage) => boolean {
  const slash = pattern.lastIndexOf("/");
  const matchesName = globMatcher(pattern.slice(slash + 1));
  if (slash === -1) return (stage) => matchesName(stage.name);
  const matchesImage = globMatcher(pattern.slice(0, slash));
  return (stage) => matchesName(stage.name) && matchesImage(stage.image);
}

/**
 * Reads `targets`: all stages that a pattern matches, or all there are when every pattern begins
 * with `!`, without those that a pattern with `!` matches. The order of the patterns is no matter.
 */
export function selectStages(
  stages: readonly NamedStage[],
  patterns: readonly string[],
  unreadable: readonly string[] = [],
): Selection {
  const given = patterns.map((pattern) => pattern.trim()).filter((pattern) => pattern !== "");
  const excluding = given.filter((pattern) => pattern.startsWith("!")).map((text) => text.slice(1));
  const including = given.filter((pattern) => !pattern.startsWith("!"));
  const include = including.map(stageMatcher);
  const exclude = excluding.map(stageMatcher);
  const isWanted = (stage: NamedStage) =>
    (include.length === 0 || include.some((matches) => matches(stage))) &&
    !exclude.some((matches) => matches(stage));
  const unmatched = [...including, ...excluding].flatMap((pattern) =>
    patternProblems(stages, { pattern, where: "input targets" }, unreadable),
  );
  const isEmpty = stages.length > 0 && unmatched.length === 0 && !stages.some(isWanted);
  return { isWanted, problems: isEmpty ? [nothingLeft(given)] : unmatched };
}

/** A problem where a pattern matches no stage. */
export function patternProblems(
  stages: readonly NamedStage[],
  { pattern, where }: Pick<GoalEntry, "pattern" | "where">,
  unreadable: readonly string[] = [],
): readonly Problem[] {
  if (stages.length === 0 || stages.some(stageMatcher(pattern))) return [];
  const missing =
    unreadable.length === 0 ? "" : ` (the stages of ${unreadable.join(", ")} are not known)`;
  const allowed = nearestNames(stages, pattern);
  return [{ where, what: `${quoted(pattern)} matches no stage; there are ${allowed}${missing}` }];
}

function globMatcher(pattern: string): (text: string) => boolean {
  if (pattern === "" || pattern.length > MAX_PATTERN_LENGTH) return () => false;
  const matches = picomatch(pattern, { nocase: true, dot: true });
  return (text) => matches(text);
}

function nothingLeft(patterns: readonly string[]): Problem {
  const what = `${patterns.map(quoted).join(", ")} leaves no stage to build`;
  return { where: "input targets", what };
}

/** Names of stages, the most alike first; with the image where the pattern or several have one. */
function nearestNames(stages: readonly NamedStage[], pattern: string): string {
  const images = new Set(stages.map((stage) => stage.image));
  const isQualified = images.size > 1 || pattern.includes("/");
  const names = stages.map(({ image, name }) => (isQualified ? `${image}/${name}` : name));
  const sought = pattern.toLowerCase();
  const ranked = [...new Set(names)]
    .map((name) => ({ name, distance: distance(sought, name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ name }) => name);
  const more = ranked.length > MAX_NAMES ? ` and ${ranked.length - MAX_NAMES} more` : "";
  return ranked.slice(0, MAX_NAMES).join(", ") + more;
}
