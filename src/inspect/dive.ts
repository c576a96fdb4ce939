// What dive would say of an image, by its own algorithm: its users see where it judges otherwise.
// https://github.com/wagoodman/dive/blob/v0.13.1/dive/filetree/efficiency.go

import type { DiveFigures } from "../model/image.ts";
import { release, WideningColumn } from "./column.ts";
import { BY_OPAQUE, BY_WHITEOUT, type FolderDeletions, folderDeletions } from "./dive-deletions.ts";
import { ENTRY_KINDS, type LayerIndex } from "./layer/layer-index.ts";
import { ROOT } from "./paths.ts";
import type { ImageTree } from "./tree/layers.ts";

/**
 * Sums, for each path that is a leaf in some layer, the sizes it has there, and takes the smallest
 * of them for what is kept: all of a path that comes twice is wasted, the copy that is kept too. A
 * deleted folder counts with what was in it, but comes only once. The first layer alone is the
 * base image.
 */
export function diveFigures(tree: ImageTree, layers: readonly LayerIndex[]): DiveFigures {
  const leaves = new LeafSums(tree.paths.count);
  const deletions = folderDeletions(tree, layers);
  layers.forEach((layer, number) => {
    const numbers = tree.layerPaths[number] ?? new Uint32Array(0);
    leaves.addLayer(layer, numbers, deletions.inFolders[number] ?? new Map());
  });
  const { kept, all, repeated } = leaves.totals();
  const errors = {
    ...errorsOfCopies(tree, leaves),
    ...errorsOfDeletions(tree, leaves, deletions),
  };
  leaves.release();
  release(deletions.ways);
  const user = layers.slice(1).reduce((sum, { unpacked }) => sum + unpacked, 0);
  return {
    efficiency: all === 0 ? 1 : kept / all,
    wasted: repeated,
    userWasted: user === 0 ? 0 : repeated / user,
    errors,
  };
}

/** Sums over all layers, by path of the tree. */
class LeafSums {
  readonly #sums = new WideningColumn();
  readonly #least = new WideningColumn();
  /** At most 2: more than once is all that counts. */
  readonly #times: Uint8Array;

  constructor(paths: number) {
    this.#times = new Uint8Array(paths);
    for (let path = 0; path < paths; path++) {
      this.#sums.push(0);
      this.#least.push(0);
    }
  }

  addLayer(
    { entries, paths }: LayerIndex,
    numbers: Uint32Array,
    inFolders: ReadonlyMap<number, number>,
  ): void {
    const isFolder = foldersOf(paths.parents);
    // Of a path that comes more than once in an archive, the last is what there is.
    const sizes = new Float64Array(paths.parents.length).fill(ABSENT);
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const kind = ENTRY_KINDS[entries.kinds[entry] ?? 0];
      const path = entries.paths[entry] ?? ROOT;
      // dive leaves opaque folders out of its trees, and what it cannot name.
      if (kind === "opaque" || kind === "other") continue;
      const number = numbers[path] ?? ROOT;
      if (kind === "whiteout") this.#add(number, inFolders.get(number) ?? 0);
      else if (isFolder[path] === 0) sizes[path] = entries.bytes[entry] ?? 0;
    }
    for (let path = 0; path < sizes.length; path++) {
      const bytes = sizes[path] ?? ABSENT;
      if (bytes !== ABSENT) this.#add(numbers[path] ?? ROOT, bytes);
    }
    release(sizes);
    release(isFolder);
  }

  totals(): { readonly kept: number; readonly all: number; readonly repeated: number } {
    let [kept, all, repeated] = [0, 0, 0];
    for (let path = 0; path < this.#times.length; path++) {
      kept += this.leastAt(path);
      all += this.#sums.at(path);
      if (this.isRepeated(path)) repeated += this.#sums.at(path);
    }
    return { kept, all, repeated };
  }

  /** Whether dive has met a path more than once, and so takes all of it for wasted. */
  isRepeated(path: number): boolean {
    return (this.#times[path] ?? 0) > 1;
  }

  /** Frees its memory at once. Nothing may be asked afterwards. */
  release(): void {
    for (const column of [this.#sums, this.#least]) column.release();
    release(this.#times);
  }

  leastAt(path: number): number {
    return this.#least.at(path);
  }

  #add(path: number, bytes: number): void {
    const times = this.#times[path] ?? 0;
    this.#least.set(path, times === 0 ? bytes : Math.min(bytes, this.leastAt(path)));
    this.#sums.set(path, this.#sums.at(path) + bytes);
    this.#times[path] = Math.min(times + 1, 2);
  }
}

/** Stands for the size of what a layer does not have, or has as a folder. */
const ABSENT = -1;

/** Which paths of a layer have something in them there. */
function foldersOf(parents: Uint32Array): Uint8Array {
  const isFolder = new Uint8Array(parents.length);
  for (const parent of parents) isFolder[parent] = 1;
  return isFolder;
}

type Errors = DiveFigures["errors"];

/** What a container sees at paths that come more than once. */
function errorsOfCopies(
  { files }: ImageTree,
  leaves: LeafSums,
): Pick<Errors, "keptCopy" | "smallestCopy"> {
  let [keptCopy, smallestCopy] = [0, 0];
  for (let file = 0; file < files.length; file++) {
    const path = files.paths.at(file);
    if (files.killedBy.at(file) !== 0 || !leaves.isRepeated(path)) continue;
    keptCopy += files.bytes.at(file);
    smallestCopy += Math.max(0, files.bytes.at(file) - leaves.leastAt(path));
  }
  return { keptCopy, smallestCopy };
}

/** What is dead at paths that come only once. */
function errorsOfDeletions(
  { files }: ImageTree,
  leaves: LeafSums,
  { ways }: FolderDeletions,
): Pick<Errors, "deletedFolder" | "opaqueFolder"> {
  let [deletedFolder, opaqueFolder] = [0, 0];
  for (let file = 0; file < files.length; file++) {
    if (leaves.isRepeated(files.paths.at(file))) continue;
    const bytes = files.bytes.at(file);
    if (ways[file] === BY_WHITEOUT) deletedFolder += bytes;
    if (ways[file] === BY_OPAQUE) opaqueFolder += bytes;
  }
  return { deletedFolder, opaqueFolder };
}
