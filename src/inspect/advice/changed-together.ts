// One line changes what several copies have brought: each of them can do that itself, and the line is
// to be written anew once, for all of them.

import type { Layer } from "../../model/image.ts";
import { isCopy, isRun } from "./instructions.ts";
import {
  changedTraits,
  changesOnly,
  type FlaggedCopy,
  flaggedCopy,
  traitsInWords,
} from "./metadata-only.ts";
import { isAfter, isSpent, overlappingCopies } from "./overlapping-copies.ts";
import { restAfterAll, STORED_AGAIN } from "./rest-of-line.ts";
import { joinedAdvice, type Told } from "./told.ts";
import { undoingBetween } from "./undoing-lines.ts";
import { type AdviceWords, capital, inCode, linesInWords, listed } from "./words.ts";

/** Advice of which that on one line is told as one, as far as that can be said. */
export function changedTogether(all: readonly Told[]): readonly Told[] {
  const groups = Map.groupBy(all, (one) => {
    const { rule, laterLayer } = one.saving;
    return rule === "metadata-only" && !one.hasSecret ? laterLayer : one;
  });
  return [...groups.values()].flatMap((members) => {
    const copies: CopiesOver = new Map(members.map((one) => [one, copiesOver(one)]));
    const isSeveral = members.length > 1 || members.some((one) => isCopiedOver(one, copies));
    const words = isSeveral ? wordsFor(members, copies) : undefined;
    if (words !== undefined) return joined(members, words);
    return members.filter((one) => !isCopiedOver(one, copies)).map(lessCopied);
  });
}

/** For each of several, the other lines that copy some of the same. */
type CopiesOver = ReadonlyMap<Told, readonly Layer[]>;

function isCopiedOver(one: Told, copies: CopiesOver): boolean {
  return (copies.get(one) ?? []).length > 0;
}

/** Words for several, and the lines that they name. */
interface WordsForAll extends AdviceWords {
  readonly lines: readonly number[];
}

/** A copy that comes first matters where it has more than this part of what is saved. */
const MATTERS = 0.5;

/**
 * Other lines that copy some of the same, where one is told to do so with an owner or a mode: those after
 * it would take that away again, and those before it have the same bytes once more.
 */
function copiesOver({ saving, about }: Told): readonly Layer[] {
  const { first, later } = about;
  const isFlagged = isCopy(first) && isRun(later) && changedTraits(saving) !== "";
  if (saving.rule !== "metadata-only" || !isFlagged) return [];
  if (flaggedCopy(saving, about) === undefined) return [];
  return overlappingCopies(about).filter((copy) => {
    return isAfter(copy, first) || copy.unpacked > saving.bytes * MATTERS;
  });
}

/** What is left of a saving by itself: copies that come first may have the same bytes once more then. */
function lessCopied(one: Told): Told {
  const { saving, about } = one;
  if (saving.rule !== "metadata-only" || !isCopy(about.first)) return one;
  const before = overlappingCopies(about).filter((copy) => !isAfter(copy, about.first));
  const twice = before.reduce((sum, { unpacked }) => sum + unpacked, 0);
  const bytes = Math.max(0, one.advice.bytes - twice);
  return twice === 0 ? one : { ...one, advice: { ...one.advice, bytes } };
}

function joined(members: readonly Told[], words: WordsForAll): readonly Told[] {
  const [first] = members;
  if (first === undefined) return [];
  const ofOthers = [...new Set(members.map((each) => each.ofOthers))].filter((each) => each !== "");
  const message = [words.message, ...ofOthers].join(" ");
  const one = joinedAdvice(first, members, { message, instead: words.instead });
  const lines = [...new Set([...one.advice.lines, ...words.lines])].toSorted((a, b) => a - b);
  return [{ ...one, advice: { ...one.advice, lines } }];
}

/** Undefined where one of the copies cannot do that itself, or it is not known what is left of the line. */
function wordsFor(members: readonly Told[], copies: CopiesOver): WordsForAll | undefined {
  const all = members.toSorted((one, other) => lineOf(one) - lineOf(other));
  const [first, ...others] = all;
  const flags = all.map(copyOf);
  if (first === undefined || !flags.every((copy) => copy !== undefined)) return undefined;
  const traits = changedTraits(first.saving);
  const isAlike = others.every(({ saving }) => changedTraits(saving) === traits);
  const beside = copiesBeside(all, copies);
  const rest = restWords(all, copies);
  if (rest === undefined || beside === undefined || !isAlike) return undefined;
  const { later } = first.about;
  const makers = linesInWords(all.map(({ about }) => about.first));
  const sentences = [
    changesOnly(`Line ${later.line}`, traitsInWords(first.saving, [later]), makers),
    ...copiedOverWords(beside),
    `They can do that themselves, and ${rest}`,
    ...new Set(flags.flatMap(({ notes }) => notes)),
  ];
  const written = [
    ...all.map((one, at) => ({ line: lineOf(one), text: flags[at]?.text ?? "" })),
    ...beside.map((layer) => writtenBeside(layer, first)),
  ].toSorted((one, other) => one.line - other.line);
  const instead = written.map(({ line, text }) => `${inCode(text)} in line ${line}`);
  return {
    message: sentences.join(" "),
    instead: `Write ${listed(instead)}.`,
    lines: written.map(({ line }) => line),
  };
}

function copiedOverWords(beside: readonly Layer[]): readonly string[] {
  if (beside.length === 0) return [];
  const verb = beside.length > 1 ? "copy" : "copies";
  return [`${capital(linesInWords(beside))} ${verb} some of it over that.`];
}

/** A copy of some of the same files, which it gives what another one is to give them. */
function writtenBeside(layer: Layer, { saving, about }: Told) {
  const copy = flaggedCopy(saving, { ...about, first: layer });
  return { line: layer.line ?? 0, text: copy?.text ?? layer.instruction ?? "" };
}

/** Copies that nothing is told of, and that can do the same; undefined where one may do more. */
function copiesBeside(all: readonly Told[], copies: CopiesOver): readonly Layer[] | undefined {
  const members = all.map(({ about }) => about.first);
  const beside = new Set<Layer>();
  for (const one of all) {
    for (const copy of copies.get(one) ?? []) {
      if (members.includes(copy)) continue;
      if (!isSpent(copy, one.about)) return undefined;
      beside.add(copy);
    }
  }
  return [...beside];
}

/** What becomes of the line: it is left open where copies overlap, which must not be told apart. */
function restWords(all: readonly Told[], copies: CopiesOver): string | undefined {
  const later = all[0]?.about.later;
  const savings = all.map(({ saving }) => saving);
  const rest = later === undefined ? undefined : restAfterAll(later, savings);
  if (rest !== undefined) return `${rest}.`;
  if (!all.some((one) => isCopiedOver(one, copies))) return undefined;
  return `line ${later?.line} must leave it alone: ${STORED_AGAIN}. It has to go on with all else that is changed there.`;
}

/** The copy of its own line alone, with no line before it. */
function copyOf({ saving, about }: Told): FlaggedCopy | undefined {
  const { first, between, others } = about;
  const isUndone = others.some(isCopy) || undoingBetween(saving, about).length > 0;
  if (!isCopy(first) || between.length > 0 || isUndone) return undefined;
  const copy = flaggedCopy(saving, about);
  return copy?.made === undefined ? copy : undefined;
}

function lineOf({ about }: Told): number {
  return about.first.line ?? 0;
}
