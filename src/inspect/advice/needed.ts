// Whether a build would miss what its context no longer had.

import type { Instruction, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import {
  argumentsOf,
  isInstalledFolder,
  isInstalledHere,
  sourcesOf,
  stageCopiedFrom,
} from "./copy-source.ts";
import { commandsIn, isDeletion, isPatternFor } from "./deletions.ts";
import { mayUse, runsTests } from "./project-uses.ts";
import type { SavingLayers } from "./words.ts";

const USES_GIT =
  /\bgit(?:\s+|"\s*,\s*")(?!clone\b|config\b|lfs\s+install\b|--version\b)[a-z-]|\bsetuptools[-_]scm\b|\bversioneer\b/;
const USES_DOCS = /\b(?:mkdocs|sphinx-build|docusaurus|vitepress)\b/;

/** What a `RUN` does that uses what is in folders of these names. */
const USES: ReadonlyMap<string, (command: string) => boolean> = new Map([
  [".git", (command: string) => USES_GIT.test(command)],
  ["test", runsTests],
  ["tests", runsTests],
  ["__tests__", runsTests],
  ["docs", (command: string) => USES_DOCS.test(command)],
]);
/** Folders that a `RUN` may use without a word of it in the Dockerfile. */
const MAYBE_USED = [...USES.keys(), "coverage"];

/** Options are bounded: a long line would take the square of its length. */
const INSTALLS =
  /\b(?:apt(?:-get)?|aptitude|apk|dnf|microdnf|yum|zypper|pacman)\s(?:[^|;&]{0,500}\s)?(?:install|add|-S\w*)\s/;

/** In a here-document, what installs is one of several commands. */
function onlyInstalls(command: string): boolean {
  return !command.includes("<<") && INSTALLS.test(command);
}

/** What Gradle is told not to do. */
const LEFT_OUT = /\s(?:-x|--exclude-task)[\s=]\S+/g;

/** The first line of a Dockerfile that uses what is in a folder, or files of an ending. */
export function lineThatNeeds(subject: string, stages: readonly Stage[]): number | undefined {
  const all = stages.flatMap(({ instructions }) => instructions);
  return all.find((instruction) => isUsedBy(subject, instruction))?.lines.start;
}

function isUsedBy(subject: string, instruction: Instruction): boolean {
  const { keyword, text } = instruction;
  if (keyword !== "RUN") return startsTestsOf(subject, instruction);
  // What is only deleted is not used.
  const commands = commandsIn(text).filter((command) => !isDeletion(command));
  const isNamed = (command: string) =>
    command
      .replace(LEFT_OUT, " ")
      .split(/[\s"'=,/{}]+/)
      .includes(subject);
  const isNameOfOne = !subject.startsWith("*") && !isInstalledFolder(subject);
  // What is installed under such a name is not used by that.
  const uses = (each: string) => USES.get(subject)?.(each) && !onlyInstalls(each);
  return commands.some((each) => uses(each) || (isNameOfOne && isNamed(each)));
}

/**
 * The lines of a Dockerfile that may use what is in a folder without saying so: they come after a copy
 * out of the build context, or mount that.
 */
export function linesThatMayNeed(subject: string, stages: readonly Stage[]): readonly number[] {
  if (!MAYBE_USED.includes(subject)) return [];
  const lines = stages.flatMap(({ index }) => {
    const chain = chainOf(stages, index).flatMap(({ instructions }) => instructions);
    const copies = chain.filter(({ keyword, text }) => isCopying(keyword) && !FROM.test(text));
    const first = Math.min(...copies.map(({ lines }) => lines.start));
    return chain.filter(({ keyword, text, lines }) => {
      const isThere = lines.start > first || /\s--mount=/.test(text);
      const commands = commandsIn(text).filter((each) => !onlyInstalls(each));
      return keyword === "RUN" && isThere && commands.some((each) => mayUse(subject, each));
    });
  });
  return [...new Set(lines.map(({ lines }) => lines.start))].toSorted((a, b) => a - b);
}

/** Instructions that say what a container does, and with which files. */
export const STARTS = ["CMD", "ENTRYPOINT", "HEALTHCHECK"];

/** Whether a container runs the tests that are in a folder of that name. */
function startsTestsOf(subject: string, { keyword, text }: Instruction): boolean {
  return (
    STARTS.includes(keyword) && USES.get(subject) === runsTests && commandsIn(text).some(runsTests)
  );
}

/** And those that have paths in them beside other words. */
const HAS_PATHS = ["ENV", "VOLUME"];

/** Whether a container needs what is in a folder, or a file, of that name: an instruction names it. */
export function isNeededLater(subject: string, chain: readonly Instruction[]): boolean {
  const end = subject.startsWith("*") ? subject.slice(1) : undefined;
  const isIt = (word: string) => (end === undefined ? word === subject : word.endsWith(end));
  const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}_.%+~@-]+/u);
  return chain.some((instruction) => {
    const { keyword, text } = instruction;
    if (startsTestsOf(subject, instruction)) return true;
    if (STARTS.includes(keyword)) return wordsOf(text).some((word) => isIt(word.replace(/^@/, "")));
    if (!HAS_PATHS.includes(keyword)) return false;
    // A word by itself, such as that of NODE_ENV=test, is no path.
    const paths = text.split(/[\s"'=:,;]+/).filter((word) => word.includes("/"));
    return paths.flatMap((path) => path.split("/")).some(isIt);
  });
}

/** Whether a line copies something of that name, and would not find it if the context had it not. */
export function isCopiedByName(subject: string, stages: readonly Stage[]): boolean {
  return stages
    .flatMap(({ instructions }) => instructions)
    .filter(({ keyword, text }) => isCopying(keyword) && copiesContext(subject, text, stages))
    .some(({ text }) => sourcesOf(text).some((source) => isNameOf(subject, source)));
}

/** Whether another line than the one that copies it names it, such as to have it of this stage. */
export function isCopiedElsewhere(name: string, { first, image }: SavingLayers): boolean {
  const others = image.stages.map((stage) => ({
    ...stage,
    instructions: stage.instructions.filter(({ lines }) => lines.start !== first.line),
  }));
  return isCopiedByName(name, others);
}

function isCopying(keyword: string): boolean {
  return keyword === "COPY" || keyword === "ADD";
}

const FROM = /\s--from=/;

/** Whether what a line copies can come from the build context, be it by way of another stage. */
function copiesContext(subject: string, text: string, stages: readonly Stage[]): boolean {
  if (!FROM.test(text)) return true;
  const stage = stageCopiedFrom({ instruction: text }, stages);
  if (stage === undefined) return false;
  const chain = chainOf(stages, stage.index).flatMap(({ instructions }) => instructions);
  return !isInstalledFolder(subject) || !isInstalledHere(subject, { chain });
}

function isNameOf(subject: string, source: string): boolean {
  const segments = source.split("/");
  return subject.startsWith("*")
    ? source.endsWith(subject.slice(1))
    : segments.some((each) => each === subject || (each !== "*" && isPatternFor(subject, each)));
}

/** Whether a copy takes a file by its own name, rather than a folder or a pattern. */
export function isCopiedAlone(path: string, instruction: string): string | undefined {
  const words = argumentsOf(instruction);
  const [source = "", target = ""] = words;
  if (words.length !== 2 || /[*?$]/.test(source)) return undefined;
  const name = nameOf(path);
  const isIt = nameOf(source) === name || nameOf(target) === name;
  return isIt ? source.replace(/^(?:\.?\/)+/, "") : undefined;
}

/** The last name of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
