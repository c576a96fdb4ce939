// The archive of a layer by its recipe, as it would be written by a builder: POSIX headers, a file
// after the other, two blocks of zeros.

import type { LayerRecipe } from "./recipe.ts";

const BLOCK_BYTES = 512;
const POOL_BYTES = 8 * 1024 * 1024;
/** Pieces of this size are given: few enough for a million files. */
const PIECE_BYTES = 1024 * 1024;

/** The archive in pieces. */
export function* archiveOf(recipe: LayerRecipe): Generator<Uint8Array> {
  const piece = new Piece();
  for (const part of partsOf(recipe)) yield* piece.add(part);
  yield* piece.add(new Uint8Array(2 * BLOCK_BYTES));
  yield piece.rest();
}

function* partsOf({ seed, files, bytes, whiteouts }: LayerRecipe): Generator<Uint8Array> {
  for (let file = 0; file < whiteouts; file++) yield headerOf(hiddenPath(seed - 1, file), 0);
  const random = randomNumbers(seed + 1);
  for (let file = 0; file < files; file++) {
    yield headerOf(pathOf(seed, file), bytes);
    yield* contentOf(bytes, random);
    yield new Uint8Array((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES);
  }
}

/** Twenty files a folder, fifty folders a package: much like what package managers install. */
function pathOf(seed: number, file: number): string {
  return `${folderOf(seed, file)}/module_${file}.py`;
}

function hiddenPath(seed: number, file: number): string {
  return `${folderOf(seed, file)}/.wh.module_${file}.py`;
}

function folderOf(seed: number, file: number): string {
  const folder = Math.floor(file / 20);
  return `usr/lib/layer-${seed}/package-${Math.floor(folder / 50)}/part-${folder % 50}`;
}

/** Stretches of the pool from random places: gzip finds nothing twice within its window. */
function* contentOf(bytes: number, random: () => number): Generator<Uint8Array> {
  for (let rest = bytes; rest > 0; ) {
    const start = random() % (POOL_BYTES - PIECE_BYTES);
    const length = Math.min(rest, PIECE_BYTES);
    yield POOL.subarray(start, start + length);
    rest -= length;
  }
}

const POOL = makePool();

/** Half words, half noise: gzip makes it less than half, as it does with images in use. */
function makePool(): Uint8Array {
  const random = randomNumbers(1);
  const words = Array.from({ length: 512 }, () => wordOf(random));
  const pool = new Uint8Array(POOL_BYTES);
  for (let at = 0; at < POOL_BYTES; ) {
    const isWord = random() % 24 !== 0;
    const part = isWord ? (words[random() % words.length] ?? pool) : noiseOf(random, 24);
    const end = Math.min(POOL_BYTES, at + part.length);
    pool.set(part.subarray(0, end - at), at);
    at = end;
  }
  return pool;
}

function wordOf(random: () => number): Uint8Array {
  const letters = Array.from({ length: 3 + (random() % 8) }, () => 97 + (random() % 26));
  return Uint8Array.from([...letters, 32]);
}

function noiseOf(random: () => number, bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, () => random() % 256);
}

/** Numbers below 2^32: xorshift32, https://www.jstatsoft.org/article/view/v008i14 */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) >>> 4;
  };
}

function headerOf(path: string, bytes: number): Uint8Array {
  const header = Buffer.alloc(BLOCK_BYTES);
  header.write(path, 0, "latin1");
  header.write("0000644\u00000000000\u00000000000\0", 100, "latin1");
  header.write(`${bytes.toString(8).padStart(11, "0")}\u000014737325413\0        0`, 124, "latin1");
  header.write("ustar\u000000", 257, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return header;
}

/** Puts small parts together. */
class Piece {
  #bytes = new Uint8Array(PIECE_BYTES);
  #length = 0;

  *add(part: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < part.length; ) {
      const end = Math.min(part.length, at + PIECE_BYTES - this.#length);
      this.#bytes.set(part.subarray(at, end), this.#length);
      this.#length += end - at;
      at = end;
      if (this.#length === PIECE_BYTES) yield this.rest();
    }
  }

  rest(): Uint8Array {
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(PIECE_BYTES);
    this.#length = 0;
    return bytes;
  }
}
