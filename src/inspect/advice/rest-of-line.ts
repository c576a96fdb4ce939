// What is left for a RUN to do, once what it changed is copied as it is in the end. Not even a change
// without effect may be left: with the older image store, engines keep all that was touched.

import type { Layer } from "../../model/image.ts";
import type { Besides, ChangedFolder, Saving } from "../savings/saving.ts";
import { changesOnlyMetadata, plainList, shellRun } from "./commands.ts";
import { isCopy } from "./instructions.ts";
import { undoingBetween } from "./undoing-lines.ts";
import { capital, inCode, linesInWords, listed, type SavingLayers } from "./words.ts";

/** Letters of the longest instruction that is told in the middle of a sentence. */
const LONGEST = 200;

/** Folders, and other paths, that a line is written for anew, at most. */
const MOST_PATHS = 5;

/** A later layer that did nothing besides. */
const NOTHING: Besides = { folders: [], paths: [] };

/** What becomes of the lines, in the middle of a sentence; undefined where that cannot be said. */
export function restInWords(lines: readonly Layer[], saving: Saving): string | undefined {
  const rests = lines.map((layer, at) => {
    return { layer, rest: findRest(layer, saving, saving.besides?.[at]) };
  });
  if (rests.some(({ rest }) => rest === undefined)) return undefined;
  const dropped = rests.filter(({ rest }) => rest?.text === "").map(({ layer }) => layer);
  const kept = rests.filter(({ rest }) => rest?.text !== "");
  return listed([
    ...(dropped.length > 0 ? [`${linesInWords(dropped)} be dropped`] : []),
    ...kept.flatMap(({ layer, rest }) => (rest ? [`line ${layer.line} be ${inWords(rest)}`] : [])),
  ]);
}

/** What later lines have to leave and to do, in sentences. */
export function leftAlone(saving: Saving, { between, later }: SavingLayers): string {
  const lines = [...between, later];
  const rest = restInWords(lines, saving);
  if (rest !== undefined) return `Let ${rest}.`;
  const alone = `Let ${linesInWords(lines)} leave them alone: ${STORED_AGAIN}.`;
  return [alone, ...goneOnWith(lines, saving)].join(" ");
}

/** That a line can do itself what later ones did until now, and what becomes of those; sentences. */
export function afterwards(saving: Saving, about: SavingLayers): string {
  const { first, between, others, later } = about;
  const changing = [...between, later];
  const rest = restInWords(changing, saving);
  const can = `Line ${first.line} can do that itself,`;
  const copying = others.filter(isCopy);
  const too =
    copying.length === 0
      ? []
      : [`${capital(linesInWords(copying))} copies some of it once more, and has to do the same.`];
  const undoing = undoingBetween(saving, about);
  const verb = undoing.length > 1 ? "change" : "changes";
  const undone =
    undoing.length === 0
      ? []
      : [`${capital(linesInWords(undoing))} ${verb} that of some of it, and must not any more.`];
  if (rest !== undefined) return [`${can} and ${rest}.`, ...too, ...undone].join(" ");
  const alone = `${can} and ${linesInWords(changing)} must leave it alone: ${STORED_AGAIN}.`;
  return [alone, ...goneOnWith(changing, saving), ...too, ...undone].join(" ");
}

/** Why files must be left alone. */
export const STORED_AGAIN = "some engines store once more even what a change leaves as it is";

/** What lines still have to change, where it is not known how they are to be written; a sentence. */
function goneOnWith(lines: readonly Layer[], saving: Saving): readonly string[] {
  const { besides = [] } = saving;
  const folders = new Set(besides.flatMap((each) => each.folders.map(({ path }) => path)));
  const paths = new Set(besides.flatMap((each) => each.paths));
  const isMore = besides.some(({ isCut }) => isCut) || folders.size + paths.size > 2 * MOST_PATHS;
  const it = lines.length > 1 ? "They have" : "It has";
  if (isMore) return [`${it} to go on with all else that is changed there.`];
  const what = [
    ...(folders.size > 0 ? [`${listed([...folders].map(inCode))}, without -R`] : []),
    ...(paths.size > 0 ? [`all of ${listed([...paths].map(inCode))}`] : []),
  ].join(", and ");
  return what === "" ? [] : [`${it} to go on with ${what}.`];
}

