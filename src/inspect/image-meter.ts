// How much all layers of one image hold together: many that are each just small enough fill the memory
// too, since the tree of an image has the files of all of them, dead ones included.

import type { LayerBounds } from "../model/inputs.ts";
import type { LayerIndex, PackageClaim } from "./layer/layer-index.ts";
import { beyond, checkLayerCount } from "./layer/layer-limits.ts";

/** Adds up what the layers of one image hold, and holds it to the bounds of a single one. */
export class ImageMeter {
  readonly #limits: Required<LayerBounds>;
  #unpacked = 0;
  #entries = 0;
  #names = 0;
  #owners = 0;
  #said = 0;

  /** @throws LimitError when an image has more layers than it may. */
  constructor(layerCount: number, limits: Required<LayerBounds>) {
    this.#limits = limits;
    checkLayerCount(layerCount, limits);
  }

  /**
   * Adds a layer. The order does not matter; one that comes twice counts twice, as in the tree.
   * @throws LimitError, naming the limit and how to raise it.
   */
  add({ unpacked, entries, paths, owners, claims, claimedPaths }: LayerIndex): void {
    this.#unpacked += unpacked;
    this.#entries += Math.max(entries.paths.length, paths.parents.length);
    this.#names += paths.names.bytes.length + claimedPaths.names.bytes.length;
    this.#owners += owners.length;
    this.#said += claimedPaths.parents.length;
    for (const claim of claims) this.#said += sayingsOf(claim);
    this.#check();
  }

  #check(): void {
    const limits = this.#limits;
    if (this.#unpacked > limits.archive) {
      throw beyond("archive", limits, (limit) => `its layers unpack to more than ${limit} bytes`);
    }
    if (this.#entries > limits.entries) {
      const say = (limit: number) => `its layers have more than ${limit} files and folders`;
      throw beyond("entries", limits, say);
    }
    if (this.#said > limits.entries) {
      const say = (limit: number) => `its layers' package lists have more than ${limit} items`;
      throw beyond("entries", limits, say);
    }
    if (this.#names > limits.names) {
      throw beyond(
        "names",
        limits,
        (limit) => `the names in its layers have more than ${limit} bytes`,
      );
    }
    if (this.#owners > limits.owners) {
      throw beyond("owners", limits, (limit) => `its layers' files have more than ${limit} owners`);
    }
  }
}

/** Rows that a claim takes: itself, what it lists, and names of other packages. */
function sayingsOf({ files, relations }: PackageClaim): number {
  const { requires = [], provides = [] } = relations ?? {};
  return 1 + (files?.length ?? 0) + requires.length + provides.length;
}
