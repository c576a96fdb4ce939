// Names of stages as users write them: `production`, `prod*`, `backend/production`, `*`.
// The last slash parts image from stage, as images are called by paths; before it, a star goes over
// slashes. Stages compare without case, as BuildKit compares them; images with it, as file systems do.
import picomatch from "picomatch";
import { quoted } from "./wording.ts";

/** What a pattern is held against. */
export interface StageName {
  /** Name of the image that the stage belongs to. */
  readonly image: string;
  readonly name: string;
}

/** How a pattern names a stage; a higher number names it more specifically. */
export interface StageMatch {
  /** 0: no image named; 1: by a glob; 2: by its name. */
  readonly image: number;
  /** 0: by `*`; 1: by another glob; 2: by its name. */
  readonly stage: number;
  /** Characters of the pattern that are no glob. */
  readonly literals: number;
}

/** How a pattern names a stage; undefined when it does not. */
export function matchStage(pattern: string, stage: StageName): StageMatch | undefined {
  const parts = partsOf(pattern);
  // `services/**` is what is in that folder, too.
  const below = parts.stage === "**" ? `${parts.image}/*` : parts.image;
  const image = imageRank(parts.image, stage.image) ?? imageRank(below, stage.image);
  const name = stageRank(parts.stage.toLowerCase(), stage.name.toLowerCase());
  if (image === undefined || name === undefined) return undefined;
  return { image, stage: name, literals: pattern.replace(GLOB_CHARACTERS, "").length };
}

/**
 * Sorts matches from the least to the most specific: `*`, `prod*`, `production`, then those that
 * name the image by a glob, then those that name it: `web/*`, `web/prod*`, `web/production`.
 */
export function compareMatches(a: StageMatch, b: StageMatch): number {
  return a.image - b.image || a.stage - b.stage || a.literals - b.literals;
}

/** Whether a pattern may name any number of stages, and so also none. */
export function isGlob(pattern: string): boolean {
  return /[*?[\]{}]/.test(pattern);
}

/** What is wrong with a pattern, whatever stages there are. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === "") return "the name of a stage is empty";
  if (pattern.length > LONGEST_PATTERN || /\p{Cc}/u.test(pattern)) {
    const most = `one line of at most ${LONGEST_PATTERN} characters`;
    return `${quoted(pattern)} is not a stage: allowed is ${most}`;
  }
  const { image, stage } = partsOf(pattern);
  if (countStars(stage) > MOST_STARS || countStars(image ?? "") > MOST_STARS) {
    return `${quoted(pattern)} has too many stars; allowed are ${MOST_STARS} in a name`;
  }
  if (image !== "" && STAGE_PART.test(stage)) return undefined;
  const form =
    "a stage, a glob or image/stage, of letters, digits, . _ - and the globs * ? [ ] { }";
  return `${quoted(pattern)} is not a stage: it is ${form}`;
}

/** The same text for two patterns that differ in nothing that counts. */
export function normalPattern(pattern: string): string {
  const { image, stage } = partsOf(pattern);
  return image === undefined ? stage.toLowerCase() : `${image}/${stage.toLowerCase()}`;
}

const LONGEST_PATTERN = 200;
/**
 * Matching takes time to the power of the stars, so they are few, as are the characters of a name
 * that they are held against. `**` counts once.
 */
const MOST_STARS = 3;
const LONGEST_MATCHED = 300;
const GLOB_CHARACTERS = /[*?[\]{}]/g;
const STAGE_PART = /^[A-Za-z0-9._*?{},[\]^-]+$/;

function partsOf(pattern: string): { readonly image: string | undefined; readonly stage: string } {
  const slash = pattern.lastIndexOf("/");
  if (slash < 0) return { image: undefined, stage: pattern };
  return { image: pattern.slice(0, slash), stage: pattern.slice(slash + 1) };
}

function countStars(part: string): number {
  return part.match(/\*+/g)?.length ?? 0;
}

function imageRank(pattern: string | undefined, image: string): number | undefined {
  if (pattern === undefined) return 0;
  if (pattern === image) return 2;
  return matchesGlob(pattern, image) ? 1 : undefined;
}

function stageRank(pattern: string, stage: string): number | undefined {
  if (pattern === stage) return 2;
  if (pattern === "*" || pattern === "**") return 0;
  return matchesGlob(pattern, stage) ? 1 : undefined;
}

/** `*` goes over slashes, as in Bash. What picomatch would read as regular expression is text. */
function matchesGlob(pattern: string, text: string): boolean {
  if (!isGlob(pattern) || /[()|+\\]/.test(pattern) || text.length > LONGEST_MATCHED) return false;
  return picomatch.isMatch(text, pattern, {
    bash: true,
    dot: true,
    noextglob: true,
    nonegate: true,
  });
}