/**
 * What is left of the last line of a saving, a `RUN` that no longer changes the owner or the mode of its
 * files, as it is to be written; empty where that is nothing, undefined where it cannot be said.
 */
export function restOf(layer: Layer, saving: Saving): string | undefined {
  return findRest(layer, saving, saving.besides?.at(-1))?.text;
}

/**
 * What becomes of a later line once what it changed of several copies is copied as it is in the end, in
 * the middle of a sentence; undefined where that cannot be said.
 */
export function restAfterAll(later: Layer, savings: readonly Saving[]): string | undefined {
  let text = later.instruction;
  for (const saving of savings) {
    const layer = text === undefined ? later : { ...later, instruction: text };
    text = findRest(layer, saving, besidesAll(saving, savings))?.text;
    if (text === undefined) return undefined;
  }
  if (text === "") return `line ${later.line} be dropped`;
  return text !== undefined && text.length <= LONGEST
    ? `line ${later.line} be ${inCode(text)}`
    : undefined;
}

/** What a layer did besides, but for folders that one of the other copies makes as they are in the end. */
function besidesAll({ besides }: Saving, savings: readonly Saving[]): Besides {
  const own = besides?.at(-1) ?? NOTHING;
  const all = savings.map((each) => each.besides?.at(-1) ?? NOTHING);
  const isLeft = ({ path }: ChangedFolder) =>
    all.every(({ folders, paths }) => {
      return folders.some((each) => each.path === path) || paths.some((each) => isIn(each, path));
    });
  return { ...own, folders: own.folders.filter(isLeft) };
}

