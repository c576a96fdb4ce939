import { release } from "../column.ts";
import type { PackageOwners } from "../packages/owners.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { TreeFiles } from "../tree/tree-files.ts";
import { allVersionsOf, type Versions } from "../tree/versions.ts";
import { type Saving, SavingSums } from "./saving.ts";

/** Bytes of the smallest file that is compared: below, a link would take as much as it spares. */
const LEAST_BYTES = 4096;

/**
 * Live files that have the same bytes as another live one that came before them, with all their
 * versions and by the layers that wrote the first. Names of one file are no copies; and what a
 * package brings is for that package to put where it wants.
 */
export function duplicateSavings(
  tree: ImageTree,
  owners: PackageOwners,
  versions: Versions,
): readonly Saving[] {
  const { files, paths } = tree;
  const sums = new SavingSums();
  const firsts = new FirstFiles(files);
  for (let file = 0; file < files.length; file++) {
    const bytes = files.bytes.at(file);
    if (bytes < LEAST_BYTES || files.killedBy.at(file) !== 0) continue;
    if (owners.ownerOf(files.paths.at(file)) !== undefined) continue;
    const first = firsts.firstLike(file);
    if (first === file) continue;
    const copied = allVersionsOf(tree, versions, file);
    const twin = allVersionsOf(tree, versions, first);
    const [one, other] = [files.layers.at(twin.first), files.layers.at(copied.first)];
    const [layer, laterLayer] = one <= other ? [one, other] : [other, one];
    const copy = { path: files.paths.at(file), bytes: copied.bytes, twin: files.paths.at(first) };
    sums.add({ rule: "duplicate-content", layer, laterLayer }, copy);
  }
  firsts.release();
  return sums.savings(paths);
}

/** Finds the first of files with the same bytes: as a `Map`, a million take several times the memory. */
class FirstFiles {
  readonly #files: TreeFiles;
  /** Open addressing: the number of a file plus one, or 0 for a free slot. At most half full. */
  #slots = new Uint32Array(512);
  #count = 0;
  /** Keeps a hostile image from choosing files that all land in one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  constructor(files: TreeFiles) {
    this.#files = files;
  }

  /** The first file that was asked for with the same bytes as this one: it may be itself. */
  firstLike(file: number): number {
    const slot = this.#slotOf(file);
    const first = this.#slots[slot];
    if (first) return first - 1;
    this.#slots[slot] = file + 1;
    this.#count++;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return file;
  }

  /** Frees its memory at once. Nothing may be asked afterwards. */
  release(): void {
    release(this.#slots);
  }

  #slotOf(file: number): number {
    const { bytes, contents } = this.#files;
    const [size, sum] = [bytes.at(file), contents.at(file)];
    let slot = this.#hash(size, sum) & (this.#slots.length - 1);
    for (let entry = this.#slots[slot]; entry; entry = this.#slots[slot]) {
      if (contents.at(entry - 1) === sum && bytes.at(entry - 1) === size) break;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return slot;
  }

  #rehash(): void {
    const smaller = this.#slots;
    this.#slots = new Uint32Array(smaller.length * 2);
    for (const entry of smaller) if (entry !== 0) this.#slots[this.#slotOf(entry - 1)] = entry;
    release(smaller);
  }

  #hash(size: number, sum: number): number {
    const mixed = Math.imul(sum ^ this.#seed, 0x9e3779b1) ^ Math.imul(size, 0x85ebca6b);
    return mixed ^ (mixed >>> 15);
  }
}
