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
import { restAfterAll, STORED_AGAIN, undoingBetween } from "./rest-of-line.ts";
import { joinedAdvice, type Told } from "./told.ts";
import { type AdviceWords, capital, inCode, linesInWords, listed } from "./words.ts";

/** Advice of which that on one line is told as one, as far as that can be said. */
export function changedTogether(all: readonly Told[]): readonly Told[] {
  const groups = Map.groupBy(all, (one) => {
    const { rule, laterLayer } = one.saving;
    return rule === "metadata-only" && !one.hasSecret ? laterLayer : one;
  });
  return [...groups.values()].flatMap((members) => {
    const isSeveral = members.length > 1 || members.some((one) => copiesOver(one).length > 0);
    const words = isSeveral ? wordsFor(members) : undefined;
    if (words !== undefined) return joined(members, words);
    return members.filter((one) => copiesOver(one).length === 0);
  });
}

/** A copy that is smaller than this part of what is saved does not matter where it comes first. */
const MATTERS = 0.01;

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

function joined(members: readonly Told[], { message, instead }: AdviceWords): readonly Told[] {
  const [first] = members;
  if (first === undefined) return [];
  const ofOthers = [...new Set(members.map((each) => each.ofOthers))].filter((each) => each !== "");
  return [joinedAdvice(first, members, { message: [message, ...ofOthers].join(" "), instead })];
}

/** Undefined where one of the copies cannot do that itself, or it is not known what is left of the line. */
function wordsFor(members: readonly Told[]): AdviceWords | undefined {
  const all = members.toSorted((one, other) => lineOf(one) - lineOf(other));
  const [first, ...others] = all;
  const copies = all.map(copyOf);
  if (first === undefined || !copies.every((copy) => copy !== undefined)) return undefined;
  const traits = changedTraits(first.saving);
  const isAlike = others.every(({ saving }) => changedTraits(saving) === traits);
  const over = copiesBeside(all);
  const rest = restWords(all);
  if (rest === undefined || over === undefined || !isAlike) return undefined;
  const { later } = first.about;
  const makers = linesInWords(all.map(({ about }) => about.first));
  const sentences = [
    changesOnly(`Line ${later.line}`, traitsInWords(first.saving, [later]), makers),
    ...(over.length > 0
      ? [
          `${capital(linesInWords(over))} ${over.length > 1 ? "copy" : "copies"} some of it over that.`,
        ]
      : []),
    `They can do that themselves, and ${rest}`,
    ...new Set(copies.flatMap(({ notes }) => notes)),
  ];
  const written = [
    ...all.map(({ about }, at) => ({ line: about.first.line ?? 0, text: copies[at]?.text ?? "" })),
    ...over.flatMap((layer) => {
      const copy = flaggedCopy(first.saving, { ...first.about, first: layer });
      return copy === undefined ? [] : [{ line: layer.line ?? 0, text: copy.text }];
    }),
  ].toSorted((one, other) => one.line - other.line);
  const lines = written.map(({ line, text }) => `${inCode(text)} in line ${line}`);
  return { message: sentences.join(" "), instead: `Write ${listed(lines)}.` };
}

/** Copies that nothing is told of, and that can do the same; undefined where one may do more. */
function copiesBeside(all: readonly Told[]): readonly Layer[] | undefined {
  const members = all.map(({ about }) => about.first);
  const beside = new Set<Layer>();
  for (const one of all) {
    for (const copy of copiesOver(one)) {
      if (members.includes(copy)) continue;
      if (!isSpent(copy, one.about)) return undefined;
      beside.add(copy);
    }
  }
  return [...beside];
}

/** What becomes of the line: it is left open where copies overlap, which must not be told apart. */
function restWords(all: readonly Told[]): string | undefined {
  const later = all[0]?.about.later;
  const savings = all.map(({ saving }) => saving);
  const rest = later === undefined ? undefined : restAfterAll(later, savings);
  if (rest !== undefined) return `${rest}.`;
  if (!all.some((one) => copiesOver(one).length > 0)) return undefined;
  return `line ${later?.line} must leave it alone: ${STORED_AGAIN}. It has to go on with all else that is changed there.`;
}

/** The copy of its own line alone, with no line before it. */
function copyOf({ saving, about }: Told): FlaggedCopy | undefined {
  const { first, between, others } = about;
  const isCopiedOver = others.some(isCopy) || undoingBetween(saving, about).length > 0;
  if (!isCopy(first) || between.length > 0 || isCopiedOver) return undefined;
  const copy = flaggedCopy(saving, about);
  return copy?.made === undefined ? copy : undefined;
}

function lineOf({ about }: Told): number {
  return about.first.line ?? 0;
}
