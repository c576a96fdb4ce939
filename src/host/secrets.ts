import { base64Forms } from "./base64-forms.ts";
import { readingsOf, seenReadingsOf } from "./readings.ts";

/** Texts that must never be shown. */
export interface Secrets {
  /** Registers a secret. Returns the texts that are concealed from now on because of it. */
  add(secret: string): readonly string[];
  /** The text with every registered secret replaced by `***`, also where it is escaped or in base64. */
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
        for (const form of formsOf(part)) sought.add(form);
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

/**
 * The texts to look for because of one. What undoes percent escapes does not know whether a `+` is a
 * space, as it is in forms.
 */
function formsOf(part: string): readonly string[] {
  const seen = seenReadingsOf(part).map(({ text }) => text);
  return [...seen, part.replaceAll(" ", "+"), ...base64Forms(part)];
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
  return readingsOf(text).flatMap((reading) =>
    sought.spansIn(reading.text).map(({ start, end }) => ({
      start: reading.startOf(start),
      end: reading.endOf(end - 1),
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
