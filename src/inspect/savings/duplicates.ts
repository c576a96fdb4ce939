import { release } from "../column.ts";
import type { PackageOwners } from "../packages/owners.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { TreeFiles } from "../tree/tree-files.ts";
import { ownVersionsOf, type Versions } from "../tree/versions.ts";
import type { LeftoverFinder } from "./leftover-finder.ts";
import { type Saving, SavingSums } from "./saving.ts";

/** Bytes of the smallest file that is compared: below, a link would take as much as it spares. */
const LEAST_BYTES = 4096;

/**
 * Live files that have the same bytes as another live one that was there before them, with all their
 * versions and by the layers that wrote the first ones. Names of one file are no copies, as long
 * as no layer writes each by itself; and what a package brings is for that package to put where it
 * wants. What a container can do without is told as that: of what it had copied, nothing were left.
 */
export function duplicateSavings(
  tree: ImageTree,
  owners: PackageOwners,
  versions: Versions,
  leftovers: LeftoverFinder,
): readonly Saving[] {
  const { files, paths } = tree;
  const isCompared = (path: number, bytes: number) =>
    owners.ownerOf(path) === undefined && leftovers.at(path, bytes) === undefined;
  const sums = new SavingSums();
  const oldest = new OldestFiles(tree, versions);
  forEachComparable(files, isCompared, (file) => oldest.add(file));
  forEachComparable(files, isCompared, (file) => {
    const other = oldest.like(file);
    if (other === file) return;
    const copied = ownVersionsOf(tree, versions, file);
    const twin = ownVersionsOf(tree, versions, other);
    const [layer, laterLayer] = [files.layers.at(twin.first), files.layers.at(copied.first)];
    const copy = { path: files.paths.at(file), bytes: copied.bytes, twin: files.paths.at(other) };
    sums.add({ rule: "duplicate-content", layer, laterLayer }, copy);
  });
  oldest.release();
  return sums.savings(paths);
}

function forEachComparable(
  files: TreeFiles,
  isCompared: (path: number, bytes: number) => boolean,
  visit: (file: number) => void,
): void {
  for (let file = 0; file < files.length; file++) {
    const bytes = files.bytes.at(file);
    if (bytes < LEAST_BYTES || files.killedBy.at(file) !== 0) continue;
    if (isCompared(files.paths.at(file), bytes)) visit(file);
  }
}

/**
 * Finds of files with the same bytes the one whose first version is the oldest: as a `Map`, a million
 * take several times the memory.
 */
class OldestFiles {
  readonly #tree: ImageTree;
  readonly #versions: Versions;
  /** Open addressing: the number of a file plus one, or 0 for a free slot. At most half full. */
  #slots = new Uint32Array(512);
  #count = 0;
  /** Keeps a hostile image from choosing files that all land in one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  constructor(tree: ImageTree, versions: Versions) {
    this.#tree = tree;
    this.#versions = versions;
  }

  add(file: number): void {
    const slot = this.#slotOf(file);
    const known = this.#slots[slot];
    if (known && this.#age(known - 1) <= this.#age(file)) return;
    this.#slots[slot] = file + 1;
    if (known) return;
    this.#count++;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
  }

  /** The oldest one that was added with the same bytes as this one, which was too: it may be itself. */
  like(file: number): number {
    return (this.#slots[this.#slotOf(file)] ?? 0) - 1;
  }

  /** Frees its memory at once. Nothing may be asked afterwards. */
  release(): void {
    release(this.#slots);
  }

  /** Files are numbered in the order of the layers. */
  #age(file: number): number {
    return ownVersionsOf(this.#tree, this.#versions, file).first;
  }

  #slotOf(file: number): number {
    const { bytes, contents } = this.#tree.files;
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
