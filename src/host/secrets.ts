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
  let longestFirst: readonly Part[] = [];
  return {
    add(secret) {
      const parts = partsOf(secret).filter((part) => !known.has(part));
      for (const part of parts) known.add(part);
      longestFirst = [...known].sort((a, b) => b.length - a.length).map(partOf);
      return parts;
    },
    conceal(text) {
      const hidesSomething = UNSEEN.test(text);
      return longestFirst.reduce(
        (shown, { plain, strewn }) => shown.replaceAll(hidesSomething ? strewn : plain, "***"),
        text,
      );
    },
  };
}

/** A text to conceal: as it is, and as it looks with what nobody sees between its characters. */
interface Part {
  readonly plain: string;
  readonly strewn: RegExp;
}

/** Terminal sequences, controls other than white space, and marks without width. */
const UNSEEN = new RegExp(
  `${TERMINAL_SEQUENCE.source}|[^\\P{Cc}\\t\\n\\r]|[\\p{Cf}\\u2028\\u2029]`,
  "u",
);

function partOf(plain: string): Part {
  const characters = [...plain].map(
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
  return { plain, strewn: new RegExp(characters.join(`(?:${UNSEEN.source})*`), "gu") };
}

/** The whole secret and each of its lines: a log shows a key file line by line. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n|\r/).map((line) => line.trim());
  const parts = [secret.trim(), ...lines].filter((part) => part.length >= SHORTEST_SECRET);
  return [...new Set(parts)];
}
