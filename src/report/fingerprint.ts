import { createHash } from "node:crypto";

/** Characters that a fingerprint looks at, from the start of its line on. */
const WINDOW = 100;

const FACTOR = 37n;
const LINE_FEED = 10;
const END_OF_FILE = 65_535;

/**
 * GitHub's fingerprint of each line of a text: `primaryLocationLineHash`, by which code scanning
 * knows an alert again when lines move. The same as its own action computes for a file, which
 * otherwise would warn of each one that differs:
 * https://github.com/github/codeql-action/blob/main/src/fingerprints.ts
 *
 * Spaces and tabs do not count, every line end counts as a line feed, and the text ends in a mark of
 * its own. A line's hash is that of the 100 characters from its start on, zeros after the end, as a
 * polynomial in 37 modulo 2^64; behind the colon stands how often it has come up so far.
 */
export function lineFingerprints(text: string): readonly string[] {
  const { characters, starts } = significantCharacters(text);
  const seen = new Map<string, number>();
  return starts.map((start) => {
    const hash = hashFrom(characters, start);
    const count = (seen.get(hash) ?? 0) + 1;
    seen.set(hash, count);
    return `${hash}:${count}`;
  });
}

/**
 * The fingerprint of a problem that a line brings with one of several files, by that of the line:
 * another for each path, and of the same form.
 */
export function fingerprintInFile(ofLine: string, path: string): string {
  const hashOfPath = createHash("sha256").update(path).digest("hex");
  const [fingerprint = ofLine] = lineFingerprints(`${ofLine} ${hashOfPath}`);
  return fingerprint;
}

interface SignificantCharacters {
  /** UTF-16 code units. */
  readonly characters: readonly number[];
  /** Where each line starts in them. */
  readonly starts: readonly number[];
}

function significantCharacters(text: string): SignificantCharacters {
  const lines = text.split(/\r\n|\r|\n/);
  const characters: number[] = [];
  const starts: number[] = [];
  lines.forEach((line, at) => {
    starts.push(characters.length);
    const visible = line.replace(/[ \t]/g, "");
    for (let unit = 0; unit < visible.length; unit += 1) characters.push(visible.charCodeAt(unit));
    characters.push(at === lines.length - 1 ? END_OF_FILE : LINE_FEED);
  });
  return { characters, starts };
}

function hashFrom(characters: readonly number[], start: number): string {
  let hash = 0n;
  for (let at = start; at < start + WINDOW; at += 1) {
    hash = BigInt.asUintN(64, hash * FACTOR + BigInt(characters[at] ?? 0));
  }
  return hash.toString(16);
}
