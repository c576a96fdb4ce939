// Files with holes, of which an archive stores some stretches only. There are four forms: the old
// one of GNU keeps the map of stretches in the header and in blocks after it, two of PAX in records,
// the last before the file's own bytes.
// https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html

import { BLOCK_BYTES, checkedSize, isGnu, readNumber, TarError } from "./tar-header.ts";

/** Which bytes of a file are stored: offset and length by turns. */
export type Stretches = readonly number[];

/** Longest map of holes, in bytes: the engines' own limit. */
export const LONGEST_MAP = 1 << 20;

/**
 * The stretches that an old GNU header has room for.
 * @throws TarError when the header is none of GNU's: others mean other things by it.
 */
export function stretchesOfHeader(block: Uint8Array): number[] {
  if (!isGnu(block)) throw new TarError("a file with holes is of no known form");
  return stretchesAt(block, 386, 4);
}

/** The stretches in a block that continues the map of an old GNU header. */
export function stretchesOfBlock(block: Uint8Array): readonly number[] {
  return stretchesAt(block, 0, 21);
}

function stretchesAt(block: Uint8Array, start: number, count: number): number[] {
  const stretches: number[] = [];
  for (let at = start; at < start + count * 24 && block[at] !== 0; at += 24) {
    stretches.push(readNumber(block, at, at + 12), readNumber(block, at + 12, at + 24));
  }
  return stretches;
}

/**
 * Reads a list of numbers in PAX records.
 * @throws TarError when they are not as many as it says, or no numbers.
 */
export function stretchesOfRecord(count: string, map: string): Stretches {
  const numbers = map === "" ? [] : map.split(",").map(wholeNumber);
  if (numbers.length !== 2 * wholeNumber(count)) throw damagedMap();
  return numbers;
}

/** The map that stands before a file's own bytes, in blocks of its own: numbers, one a line. */
export class BodyMap {
  #text = "";
  #lines = 0;
  /** Lines of the whole map, which the first of them tells. */
  #wanted: number | undefined;

  /**
   * Takes the next block. Gives the stretches once they are whole.
   * @throws TarError when it is no such map, or too long.
   */
  add(block: Uint8Array): Stretches | undefined {
    if (this.#text.length + BLOCK_BYTES > LONGEST_MAP) throw tooLong();
    this.#text += Buffer.from(block).toString("latin1");
    this.#lines += block.reduce((lines, byte) => (byte === 0x0a ? lines + 1 : lines), 0);
    if (this.#lines === 0) return undefined;
    // Once: to look into a text that is being put together takes as long as it is.
    this.#wanted ??= 1 + 2 * wholeNumber(this.#firstLine());
    if (this.#lines < this.#wanted) return undefined;
    return this.#text.split("\n", this.#wanted).slice(1).map(wholeNumber);
  }

  #firstLine(): string {
    return this.#text.slice(0, this.#text.indexOf("\n"));
  }
}

/** The error for a map that is longer than `LONGEST_MAP`. */
export function tooLong(): TarError {
  return new TarError(`a map of holes is longer than ${LONGEST_MAP} bytes`);
}

/** Takes a file's bytes in order. */
export interface ContentVisitor {
  /** The next bytes. They are the reader's own: copy what outlives the call. */
  content(piece: Uint8Array): void;
  /** So many zeros, which no archive stores. It may say as many as no disk would hold. */
  hole(bytes: number): void;
}

/** Puts stored stretches where they belong. */
export class HoledFile {
  readonly #visitor: ContentVisitor;
  readonly #bytes: number;
  readonly #stretches: Stretches;
  #position = 0;
  /** The stretch that is being read, and bytes of it that are still to come. */
  #next = 0;
  #missing = 0;

  /**
   * Begins a file of so many bytes, of which so many are stored.
   * @throws TarError when the map says something else.
   */
  constructor(visitor: ContentVisitor, bytes: number, stored: number, stretches: Stretches) {
    checkMap(bytes, stored, stretches);
    this.#visitor = visitor;
    this.#bytes = bytes;
    this.#stretches = stretches;
    this.#skipHole();
  }

  /** Takes the next stored bytes. */
  write(piece: Uint8Array): void {
    for (let at = 0; at < piece.length; ) {
      const end = Math.min(piece.length, at + this.#missing);
      this.#visitor.content(piece.subarray(at, end));
      this.#position += end - at;
      this.#missing -= end - at;
      at = end;
      if (this.#missing === 0) this.#skipHole();
    }
  }

  /** Goes to the next stretch that is not empty, or to the end. */
  #skipHole(): void {
    let end = this.#bytes;
    for (; this.#missing === 0 && this.#next < this.#stretches.length; this.#next += 2) {
      this.#missing = this.#stretches[this.#next + 1] ?? 0;
      if (this.#missing > 0) end = this.#stretches[this.#next] ?? 0;
    }
    if (end > this.#position) this.#visitor.hole(end - this.#position);
    this.#position = end;
  }
}

function checkMap(bytes: number, stored: number, stretches: Stretches): void {
  let position = 0;
  let total = 0;
  for (let at = 0; at < stretches.length; at += 2) {
    const offset = checkedSize(stretches[at] ?? 0);
    const length = checkedSize(stretches[at + 1] ?? 0);
    if (offset < position) throw damagedMap();
    position = offset + length;
    total += length;
  }
  if (position > bytes || total !== stored) throw damagedMap();
}

function wholeNumber(text: string): number {
  if (!/^[0-9]+$/.test(text)) throw damagedMap();
  return checkedSize(Number(text));
}

function damagedMap(): TarError {
  return new TarError("a map of holes does not fit its file");
}
