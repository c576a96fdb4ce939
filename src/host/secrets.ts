import { TERMINAL_SEQUENCE } from "./neutralise.ts";

/** Texts that must never be shown. */
export interface Secrets {
  /** Registers a secret. Returns the texts that are concealed from now on because of it. */
  add(secret: string): readonly string[];
  /** The text with every registered secret replaced by `***`. */
  conceal(text: string): string;
}

/** Shorter texts are not concealed: they would blot out the log and protect nothing. */
const SHORTEST_SECRET = 4;

/** Starts with nothing to conceal. */
export function createSecrets(): Secrets {
  const known = new Set<string>();
  const sought = new SoughtTexts();
  return {
    add(secret) {
      const parts = partsOf(secret).filter((part) => !known.has(part));
      for (const part of parts) {
        known.add(part);
        for (const view of viewsOf(part)) sought.add(view.text);
      }
      return parts;
    },
    conceal(text) {
      return known.size === 0 ? text : replaceSpans(text, spansIn(text, sought));
    },
  };
}

/** The whole secret and each of its lines: a log shows a key file line by line. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\r/).map((line) => line.trim());
  const parts = [secret.trim(), ...lines].filter((part) => part.length >= SHORTEST_SECRET);
  return [...new Set(parts)];
}

/** A text as it may be read, and where in the original each of its code units stands. */
interface View {
  readonly text: string;
  placeOf(index: number): number;
}

/**
 * The text itself and, where it holds what nobody sees, the text without that. A broken sequence takes
 * a character with it that is then part of a secret, so there is a view in which sequences stay.
 */
function viewsOf(text: string): readonly View[] {
  const itself: View = { text, placeOf: (index) => index };
  if (text.search(UNSEEN_CHARACTER) === -1) return [itself];
  return [itself, without(UNSEEN_CHARACTER, text), without(UNSEEN, text)];
}

/** Controls other than white space, and marks without width. */
const UNSEEN_CHARACTER = /[^\P{Cc}\t\n\r]|[\p{Cf}\u2028\u2029]/gu;

/** These, and terminal sequences, all of which begin with a control. */
const UNSEEN = new RegExp(`${TERMINAL_SEQUENCE.source}|${UNSEEN_CHARACTER.source}`, "gu");

function without(unseen: RegExp, text: string): View {
  const places = new Uint32Array(text.length);
  const kept: string[] = [];
  let count = 0;
  const keep = (from: number, to: number) => {
    kept.push(text.slice(from, to));
    for (let place = from; place < to; place++) places[count++] = place;
  };
  let seen = 0;
  for (const { index, 0: gap } of text.matchAll(unseen)) {
    keep(seen, index);
    seen = index + gap.length;
  }
  keep(seen, text.length);
  return { text: kept.join(""), placeOf: (index) => places[index] ?? text.length };
}

/** From the first code unit of something to the one behind its last. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Texts that are looked for all at once: a bundle of certificates is thousands of lines, and every
 * line of a log is searched for each of them.
 */
class SoughtTexts {
  readonly #byBeginning = new Map<number, Set<string>>();

  add(text: string): void {
    if (text.length < SHORTEST_SECRET) return;
    const key = beginningOf(text);
    const alike = this.#byBeginning.get(key) ?? new Set();
    this.#byBeginning.set(key, alike.add(text));
  }

  /** Where they stand, the longest of those that begin at one place. */
  spansIn(text: string): readonly Span[] {
    const spans: Span[] = [];
    let key = 0;
    for (let index = 0; index < text.length; index++) {
      key = withNext(key, text.charCodeAt(index));
      const start = index - SHORTEST_SECRET + 1;
      const alike = start < 0 ? undefined : this.#byBeginning.get(key);
      if (alike === undefined) continue;
      let longest = 0;
      for (const candidate of alike) {
        if (candidate.length > longest && text.startsWith(candidate, start)) {
          longest = candidate.length;
        }
      }
      if (longest > 0) spans.push({ start, end: start + longest });
    }
    return spans;
  }
}

/** A number that depends on the first four code units, as many as the shortest secret has. */
function beginningOf(text: string): number {
  let key = 0;
  for (let index = 0; index < SHORTEST_SECRET; index++) {
    key = withNext(key, text.charCodeAt(index));
  }
  return key;
}

/** What was four code units ago is shifted out of the 32 bits. */
function withNext(key: number, codeUnit: number): number {
  return (key << 8) ^ codeUnit;
}

function spansIn(text: string, sought: SoughtTexts): readonly Span[] {
  return viewsOf(text).flatMap((view) =>
    sought.spansIn(view.text).map(({ start, end }) => ({
      start: view.placeOf(start),
      end: view.placeOf(end - 1) + 1,
    })),
  );
}

/** Spans that overlap are one: what is left of the one must not show the end of the other. */
function replaceSpans(text: string, spans: readonly Span[]): string {
  const shown: string[] = [];
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    if (span.end <= end) continue;
    if (span.start >= end) shown.push(text.slice(end, span.start), "***");
    end = span.end;
  }
  return shown.join("") + text.slice(end);
}
