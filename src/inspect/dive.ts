// What dive would say of an image, by its own algorithm: its users see where it judges otherwise.
// https://github.com/wagoodman/dive/blob/v0.13.1/dive/filetree/efficiency.go

import type { DiveFigures } from "../model/image.ts";
import { Column, wholeNumbers } from "./column.ts";
import { ENTRY_KINDS, type LayerIndex } from "./layer-index.ts";
import { applyLayers, type ImageTree } from "./layers.ts";
import { ROOT } from "./paths.ts";

/**
 * Sums, for each path that is a leaf in some layer, the sizes it has there, and takes the smallest
 * of them for what is kept: all of a path that comes twice is wasted, the copy that is kept too. A
 * deleted folder counts with what was in it, but comes only once. The first layer alone is the
 * base image.
 */
export function diveFigures(layers: readonly LayerIndex[]): DiveFigures {
  const tree = applyLayers(layers);
  const numbers = layers.map((layer) => tree.paths.takeIn(layer.paths));
  const deleted = deletedBytes(
    tree,
    layers.map((layer, number) => whiteoutsOf(layer, numbers[number] ?? new Uint32Array(0))),
  );
  const leaves = new LeafSums();
  layers.forEach((layer, number) => {
    const paths = numbers[number] ?? new Uint32Array(0);
    leaves.addLayer(layer, paths, (path) => deleted[number]?.get(path) ?? 0);
  });
  const { kept, all, repeated } = leaves.totals();
  const user = layers.slice(1).reduce((sum, { unpacked }) => sum + unpacked, 0);
  return {
    efficiency: all === 0 ? 1 : kept / all,
    wasted: repeated,
    userWasted: user === 0 ? 0 : repeated / user,
  };
}

/** Sums over all layers, by path. */
class LeafSums {
  readonly #sums = new Column((length) => new Float64Array(length));
  readonly #least = new Column((length) => new Float64Array(length));
  readonly #times = wholeNumbers();

  addLayer(
    { paths, entries }: LayerIndex,
    numbers: Uint32Array,
    bytesDeletedAt: (path: number) => number,
  ): void {
    const isFolder = foldersOf(paths.parents);
    const sizes = new Map<number, number>();
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const kind = ENTRY_KINDS[entries.kinds[entry] ?? 0];
      const path = entries.paths[entry] ?? ROOT;
      // dive leaves opaque folders out of its trees, and what it cannot name.
      if (kind === "opaque" || kind === "other") continue;
      const number = numbers[path] ?? ROOT;
      if (kind === "whiteout") this.#add(number, bytesDeletedAt(number));
      else if (isFolder[path] === 0) sizes.set(number, entries.bytes[entry] ?? 0);
    }
    for (const [number, bytes] of sizes) this.#add(number, bytes);
  }

  totals(): { readonly kept: number; readonly all: number; readonly repeated: number } {
    let [kept, all, repeated] = [0, 0, 0];
    for (let path = 0; path < this.#times.length; path++) {
      kept += this.#least.at(path);
      all += this.#sums.at(path);
      if (this.#times.at(path) > 1) repeated += this.#sums.at(path);
    }
    return { kept, all, repeated };
  }

  #add(path: number, bytes: number): void {
    while (this.#times.length <= path) {
      this.#times.push(0);
      this.#sums.push(0);
      this.#least.push(0);
    }
    const isFirst = this.#times.at(path) === 0;
    this.#least.set(path, isFirst ? bytes : Math.min(bytes, this.#least.at(path)));
    this.#sums.set(path, this.#sums.at(path) + bytes);
    this.#times.set(path, this.#times.at(path) + 1);
  }
}

/** Which paths of a layer have something in them there. */
function foldersOf(parents: Uint32Array): Uint8Array {
  const isFolder = new Uint8Array(parents.length);
  for (const parent of parents) isFolder[parent] = 1;
  return isFolder;
}

/** What a layer whitens out, by path of the tree; nothing of it is known yet. */
function whiteoutsOf({ entries }: LayerIndex, numbers: Uint32Array): Map<number, number> {
  const whiteouts = new Map<number, number>();
  for (let entry = 0; entry < entries.kinds.length; entry++) {
    if (ENTRY_KINDS[entries.kinds[entry] ?? 0] !== "whiteout") continue;
    whiteouts.set(numbers[entries.paths[entry] ?? 0] ?? ROOT, 0);
  }
  return whiteouts;
}

/**
 * Bytes that each layer took away with a folder that it whitens out; with a file none: it was a
 * leaf before.
 */
function deletedBytes(
  { files, paths }: ImageTree,
  whiteouts: readonly Map<number, number>[],
): readonly ReadonlyMap<number, number>[] {
  for (let file = 0; file < files.length; file++) {
    const folders = whiteouts[files.killedBy.at(file) - 1];
    if (folders === undefined || folders.size === 0) continue;
    for (let at = files.paths.at(file); at !== ROOT; ) {
      at = paths.parentOf(at);
      const known = folders.get(at);
      if (known !== undefined) folders.set(at, known + files.bytes.at(file));
    }
  }
  return whiteouts;
}