/** What is left of a `RUN`. */
interface Rest {
  /** As it is to be written; empty where that is nothing. */
  readonly text: string;
  /** Commands that it no longer has, and that it has instead. */
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

function findRest(layer: Layer, saving: Saving, besides = NOTHING): Rest | undefined {
  const { folders } = besides;
  if (besides.isCut || folders.length > MOST_PATHS) return undefined;
  const run = shellRun(layer);
  const commands = plainList(run?.command ?? "");
  if (saving.isSole && folders.length === 0 && changesOnlyMetadata(layer)) {
    return { text: "", removed: [], added: [] };
  }
  const rests = commands?.map((command) => restOfCommand(command, saving, besides)) ?? [];
  if (run === undefined || commands === undefined || rests.includes(undefined)) return undefined;
  if (rests.some((rest, at) => namesTooSoon(rest, commands.slice(at), besides))) return undefined;
  const kept = rests.flatMap((rest) => rest ?? []);
  const removed = commands.filter((command) => !kept.includes(command));
  const added = kept.filter((command) => !commands.includes(command));
  const areKept = folders.every((folder) => isChangedBy(kept, folder));
  // What changed the files may be none of the commands.
  if (removed.length === 0 || !areKept) return undefined;
  const text = kept.length === 0 ? "" : ["RUN", ...run.flags, kept.join(" && ")].join(" ");
  return { text, removed, added };
}

/** All of it, where that is short. */
function inWords({ text, removed, added }: Rest): string {
  if (text.length <= LONGEST) return inCode(text);
  const instead = added.length === 0 ? "" : `, but with ${listed(added.map(inCode))}`;
  return `without ${listed(removed.map(inCode))}${instead}`;
}

/** Whether what is left of the first of some commands names what one after it may be what makes it. */
function namesTooSoon(
  rest: readonly string[] | undefined,
  [command = "", ...after]: readonly string[],
  { paths }: Besides,
): boolean {
  const given = command.split(/\s+/);
  const isNamed = (path: string) => rest?.some((each) => each.split(" ").includes(path)) === true;
  const isNew = paths.some((path) => isNamed(path) && !given.includes(path));
  return isNew && after.some((each) => !CHANGE.test(each.split(/\s+/)[0] ?? ""));
}

/** Whether commands still do to a folder what is to be done to it. */
function isChangedBy(
  commands: readonly string[],
  { path, isOwnerNew, isModeNew }: ChangedFolder,
): boolean {
  const names = commands
    .map((command) => command.split(/\s+/))
    .filter((words) => words.includes(path))
    .map(([name = ""]) => name);
  const isChanged = (isMode: boolean) =>
    names.some((name) => !CHANGE.test(name) || changesMode(name) === isMode);
  return (!isOwnerNew || isChanged(false)) && (!isModeNew || isChanged(true));
}

function changesMode(name: string): boolean {
  return name === "chmod";
}

const CHANGE = /^(?:chown|chmod|chgrp)$/;
/** What may change files too, be it by starting one of those. */
const MAY_CHANGE = /\b(?:chown|chmod|chgrp|touch|setfacl|usermod|find|xargs|sh|bash)\b/;
const RECURSIVE = "--recursive";

/** The commands that are left of one; undefined where it cannot be said what that changes. */
function restOfCommand(
  command: string,
  { ownFolder }: Saving,
  besides: Besides,
): readonly string[] | undefined {
  const [name = "", ...words] = command.split(/\s+/);
  if (!CHANGE.test(name)) return MAY_CHANGE.test(command) ? undefined : [command];
  const flags = words.filter((word) => isFlag(word));
  const [change = "", ...operands] = words.filter((word) => !isFlag(word));
  const places = operands.map((operand) => placeOf(operand, ownFolder, besides.paths));
  if (operands.length === 0 || places.includes("unclear")) return undefined;
  const apart = operands.filter((_, at) => places[at] === "apart");
  const own = operands.filter((_, at) => places[at] === "own");
  if (own.length === 0) return [command];
  const isBelow = (path: string) => own.some(isAbove(path));
  const isDeep = inOne(flags).join() !== flags.join();
  // By itself a command changes no more than what it names.
  const isChanged = (path: string) =>
    isDeep ? isBelow(path) : own.some((operand) => isIn(path, operand) && isIn(operand, path));
  const folders = besides.folders
    .filter(({ isOwnerNew, isModeNew }) => (changesMode(name) ? isModeNew : isOwnerNew))
    .map(({ path }) => path)
    .filter(isChanged);
  const others = isDeep ? besides.paths.filter(isBelow) : [];
  if (others.length > MOST_PATHS || ![...folders, ...others].every(isPlain)) return undefined;
  const all = [...apart, ...others];
  return [
    ...(all.length > 0 ? [[name, ...flags, change, ...all].join(" ")] : []),
    ...(folders.length > 0 ? [[name, ...inOne(flags), change, ...folders].join(" ")] : []),
  ];
}

/** `-x` is a mode. */
function isFlag(word: string): boolean {
  return /^-[RfcvhHLP]+$|^--[a-z]/.test(word);
}

/** The flags without the one to change all that is in a folder. */
function inOne(flags: readonly string[]): readonly string[] {
  return flags
    .filter((flag) => flag !== RECURSIVE)
    .map((flag) => (flag.startsWith("--") ? flag : flag.replaceAll("R", "")))
    .filter((flag) => flag !== "-");
}

/**
 * Whether what a command changes are files of the saving, maybe with others that are known; or none of
 * them; or it is not known what.
 * @param others paths in the folder that are of others
 */
function placeOf(
  operand: string,
  ownFolder: string | undefined,
  others: readonly string[],
): "own" | "apart" | "unclear" {
  if (ownFolder === undefined || !/^\/[\w@%+:.*?/-]*$/.test(operand) || operand.includes("..")) {
    return "unclear";
  }
  const own = inFolder(ownFolder);
  const [literal = ""] = operand.split(/[*?]/);
  if (operand !== literal) {
    if (literal.startsWith(own)) return others.length === 0 ? "own" : "unclear";
    return own.startsWith(literal) ? "unclear" : "apart";
  }
  const place = inFolder(operand);
  if (others.some((other) => place.startsWith(inFolder(other)))) return "apart";
  return place.startsWith(own) || own.startsWith(place) ? "own" : "apart";
}

/** Whether a shell takes a path as it stands. */
function isPlain(path: string): boolean {
  return /^\/[\w@%+:./-]*$/.test(path);
}

function isAbove(folder: string): (operand: string) => boolean {
  return (operand) => isIn(operand, folder);
}

/** Whether a path is a folder, or in it. */
function isIn(folder: string, path: string): boolean {
  return inFolder(path).startsWith(inFolder(folder));
}

/** What the paths of all that is in a folder begin with. */
function inFolder(path: string): string {
  return `${path.replace(/(?<!\/)\/+$/, "")}/`;
}
