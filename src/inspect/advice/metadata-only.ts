import type { Layer } from "../../model/image.ts";
import { type Saving, SEVERAL } from "../savings/saving.ts";
import { copySource, installedFolder } from "./copy-source.ts";
import { flagged, isCopy, isRun } from "./instructions.ts";
import { unlinked } from "./linked-copy.ts";
import { type CopyMode, copyMode } from "./modes.ts";
import { partialInstead } from "./partial-change.ts";
import { afterwards, restInWords, restOf } from "./rest-of-line.ts";
import { takesSyntax } from "./syntax.ts";
import { mayBeUndone } from "./undoing-lines.ts";
import { isRootUser, userAt } from "./users.ts";
import {
  type AdviceWords,
  capital,
  inCode,
  linesInWords,
  madeBy,
  type SavingLayers,
} from "./words.ts";
import { writtenOnce } from "./written-once.ts";

/** A layer gives files another owner, mode or date, and so has all their bytes again. */
export function metadataOnlyWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  // Told as what the build context should not have.
  if (copySource(later) === "context" && installedFolder(saving, about)) return undefined;
  const message = whatIsWrong(saving, about);
  if (first.origin === "base") {
    // A package manager writes its own files anew, be they the same or not.
    if (isRun(later) && !CHANGES.test(later.instruction ?? "")) return undefined;
    return { message, instead: "Leave the base image's files as they are." };
  }
  const { owner, mode } = saving;
  if (isRun(later) && owner === undefined && mode === undefined) {
    const instead = unchangedInstead(saving, about);
    return instead === undefined ? undefined : { message, instead, leavesFirst: true };
  }
  if (!isCopy(first) || !isRun(later)) return writtenOnce(message, saving, about);
  const copy = flaggedCopy(saving, about);
  if (copy === undefined) {
    // What is done in an earlier stage would be undone by a line between.
    if (mayBeUndone(saving, about)) return undefined;
    return { message, instead: partialInstead(saving, about) };
  }
  const { text, made, notes } = copy;
  return {
    message: [message, afterwards(saving, about), ...notes].join(" "),
    instead: made === undefined ? text : `Write ${inCode(made)}, and then ${inCode(text)}.`,
  };
}

const CHANGES = /\b(?:chown|chmod|chgrp|touch|setfacl|usermod)\b/;

/** What a later layer has changed of files: `the owner`, or `owner and mode`; empty: neither. */
export function changedTraits({ owner, mode }: Saving): string {
  if (owner !== undefined && mode !== undefined) return "owner and mode";
  if (owner !== undefined) return "the owner";
  return mode === undefined ? "" : "the mode";
}

/** The same, with dates where a line may have changed no more than those of some. */
export function traitsInWords(saving: Saving, lines: readonly Layer[]): string {
  const traits = changedTraits(saving);
  const isDated = lines.some(({ instruction = "" }) => /\btouch\b/.test(instruction));
  if (!isDated || traits === "") return traits;
  return traits.includes(" and ") ? "owner, mode and dates" : `${traits} and dates`;
}

/** That a line has changed no more than traits of what others brought, and what that costs; a sentence. */
export function changesOnly(line: string, traits: string, makers: string): string {
  return `${line} changes only ${traits} of what ${makers} wrote, which stores every file a second time.`;
}

function whatIsWrong(saving: Saving, { first, between, later }: SavingLayers): string {
  const lines = capital(linesInWords([...between, later]));
  const named = traitsInWords(saving, [...between, later]);
  if (named === "") return `${lines} ${storedAgain(first, between)}`;
  return between.length === 0
    ? changesOnly(lines, named, madeBy(first))
    : `${lines} change only ${named} of what ${madeBy(first)} wrote, and each of them stores every file once more.`;
}

/** Dates are not looked at, and engines with the older image store keep all that was touched. */
function storedAgain(first: Layer, between: readonly Layer[]): string {
  const [store, change] = between.length === 0 ? ["stores", "changes"] : ["each store", "change"];
  return `${store} once more what ${madeBy(first)} wrote, but ${change} no content, owner or mode of it.`;
}

