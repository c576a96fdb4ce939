// Where to write what is to be ignored: one file may count for several Dockerfiles, of which others need
// what this one does not.

import { posix } from "node:path";
import type { Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { isInstalledFolder, isInstalledHere, sourcesOf } from "./copy-source.ts";
import { failingDeletions } from "./deletions.ts";
import { type Mount, mountsOf } from "./mounts.ts";
import { isCopiedByName, isNeededLater, linesThatMayNeed, lineThatNeeds } from "./needed.ts";
import { inCode, listed, type SavingLayers } from "./words.ts";

/** Dockerfiles that are told by name. */
const MOST_NAMES = 3;

/** What is to be ignored. */
export interface ToIgnore {
  /** Its name, or an ending such as `*.map`. */
  readonly subject: string;
  /** Where it is in the build context, if only that is ignored. */
  readonly source?: string;
}

/**
 * Where to write what is to be ignored. One of several Dockerfiles over a context may have an ignore
 * file of its own, and then no other counts for it.
 * https://docs.docker.com/build/concepts/context/#filename-and-location
 */
export function ignoreFile(
  ignored: ToIgnore,
  image: SavingLayers["image"],
  preposition: "in" | "into",
): string {
  const { dockerfile, ignoreRules } = image;
  const name = posix.basename(dockerfile);
  const own = inCode(`${name}.dockerignore`);
  const isForItself = ignoreRules?.isOwn || sharersInNeed(ignored, image).length > 0;
  if (isForItself) return `${preposition} ${own}`;
  if (name === "Dockerfile" || ignoreRules !== undefined) return `${preposition} \`.dockerignore\``;
  return `${preposition} ${own} where that is there, else ${preposition} \`.dockerignore\``;
}

/** That the Dockerfile is to have an ignore file of its own, and why; a sentence, if it is. */
export function ignoreNotes(ignored: ToIgnore, image: SavingLayers["image"]): readonly string[] {
  const names = sharersInNeed(ignored, image);
  if (names.length === 0) return [];
  const own = inCode(`${posix.basename(image.dockerfile)}.dockerignore`);
  const more = names.length - MOST_NAMES;
  const shown = names.slice(0, MOST_NAMES).map(inCode);
  const who = listed(more > 0 ? [...shown, `${more} more`] : shown);
  return [
    `${who} may need it from the same build context. So write it into ${own} beside this Dockerfile, which counts for it alone and in place of \`.dockerignore\`: what is in that has to be in there too.`,
  ];
}

/** The other Dockerfiles that have the same ignore file and may need what is to be ignored. */
function sharersInNeed(
  ignored: ToIgnore,
  { ignoreRules }: SavingLayers["image"],
): readonly string[] {
  const sharers = ignoreRules?.sharers ?? [];
  const needing = sharers.filter(({ stages }) => mayNeed(ignored, stages));
  return needing.map(({ dockerfile }) => dockerfile);
}

/**
 * The line that has files of a name ignored, wherever they are; undefined where none can be written.
 * https://pkg.go.dev/github.com/moby/patternmatcher
 */
export function ignoreLine(name: string): string | undefined {
  // Neither a line's end nor blanks before it are of the name, nor code what has backticks.
  if (/[\p{Cc}`]|\s$/u.test(name)) return undefined;
  return `**/${name.replace(/[\\*?[\]^]/g, "\\$&")}`;
}

/** What nobody copies who wants a program. */
const OF_NOBODY =
  /^(?:\.git|\.github|\.idea|\.vscode|__pycache__|\.(?:pytest|mypy|ruff)_cache|\.tox|\*\.log|\*\.tsbuildinfo)$/;

function mayNeed({ subject, source }: ToIgnore, stages: readonly Stage[]): boolean {
  const chains = stages.map(({ index }) => {
    return chainOf(stages, index).flatMap(({ instructions }) => instructions);
  });
  const isNamed =
    isCopiedByName(subject, stages) ||
    lineThatNeeds(subject, stages) !== undefined ||
    linesThatMayNeed(subject, stages).length > 0 ||
    failingDeletions(subject, stages).length > 0 ||
    chains.some((chain) => isNeededLater(subject, chain));
  if (isNamed) return true;
  if (OF_NOBODY.test(subject)) return false;
  return stages.some((stage, at) => {
    const chain = chains[at] ?? [];
    // Packages of another folder than the outermost may be installed by no line.
    const isOuter = source === undefined || source === subject;
    const isInstalled = isInstalledFolder(subject) && isInstalledHere(subject, { chain });
    return copiesFolders(stage) && !(isOuter && isInstalled);
  });
}

function isOfContext({ type, from }: Mount): boolean {
  return type === "bind" && from === undefined;
}

/** Whether a stage copies more out of the build context than files by their names, or mounts that. */
function copiesFolders({ instructions }: Stage): boolean {
  return instructions.some(({ keyword, text }) => {
    if (keyword === "RUN") return mountsOf(text).some(isOfContext);
    if ((keyword !== "COPY" && keyword !== "ADD") || /\s--from=/.test(text)) return false;
    return sourcesOf(text).some((source) => !/[^/.*?[$]\.[\w-]+$/.test(source));
  });
}
