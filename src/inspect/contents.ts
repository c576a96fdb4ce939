import { createHash, type Hash, hash } from "node:crypto";

/** Hexadecimal digits of a SHA-256 that a number holds exactly: 52 bits. */
const DIGITS = 13;

/**
 * What stands for the bytes of a file: the first 52 bits of their SHA-256, as a whole number. Of two
 * files of one path, equal numbers mean equal bytes; of a million files, that any two different ones
 * have the same number is a chance of one in ten thousand.
 */
export function contentsOf(bytes: Uint8Array): number {
  return numberOf(hash("sha256", bytes, "hex"));
}

/** Of a file without bytes. */
const EMPTY = contentsOf(new Uint8Array(0));

/** Makes out what stands for the bytes of one file after another, as they pass by. */
export class ContentsReader {
  /** Bytes of the file that are still to come. */
  #missing = 0;
  #hash: Hash | undefined;

  /** Begins a file of so many bytes. Gives its number if that is already known. */
  start(bytes: number): number | undefined {
    this.#missing = bytes;
    this.#hash = undefined;
    return bytes === 0 ? EMPTY : undefined;
  }

  /** Takes the file's next bytes. Gives its number with the last of them. */
  write(piece: Uint8Array): number | undefined {
    const isWhole = this.#hash === undefined && piece.length === this.#missing;
    // One call is several times as fast as three, and most files are small.
    if (isWhole) return contentsOf(piece);
    this.#hash ??= createHash("sha256");
    this.#hash.update(piece);
    return this.#take(piece.length);
  }

  /**
   * Takes a hole, for whose zeros its length stands, since it may be endless: a file has the same
   * number in all forms of sparse files, and another one where its zeros are stored.
   */
  skip(bytes: number): number | undefined {
    this.#hash ??= createHash("sha256");
    this.#hash.update(`hole of ${bytes} bytes`);
    return this.#take(bytes);
  }

  #take(bytes: number): number | undefined {
    this.#missing -= bytes;
    return this.#missing === 0 && this.#hash ? numberOf(this.#hash.digest("hex")) : undefined;
  }
}

function numberOf(digest: string): number {
  return Number.parseInt(digest.slice(0, DIGITS), 16);
}
