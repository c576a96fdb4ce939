// What a `RUN` mounts, and which commands have to do with a place where something is mounted.

import { posix } from "node:path";
import { readMount } from "../../plan/run-mount.ts";
import type { ShellRun } from "./commands.ts";
import { commandsIn } from "./deletions.ts";

/** A `--mount` of a `RUN` that says where it is. */
export interface Mount {
  /** As it is written. Hostile text. */
  readonly flag: string;
  /** Without a slash at its end. */
  readonly target: string;
  /** The stage or image that it is of; undefined of the build context, and of caches. */
  readonly from?: string;
  /** `bind`, where it says nothing else. */
  readonly type: string;
  /** From the root of what it is of. */
  readonly source: string;
}

/** What an instruction mounts, in whatever form its command is. */
export function mountsOf(instruction: string): readonly Mount[] {
  const [flags = ""] = /^RUN\s+(?:--\S+\s+)*/i.exec(instruction) ?? [];
  return flags.split(/\s+/).flatMap((flag) => mountOf(flag) ?? []);
}

function mountOf(flag: string): Mount | undefined {
  const [, value] = /^--mount=(.*)$/s.exec(flag) ?? [];
  if (value === undefined) return undefined;
  const { type, source = "", target, from } = readMount(value.replace(/^["'](.*)["']$/s, "$1"));
  if (target === undefined) return undefined;
  const place = { target: plain(target), source: posix.resolve("/", source) };
  return { flag, ...place, type, ...(from !== undefined && { from }) };
}

function plain(path: string): string {
  return path.length > 1 ? posix.normalize(path).replace(/\/$/, "") : path;
}

/** Why several `RUN`s cannot be one with the mounts of all of them. */
export interface MountObstacle {
  /**
   * Two are in one place, or a command has to do with a place that it saw without a mount, or makes the
   * home that it is in.
   */
  readonly kind: "two" | "seen" | "home";
  readonly target: string;
}

/**
 * What keeps several `RUN`s from being one, since that has the mounts of all of them.
 * @param folder the one that they are run in
 */
export function mountObstacle(
  runs: readonly ShellRun[],
  folder: string,
): MountObstacle | undefined {
  const all = runs.flatMap(({ flags }) => flags.flatMap((flag) => mountOf(flag) ?? []));
  const found = runs.flatMap(({ flags, command }): readonly MountObstacle[] => {
    const foreign = all.filter(({ flag }) => !flags.includes(flag));
    const own = flags.flatMap((flag) => mountOf(flag) ?? []);
    return foreign.flatMap(({ target }): readonly MountObstacle[] => {
      if (own.some((each) => isRelated(each.target, target))) return [{ kind: "two", target }];
      if (makesHome(target, command)) return [{ kind: "home", target }];
      return isSeen(target, command, folder) ? [{ kind: "seen", target }] : [];
    });
  });
  return found[0];
}

/** Whether commands have to do with what is in a place, as far as they name it or are run there. */
function isSeen(target: string, command: string, folder: string): boolean {
  // It may be anywhere.
  if (!isAbsolute(target) || isIn(target, folder)) return true;
  return commandsIn(command).some((each) => {
    return wordsOf(each).some((word) => mayBe(word, target, folder, each));
  });
}

/** What fails where something is mounted, or takes what is there away. */
const DELETES = /^\s*(?:sudo\s+)?(?:rm|rmdir|mv|find)\s/;

const MOVES = /^\s*(?:sudo\s+)?mv\s/;

function wordsOf(command: string): readonly string[] {
  return command.split(/[\s"'=,:|<>()]+/).filter((word) => word !== "" && !word.startsWith("-"));
}

function mayBe(word: string, target: string, folder: string, command: string): boolean {
  const [isDeleted, isMoved] = [DELETES.test(command), MOVES.test(command)];
  if (/[$`~]/.test(word)) return isDeleted;
  const [literal = ""] = word.split(/[*?[{]/);
  const path = posix.resolve(folder, literal);
  // All that there is can be moved nowhere.
  if (path === "/") return isDeleted && !isMoved;
  return literal === word ? isRelated(path, target) : areAlike(path, target);
}

/** Whether what a pattern stands for can be a place, or what is in it. */
function areAlike(start: string, target: string): boolean {
  return target.startsWith(start) || isIn(target, start);
}

/**
 * Whether an instruction has a command that deletes or moves a folder itself, or one that it is in: that
 * fails where the folder is mounted.
 * @param folder the one that it is run in
 */
export function removesItself(target: string, instruction: string, folder: string): boolean {
  if (instruction.includes("<<")) {
    // Its lines are not kept apart.
    const removes = /\b(?:rm|rmdir|mv)\s/.test(instruction);
    return removes && wordsOf(instruction).some((word) => isWhole(word, target, folder));
  }
  return commandsIn(instruction)
    .map((command) => command.replace(/^\s*RUN\s+(?:--\S+\s+)*/i, ""))
    .filter((command) => REMOVES.test(command))
    .some((command) => removedIn(command).some((word) => isWhole(word, target, folder)));
}

/** What is moved goes to what is named last, unless an option says where. */
function removedIn(command: string): readonly string[] {
  const [, ...words] = wordsOf(command.replace(/(?<!\d)\d*[<>]+&?\s*\S+/g, " "));
  const isLastTarget = /^\W*mv\s/.test(command) && !/\s(?:-t|--target-directory)\b/.test(command);
  return isLastTarget ? words.slice(0, -1) : words;
}

const REMOVES = /^\s*(?:\(\s*)?(?:sudo\s+)?(?:rm|rmdir|mv)\s/;

function isWhole(word: string, target: string, folder: string): boolean {
  const inHome = /^(?:~|\$HOME|\$\{HOME\})(\/.*)?$/.exec(word);
  if (inHome !== null)
    return `${target}/`.includes(`${(inHome[1] ?? "").replace(/(?<!\/)\/+$/, "")}/`);
  if (word.includes("$")) return /^\$\{?\w*(?:CACHE|TMP|HOME)/.test(word);
  const path = posix.resolve(folder, word);
  return isIn(path, target) || mayStandFor(path, target);
}

/** Whether a pattern stands for a folder, or for one that it is in. */
function mayStandFor(path: string, target: string): boolean {
  const names = path.split("/");
  const given = target.split("/");
  if (!/[*?[{]/.test(path) || names.length > given.length) return false;
  return names.every((name, at) => {
    const [start = ""] = name.split(/[*?[{]/);
    return start === name ? name === given[at] : given[at]?.startsWith(start);
  });
}

/**
 * Whether a command makes a user whose home a place may be in: what is mounted is there before, with a
 * home that belongs to root, and that nothing is put into then.
 */
export function makesHome(target: string, command: string): boolean {
  const [, above, name = ""] = target.split("/");
  return commandsIn(command)
    .filter((each) => /\b(?:useradd|adduser)\b/.test(each))
    .some((each) => {
      const words = wordsOf(each.replace(/["']/g, " "));
      const isNamed = words.includes(name) || words.some((word) => /[$`]/.test(word));
      const paths = words.filter((word) => word.startsWith("/") && !ALWAYS_THERE.test(word));
      const isGiven = paths.some((path) => isIn(plain(path), target));
      return isGiven || (above === "home" && isNamed);
    });
}

/** Folders of each image: homes to be, but none that a user is made with. */
const ALWAYS_THERE = /^\/(?:etc|home|opt|root|srv|tmp|usr|var)?\/?$/;

function isAbsolute(path: string): boolean {
  return path.startsWith("/") && !path.includes("$");
}

/** Whether one is in the other, or both are the same. */
function isRelated(one: string, other: string): boolean {
  return isIn(one, other) || isIn(other, one);
}

/** Whether a path is a folder, or in it. */
export function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}