/** What has no effect but on dates need not be done; what is written anew cannot be left as it is. */
function unchangedInstead(
  saving: Saving,
  { first, between, later }: SavingLayers,
): string | undefined {
  const lines = [...between, later];
  const isDated = lines.some(({ instruction = "" }) => /\btouch\b/.test(instruction));
  const isLeft = lines.every((layer) => isCopy(layer) || CHANGES.test(layer.instruction ?? ""));
  const unclear = isLeft
    ? `Let ${linesInWords(lines)} leave as it is what line ${first.line} wrote.`
    : undefined;
  if (isDated) return unclear;
  if (between.length > 0) {
    const rests = restInWords(lines, saving);
    return rests === undefined ? unclear : `Let ${rests}.`;
  }
  const rest = restOf(later, saving);
  return rest === "" ? `Drop line ${later.line}.` : (rest ?? unclear);
}

/** A copy that gives its files the owner and the mode that they have in the end. */
export interface FlaggedCopy {
  readonly text: string;
  /** A line that has to be before it. */
  readonly made?: string;
  /** What is to be known of it, in sentences. */
  readonly notes: readonly string[];
}

/** The copy with flags that do for all of its files what later lines did; undefined: none can. */
export function flaggedCopy(saving: Saving, about: SavingLayers): FlaggedCopy | undefined {
  const { first, syntax } = about;
  const { owner, mode, isPartial } = saving;
  if (isPartial || owner === SEVERAL || mode === SEVERAL) return undefined;
  // What is unpacked keeps the modes that it has in the archive.
  if (mode !== undefined && copySource(first) === "archive") return undefined;
  const folder = folderFirst(saving);
  if (folder !== undefined && !canBeMade(folder, about)) return undefined;
  const made = folder && `RUN mkdir -p ${folder}`;
  const chmod: CopyMode | undefined =
    made !== undefined && mode !== undefined ? { text: mode, hasLetters: false } : copyMode(saving);
  if (mode !== undefined && chmod === undefined) return undefined;
  const flags = [
    ...(owner === undefined ? [] : [`--chown=${owner}`]),
    ...(chmod === undefined ? [] : [`--chmod=${chmod.text}`]),
  ];
  const apart = owner === undefined ? undefined : unlinked(first);
  const notes = [
    apart === undefined
      ? ""
      : `It is written without --link, which would give ${owner} the folders above too.`,
    made === undefined && isNewToFolders(saving)
      ? `The folders that line ${first.line} makes belong to ${owner} then too.`
      : "",
    chmod?.hasLetters ? takesSyntax(LETTERS_SINCE, syntax) : "",
  ];
  return {
    text: flagged(apart ?? first, flags),
    ...(made !== undefined && { made }),
    notes: notes.filter((note) => note !== ""),
  };
}

/** https://github.com/moby/buildkit/releases/tag/dockerfile%2F1.14.0 */
const LETTERS_SINCE = 14;

/** Whether the copy with an owner gives that to folders too which did not have it. */
function isNewToFolders({ owner, folderOwner }: Saving): boolean {
  return owner !== undefined && folderOwner !== undefined && folderOwner !== owner;
}

/** Whether a line can make a folder before a copy does: as root, and without a shell's own signs. */
function canBeMade(folder: string, { first, chain }: SavingLayers): boolean {
  const user = userAt(first.line ?? 0, chain);
  const isRoot = user === undefined || isRootUser(user);
  return isRoot && /^[A-Za-z0-9._/-]+$/.test(folder);
}

/**
 * The folder of a single file that is to be made first, as a copy without flags makes it: with flags,
 * the folders that it makes get what its file does.
 */
function folderFirst(saving: Saving): string | undefined {
  const { files, paths, mode, folderMode, folderOwner } = saving;
  const isModeNew = mode !== undefined && folderMode !== undefined && folderMode !== mode;
  const isSame = !isNewToFolders(saving) && (!isModeNew || copyMode(saving) !== undefined);
  const isUsual = folderMode === "755" && folderOwner === "0:0";
  const [path = ""] = paths;
  const folder = path.slice(0, path.lastIndexOf("/"));
  return isSame || files > 1 || !isUsual || folder === "" ? undefined : folder;
}
