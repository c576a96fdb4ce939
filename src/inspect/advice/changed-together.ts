// One line changes what several copies have brought: each of them can do that itself, and the line is
// to be written anew once, for all of them.

import { isCopy } from "./instructions.ts";
import { changedTraits, changesOnly, type FlaggedCopy, flaggedCopy } from "./metadata-only.ts";
import { restAfterAll } from "./rest-of-line.ts";
import { joinedAdvice, type Told } from "./told.ts";
import { type AdviceWords, inCode, linesInWords, listed } from "./words.ts";

/** Advice of which that on one line is told as one, as far as that can be said. */
export function changedTogether(all: readonly Told[]): readonly Told[] {
  const groups = Map.groupBy(all, (one) => {
    const { rule, laterLayer } = one.saving;
    return rule === "metadata-only" && !one.hasSecret ? laterLayer : one;
  });
  return [...groups.values()].flatMap((members) => {
    const words = members.length > 1 ? wordsFor(members) : undefined;
    return words === undefined ? members : joined(members, words);
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
  const { later } = first.about;
  const rest = restAfterAll(
    later,
    all.map(({ saving }) => saving),
  );
  if (rest === undefined || !isAlike) return undefined;
  const makers = linesInWords(all.map(({ about }) => about.first));
  const sentences = [
    changesOnly(`Line ${later.line}`, traits, makers),
    `They can do that themselves, and ${rest}.`,
    ...new Set(copies.flatMap(({ notes }) => notes)),
  ];
  const written = all.map(({ about }, at) => {
    return `${inCode(copies[at]?.text ?? "")} in line ${about.first.line}`;
  });
  return { message: sentences.join(" "), instead: `Write ${listed(written)}.` };
}

/** The copy of its own line alone, with no line before it. */
function copyOf({ saving, about }: Told): FlaggedCopy | undefined {
  const { first, between, others } = about;
  if (!isCopy(first) || between.length + others.length > 0) return undefined;
  const copy = flaggedCopy(saving, about);
  return copy?.made === undefined ? copy : undefined;
}

function lineOf({ about }: Told): number {
  return about.first.line ?? 0;
}
