import { release } from "../column.ts";
import type { TreeFiles } from "../tree/tree-files.ts";

/**
 * One file for each content, or for each that a layer wrote: as a `Map`, a million take several times
 * the memory.
 */
export class FilesByContent {
  readonly #files: TreeFiles;
  readonly #isByLayer: boolean;
  /** Open addressing: the number of a file plus one, or 0 for a free slot. At most half full. */
  #slots = new Uint32Array(512);
  #count = 0;
  /** Keeps a hostile image from choosing files that all land in one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  constructor(files: TreeFiles, isByLayer: boolean) {
    this.#files = files;
    this.#isByLayer = isByLayer;
  }

  /** Puts a file in the place of the one that is there for its content. */
  set(file: number): void {
    const slot = this.#slotOf(file, this.#files.layers.at(file));
    const isNew = this.#slots[slot] === 0;
    this.#slots[slot] = file + 1;
    if (!isNew) return;
    this.#count++;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
  }

  /** The file that is there for the content of this one, if it was of that layer. */
  get(file: number, layer = 0): number | undefined {
    const entry = this.#slots[this.#slotOf(file, layer)];
    return entry ? entry - 1 : undefined;
  }

  /** Frees its memory at once. Nothing may be asked afterwards. */
  release(): void {
    release(this.#slots);
  }

  #slotOf(file: number, layer: number): number {
    const { bytes, contents, layers } = this.#files;
    const [size, sum] = [bytes.at(file), contents.at(file)];
    let slot = this.#hash(size, sum, this.#isByLayer ? layer : 0) & (this.#slots.length - 1);
    for (let entry = this.#slots[slot]; entry; entry = this.#slots[slot]) {
      const isSame = contents.at(entry - 1) === sum && bytes.at(entry - 1) === size;
      if (isSame && (!this.#isByLayer || layers.at(entry - 1) === layer)) break;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return slot;
  }

  #rehash(): void {
    const smaller = this.#slots;
    this.#slots = new Uint32Array(smaller.length * 2);
    for (const entry of smaller) {
      if (entry === 0) continue;
      this.#slots[this.#slotOf(entry - 1, this.#files.layers.at(entry - 1))] = entry;
    }
    release(smaller);
  }

  /** Each step mixes what is new with what only the seed gives, so that no one fact outweighs it. */
  #hash(size: number, sum: number, layer: number): number {
    return mix(mix(mix(this.#seed, sum), size), layer);
  }
}

function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ (product >>> 15);
}
