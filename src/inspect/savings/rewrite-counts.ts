import type { ImageTree } from "../tree/layers.ts";
import { DEATHS, type TreeFiles } from "../tree/tree-files.ts";
import type { Versions } from "../tree/versions.ts";

/** What a layer wrote again of the files that another one had written first. */
interface Rewritten {
  readonly files: number;
  /** The layer that had written all of them before, if it was one. */
  readonly writer: number | undefined;
  /** They are all that are there after it, in whatever version. */
  readonly isOfAll: boolean;
}

/** Of two layers: how many files one wrote again, and which layer had written those before. */
interface Count {
  files: number;
  writer: number | undefined;
}

/** How many files a layer wrote, how long they were there, and which layers wrote them again. */
export class RewriteCounts {
  readonly #counts = new Map<number, Count>();
  /** For each layer, by when their last version went, how many files. */
  readonly #ends = new Map<number, Map<number, number>>();
  /** Of the layer that was asked for last, how many files are there after each. */
  #outlasting: { readonly layer: number; readonly counts: Uint32Array } | undefined;
  readonly #layerCount: number;

  constructor({ files, layerPaths }: ImageTree, { firsts, ends }: Versions) {
    this.#layerCount = layerPaths.length;
    for (let file = 0; file < files.length; file++) {
      if (firsts[file] !== file) continue;
      countIn(this.#ends, files.layers.at(file), ends[file] || this.#layerCount + 1);
    }
  }

  /** A version of a file that is of one layer was written again by another. */
  add(layer: number, version: number, by: number): void {
    const key = keyOf(layer, by);
    const count = this.#counts.get(key) ?? { files: 0, writer: version };
    count.files++;
    if (count.writer !== version) count.writer = undefined;
    this.#counts.set(key, count);
  }

  /** What a layer wrote again of another's. It is quick where one layer is asked for after the other. */
  rewrittenBy(layer: number, by: number): Rewritten {
    const { files, writer } = this.#counts.get(keyOf(layer, by)) ?? { files: 0, writer: undefined };
    return { files, writer, isOfAll: this.#countsAfter(layer)[by] === files };
  }

  /** How many files of a layer are there after each, in whatever version. */
  #countsAfter(layer: number): Uint32Array {
    if (this.#outlasting?.layer === layer) return this.#outlasting.counts;
    const counts = new Uint32Array(this.#layerCount + 2);
    // What is there until the layer `end - 1` takes it away is there after all before that.
    for (const [end, files] of this.#ends.get(layer) ?? []) counts[end] = files;
    for (let by = counts.length - 2; by >= 0; by--)
      counts[by] = (counts[by] ?? 0) + (counts[by + 1] ?? 0);
    this.#outlasting = { layer, counts: counts.subarray(2) };
    return this.#outlasting.counts;
  }
}

/**
 * Whether a layer changed only owner, mode or date of a file of another one. What a layer writes twice
 * is its own archive's doing: no instruction asks for it.
 */
export function isRewritten(files: TreeFiles, file: number): boolean {
  const isMetadata = DEATHS[files.deaths.at(file)] === "metadata";
  return isMetadata && files.layers.at(file) !== files.killedBy.at(file) - 1;
}

/** Counts one more. */
export function countIn(
  counts: Map<number, Map<number, number>>,
  key: number,
  what: number,
  most = Number.POSITIVE_INFINITY,
): void {
  const ofKey = counts.get(key) ?? new Map<number, number>();
  const known = ofKey.get(what);
  if (known === undefined && ofKey.size >= most) return;
  ofKey.set(what, (known ?? 0) + 1);
  counts.set(key, ofKey);
}

/** Two layers as one number. Strings would be made for each file. */
export function keyOf(layer: number, by: number): number {
  return layer * 2 ** 16 + by;
}
