import { release } from "../column.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { Versions } from "../tree/versions.ts";
import { FilesByContent } from "./files-by-content.ts";

/** Stands for files of several layers. */
const MIXED = 2 ** 32 - 1;

/**
 * Which file a layer wrote for one that it deleted. Of files with the same content each stands for one
 * other; where a layer did not write as many as it deleted, or those were of several layers, nobody
 * knows which it moved, and it has moved none.
 */
export class MovedFiles {
  readonly #tree: ImageTree;
  readonly #versions: Versions;
  /** The first file of each content that a layer wrote: what is known of all of them stands at it. */
  readonly #written: FilesByContent;
  /** The next file with the same content, plus one. */
  readonly #next: Uint32Array;
  /** How many more were written than deleted; of fewer, a number that is not 0 either. */
  readonly #surplus: Uint32Array;
  /** One that was deleted, plus one, or `MIXED`. */
  readonly #deleted: Uint32Array;
  /** The next one that stands for none yet, plus one. */
  readonly #free: Uint32Array;

  constructor(tree: ImageTree, versions: Versions) {
    const { length } = tree.files;
    this.#tree = tree;
    this.#versions = versions;
    this.#written = new FilesByContent(tree.files, true);
    this.#next = new Uint32Array(length);
    this.#surplus = new Uint32Array(length);
    this.#deleted = new Uint32Array(length);
    this.#free = new Uint32Array(length);
  }

  /** Takes in a file that was written, last ones first. */
  addWritten(file: number): void {
    const next = this.#written.get(file, this.#tree.files.layers.at(file));
    if (next !== undefined) this.#next[file] = next + 1;
    this.#surplus[file] = 1 + (next === undefined ? 0 : (this.#surplus[next] ?? 0));
    this.#free[file] = file + 1;
    this.#written.set(file);
  }

  /** Takes in a file that was deleted, after all that were written. */
  addDeleted(file: number): void {
    const first = this.#firstFor(file);
    if (first === undefined) return;
    this.#surplus[first] = (this.#surplus[first] ?? 0) - 1;
    const other = this.#deleted[first] || file + 1;
    const isMixed = other === MIXED || this.#makerOf(other - 1) !== this.#makerOf(file);
    this.#deleted[first] = isMixed ? MIXED : other;
  }

  /** The file that one was moved to, each once, and the first one with that content. */
  take(file: number): { readonly moved: number; readonly first: number } | undefined {
    const first = this.#firstFor(file);
    if (first === undefined || this.#surplus[first] !== 0) return undefined;
    const moved = (this.#free[first] ?? 0) - 1;
    if (this.#deleted[first] === MIXED || moved === -1) return undefined;
    this.#free[first] = this.#next[moved] ?? 0;
    return { moved, first };
  }

  /** Frees its memory at once. Nothing may be asked afterwards. */
  release(): void {
    this.#written.release();
    for (const column of [this.#next, this.#surplus, this.#deleted, this.#free]) release(column);
  }

  #firstFor(file: number): number | undefined {
    return this.#written.get(file, this.#tree.files.killedBy.at(file) - 1);
  }

  /** The layer that wrote it first. */
  #makerOf(file: number): number {
    return this.#tree.files.layers.at(this.#versions.firsts[file] ?? file);
  }
}
