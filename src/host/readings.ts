import { TERMINAL_SEQUENCE } from "./neutralise.ts";

/** A text as it may be read, and where in the original each of its code units comes from. */
export interface Reading {
  readonly text: string;
  /** Where what a code unit was read from begins. */
  startOf(index: number): number;
  /** The place behind what a code unit was read from. */
  endOf(index: number): number;
}

/** All ways to read what a program wrote: as it is seen, and what is escaped in it as what it stands for. */
export function readingsOf(text: string): readonly Reading[] {
  return seenReadingsOf(text).flatMap((reading) => [reading, ...unescaped(reading)]);
}

/**
 * The text itself and, where it holds what nobody sees, the text without that. A broken sequence takes
 * a character with it that is then part of a secret, so there is a reading in which sequences stay.
 */
export function seenReadingsOf(text: string): readonly Reading[] {
  const itself: Reading = { text, startOf: (index) => index, endOf: (index) => index + 1 };
  if (text.search(UNSEEN_CHARACTER) === -1) return [itself];
  const without = (unseen: RegExp) => rewritten(itself, unseen, () => "");
  return [itself, without(UNSEEN_CHARACTER), without(UNSEEN)];
}

/** Controls other than white space, and marks without width. */
const UNSEEN_CHARACTER = /[^\P{Cc}\t\n\r]|[\p{Cf}\u2028\u2029]/gu;

/** These, and terminal sequences, all of which begin with a control. */
const UNSEEN = new RegExp(`${TERMINAL_SEQUENCE.source}|${UNSEEN_CHARACTER.source}`, "gu");

/**
 * Every program has its own mind about which characters it escapes, and writes digits large or small:
 * so escapes are undone, instead of looking for what one of them would write.
 */
function unescaped(reading: Reading): readonly Reading[] {
  const { text } = reading;
  return [
    ...(text.includes("%") ? [rewritten(reading, PERCENT_ESCAPE, characterOfBytes)] : []),
    ...(text.includes("\\") ? [rewritten(reading, JSON_ESCAPE, characterOfJson)] : []),
    ...(text.includes("&") ? [rewritten(reading, REFERENCE, characterOfReference)] : []),
  ];
}

/** One character as percent-encoded UTF-8. https://www.rfc-editor.org/rfc/rfc3986#section-2.1 */
const PERCENT_ESCAPE =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-7](?:%[89ab][0-9a-f]){3}/gi;

function characterOfBytes(sequence: string): string {
  return Buffer.from(sequence.replaceAll("%", ""), "hex").toString("utf8");
}

/** https://www.rfc-editor.org/rfc/rfc8259#section-7 */
const JSON_ESCAPE = /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/g;

function characterOfJson(sequence: string): string {
  const letter = sequence.slice(1, 2);
  if (letter === "u") return String.fromCharCode(Number.parseInt(sequence.slice(2), 16));
  return CONTROLS[letter] ?? letter;
}

const CONTROLS: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Of the names only those that XML has, which every program uses. https://www.w3.org/TR/xml/#syntax */
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/gi;

function characterOfReference(reference: string): string {
  const name = reference.slice(1, -1).toLowerCase();
  if (!name.startsWith("#")) return NAMED_CHARACTERS[name] ?? reference;
  const code = Number.parseInt(name.replace(/^#x?/, ""), name.startsWith("#x") ? 16 : 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : reference;
}

const NAMED_CHARACTERS: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

/** The reading with something else in place of what is looked for. */
function rewritten(
  reading: Reading,
  pattern: RegExp,
  replacement: (found: string) => string,
): Reading {
  const { text } = reading;
  const parts = new Parts();
  let seen = 0;
  for (const { index, 0: found } of text.matchAll(pattern)) {
    parts.add(text.slice(seen, index), seen, index);
    seen = index + found.length;
    parts.add(replacement(found), index, seen);
  }
  parts.add(text.slice(seen), seen, text.length);
  return {
    text: parts.text(),
    startOf: (index) => reading.startOf(parts.startOf(index)),
    endOf: (index) => reading.endOf(parts.endOf(index) - 1),
  };
}

/** What a text is put together from. Only for the few places where something is found is it asked whence. */
class Parts {
  readonly #texts: string[] = [];
  /** Where each begins, there and in what it was made from; and where it ends there. */
  readonly #begins: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #length = 0;

  add(text: string, start: number, end: number): void {
    if (text === "") return;
    this.#texts.push(text);
    this.#begins.push(this.#length);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#length += text.length;
  }

  text(): string {
    return this.#texts.join("");
  }

  startOf(index: number): number {
    const part = this.#partOf(index);
    const start = this.#starts[part] ?? 0;
    return this.#isCopied(part) ? start + index - (this.#begins[part] ?? 0) : start;
  }

  endOf(index: number): number {
    const part = this.#partOf(index);
    return this.#isCopied(part) ? this.startOf(index) + 1 : (this.#ends[part] ?? 0);
  }

  /** What stands for something else is shorter than that. */
  #isCopied(part: number): boolean {
    const length = (this.#ends[part] ?? 0) - (this.#starts[part] ?? 0);
    return this.#texts[part]?.length === length;
  }

  /** The last that begins there or before. */
  #partOf(index: number): number {
    let [low, high] = [0, this.#begins.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#begins[middle] ?? 0) <= index) low = middle;
      else high = middle;
    }
    return low;
  }
}
