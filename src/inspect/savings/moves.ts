import type { LayerIndex } from "../layer/layer-index.ts";
import { commonPath } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { Versions } from "../tree/versions.ts";
import { MovedFiles } from "./moved-files.ts";
import { thingsIn } from "./plain-layers.ts";
import { keyOf } from "./rewrite-counts.ts";
import type { Saving } from "./saving.ts";
import { SavingSums, type SparedFile, type SummedSaving } from "./saving-sums.ts";

/** Part of what a layer deletes of another that it has to write elsewhere, to have moved that. */
const NEARLY_ALL = 0.95;

/**
 * What layers deleted and wrote under other paths: they moved it. Not what was there already, and was
 * only changed.
 */
export class Moves {
  readonly #tree: ImageTree;
  readonly #layers: readonly LayerIndex[];
  readonly #versions: Versions;
  readonly #moved: MovedFiles;
  readonly #sums = new SavingSums();
  /** Of each two layers: bytes that one deleted of what the other wrote, and a folder with all that it moved. */
  readonly #deleted = new Map<number, number>();
  readonly #targets = new Map<number, number>();
  /** For each layer, how many files it wrote that were not there before, and deleted. */
  readonly #fileCounts: CountsByLayer = new Map();
  readonly #deletedCounts: CountsByLayer = new Map();
  /** For each layer, how many others had written what it deleted. */
  readonly #makerCounts: CountsByLayer = new Map();
  /** For each layer that was asked for, all that it wrote. */
  readonly #things = new Map<number, number | undefined>();

  constructor(
    tree: ImageTree,
    layers: readonly LayerIndex[],
    versions: Versions,
    isDeleted: (file: number) => boolean,
  ) {
    const { files } = tree;
    this.#tree = tree;
    this.#layers = layers;
    this.#versions = versions;
    this.#moved = new MovedFiles(tree, versions);
    for (let file = 0; file < files.length; file++) {
      if (isDeleted(file)) countIn(this.#deletedCounts, files.killedBy.at(file) - 1);
    }
    for (let file = files.length - 1; file >= 0; file--) {
      const isNew = versions.firsts[file] === file && files.bytes.at(file) > 0;
      if (isNew) countIn(this.#fileCounts, files.layers.at(file));
      if (isNew && this.#deletedCounts.has(files.layers.at(file))) this.#moved.addWritten(file);
    }
    for (let file = 0; file < files.length; file++) {
      if (isDeleted(file)) this.#moved.addDeleted(file);
    }
  }

  /** Takes in a file that was deleted. */
  add(file: number): void {
    const { files, paths } = this.#tree;
    const laterLayer = files.killedBy.at(file) - 1;
    const layer = files.layers.at(this.#versions.firsts[file] ?? file);
    const key = keyOf(layer, laterLayer);
    if (!this.#deleted.has(key)) countIn(this.#makerCounts, laterLayer);
    this.#deleted.set(key, (this.#deleted.get(key) ?? 0) + files.bytes.at(file));
    const taken = this.#moved.take(file);
    if (taken === undefined) return;
    const { moved, first } = taken;
    this.#sums.add(
      { rule: "deleted-later", layer, laterLayer },
      this.#movedFile(file, moved, first),
    );
    const target = files.paths.at(moved);
    this.#targets.set(key, commonPath(paths, this.#targets.get(key) ?? target, target));
  }

  /** Whether a layer wrote some of what it deleted of another one elsewhere. */
  hasSome({ layer, laterLayer = layer }: Pick<Saving, "layer" | "laterLayer">): boolean {
    return this.#targets.has(keyOf(layer, laterLayer));
  }

  /** What was moved, with the bytes that were written once more by that. Frees files that it knows. */
  savings(): readonly SummedSaving[] {
    this.#moved.release();
    return this.#sums.savings().filter(({ layer, laterLayer = layer, bytes }) => {
      return bytes >= (this.#deleted.get(keyOf(layer, laterLayer)) ?? 0) * NEARLY_ALL;
    });
  }

  /** All that there is to tell of such a saving. */
  told(saving: Saving): Saving {
    const { layer, laterLayer = layer, files } = saving;
    const isPartial = (this.#fileCounts.get(layer) ?? 0) > files;
    const isShared = (this.#makerCounts.get(laterLayer) ?? 0) > 1;
    return {
      ...saving,
      ...(isPartial && { isPartial }),
      ...(this.#isSole(layer, laterLayer, files) && { isSole: true }),
      ...(isShared && { isShared }),
      movedTo: this.#tree.paths.textOf(this.#targets.get(keyOf(layer, laterLayer)) ?? 0),
    };
  }

  /** Whether the first layer has nothing but files, and the later one did nothing but move these. */
  #isSole(layer: number, laterLayer: number, files: number): boolean {
    return (
      this.#deletedCounts.get(laterLayer) === files &&
      this.#thingsIn(laterLayer) === files &&
      this.#thingsIn(layer) === this.#fileCounts.get(layer)
    );
  }

  #thingsIn(layer: number): number | undefined {
    const { paths, layerPaths } = this.#tree;
    const index = this.#layers[layer];
    if (index !== undefined && !this.#things.has(layer)) {
      const textOf = (path: number) => paths.textOf(layerPaths[layer]?.[path] ?? 0);
      this.#things.set(layer, thingsIn(index, textOf));
    }
    return this.#things.get(layer);
  }

  /** @param first the first one with that content: where others differ from it, it may be any of them */
  #movedFile(file: number, moved: number, first: number): SparedFile {
    const { files, owners } = this.#tree;
    const { uid = 0, gid = 0 } = owners[files.owners.at(moved)] ?? {};
    const [isOwnerOld, isModeOld] = [files.owners, files.modes].map((trait) => {
      return trait.at(file) === trait.at(moved) && trait.at(moved) === trait.at(first);
    });
    return {
      path: files.paths.at(file),
      bytes: files.bytes.at(file),
      owner: `${uid}:${gid}`,
      mode: files.modes.at(moved).toString(8),
      ...(isOwnerOld && { isOwnerOld }),
      ...(isModeOld && { isModeOld }),
    };
  }
}

type CountsByLayer = Map<number, number>;

function countIn(counts: CountsByLayer, layer: number): void {
  counts.set(layer, (counts.get(layer) ?? 0) + 1);
}
