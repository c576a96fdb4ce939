// How problems are worded: values quoted so that hostile text cannot act, lists of what is allowed,
// and the nearest thing that would have been right.
import { distance } from "fastest-levenshtein";

const QUOTED_LENGTH = 80;

/** A value as it is shown in a problem: `"150 Mb"`, cut after 80 characters, controls escaped. */
export function quoted(text: string): string {
  const characters = [...text.slice(0, 2 * (QUOTED_LENGTH + 1))];
  const isCut = characters.length > QUOTED_LENGTH;
  const shown = characters.slice(0, QUOTED_LENGTH).join("").replace(UNPRINTABLE, escaped);
  return `"${shown}${isCut ? "…" : ""}"`;
}

/** Controls, line separators, and what turns the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

function escaped(character: string): string {
  const names: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const code = character.codePointAt(0) ?? 0;
  return names[character] ?? `\\u{${code.toString(16)}}`;
}

/** `true or false`; `error, warning, info or off`. */
export function choiceOf(words: readonly string[]): string {
  return listed(words, "or");
}

/** `Dockerfile and Dockerfile.dev`. */
export function listOf(words: readonly string[]): string {
  return listed(words, "and");
}

function listed(words: readonly string[], last: string): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`;
}

/** Words by how near they are to one that was meant, nearest first. */
export function byNearness(meant: string, words: readonly string[]): readonly string[] {
  const wanted = comparable(meant);
  return words
    .map((word) => ({ word, steps: distance(wanted, comparable(word)) }))
    .sort((a, b) => a.steps - b.steps)
    .map(({ word }) => word);
}

/** Most names that one message lists. */
const LISTED_NAMES = 12;

/** `"production", "builder" and 3 more`: names quoted, each once, the most like the meant first. */
export function listNearest(meant: string, names: readonly string[]): string {
  const ranked = byNearness(meant, [...new Set(names)]);
  const more = ranked.length - LISTED_NAMES;
  const shown = ranked.slice(0, LISTED_NAMES).map(quoted);
  return listOf(more > 0 ? [...shown, `${more} more`] : shown);
}

/** `there is "production"`, `there are "production" and "base"`, or that there is none. */
export function thereIs(meant: string, names: readonly string[]): string {
  const count = new Set(names).size;
  if (count === 0) return "there is none";
  return `there ${count === 1 ? "is" : "are"} ${listNearest(meant, names)}`;
}

/** The word that was probably meant; undefined when none is near. */
export function nearest(meant: string, words: readonly string[]): string | undefined {
  const [first] = byNearness(meant, words);
  if (first === undefined) return undefined;
  const steps = distance(comparable(meant), comparable(first));
  return steps <= Math.max(2, Math.floor(first.length / 3)) ? first : undefined;
}

/**
 * The word that was surely meant: one or two letters are wrong, or two are swapped, or it is the
 * singular or plural. Stricter than `nearest` with short words, of which any two are near.
 */
export function nearestSlip(meant: string, words: readonly string[]): string | undefined {
  const wanted = comparable(meant);
  return byNearness(meant, words).find((word) => {
    const steps = distance(wanted, comparable(word));
    const isSwapped = steps <= 2 && lettersOf(wanted) === lettersOf(comparable(word));
    const isSame = singular(wanted) === singular(comparable(word));
    return isSame || isSwapped || steps <= Math.max(1, Math.floor(word.length / 4));
  });
}

function singular(word: string): string {
  return word.replace(/ies$/, "y").replace(/s$/, "");
}

function lettersOf(word: string): string {
  return [...word].sort().join("");
}

/** Case and separators are the commonest slips; what is longer than a name is no slip. */
function comparable(word: string): string {
  return word.slice(0, 200).toLowerCase().replaceAll("_", "-");
}

/** `; did you mean "max-unpacked"?`, or nothing. */
export function suggestion(meant: string, words: readonly string[]): string {
  const word = nearest(meant, words);
  return word === undefined ? "" : `; did you mean ${quoted(word)}?`;
}
