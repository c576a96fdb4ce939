import type { PathTable } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { Versions } from "../tree/versions.ts";
import { FilesByContent } from "./files-by-content.ts";
import { keyOf } from "./rewrite-counts.ts";
import { type Saving, SavingSums, type SparedFile } from "./saving.ts";

/** Part of what a layer deletes of another that it has to write elsewhere, to have moved that. */
const NEARLY_ALL = 0.95;

/**
 * What layers deleted and wrote under other paths: they moved it. Not what was there already, and was
 * only changed.
 */
export class Moves {
  readonly #tree: ImageTree;
  readonly #versions: Versions;
  /** What layers wrote that delete something. */
  readonly #written: FilesByContent;
  readonly #sums = new SavingSums();
  /** Of each two layers: bytes that one deleted of what the other wrote, and a folder with all that it moved. */
  readonly #deleted = new Map<number, number>();
  readonly #targets = new Map<number, number>();
  /** For each layer, how many files it wrote that were not there before, and deleted. */
  readonly #fileCounts: CountsByLayer = new Map();
  readonly #deletedCounts: CountsByLayer = new Map();

  constructor(tree: ImageTree, versions: Versions, isDeleted: (file: number) => boolean) {
    const { files } = tree;
    this.#tree = tree;
    this.#versions = versions;
    this.#written = new FilesByContent(files, true);
    for (let file = 0; file < files.length; file++) {
      if (isDeleted(file)) countIn(this.#deletedCounts, files.killedBy.at(file) - 1);
    }
    for (let file = 0; file < files.length; file++) {
      const isNew = versions.firsts[file] === file && files.bytes.at(file) > 0;
      if (isNew) countIn(this.#fileCounts, files.layers.at(file));
      if (isNew && this.#deletedCounts.has(files.layers.at(file))) this.#written.set(file);
    }
  }

  /** Takes in a file that was deleted. */
  add(file: number): void {
    const { files, paths } = this.#tree;
    const laterLayer = files.killedBy.at(file) - 1;
    const layer = files.layers.at(this.#versions.firsts[file] ?? file);
    const key = keyOf(layer, laterLayer);
    this.#deleted.set(key, (this.#deleted.get(key) ?? 0) + files.bytes.at(file));
    const moved = this.#written.get(file, laterLayer);
    if (moved === undefined) return;
    this.#sums.add({ rule: "deleted-later", layer, laterLayer }, this.#movedFile(file, moved));
    const target = files.paths.at(moved);
    this.#targets.set(key, commonPath(paths, this.#targets.get(key) ?? target, target));
  }

  /** What was moved, with the bytes that were written once more by that. Frees what it has. */
  savings(): readonly Saving[] {
    const { paths } = this.#tree;
    this.#written.release();
    return this.#sums.savings(paths).flatMap((saving) => {
      const { layer, laterLayer = layer, bytes, files } = saving;
      const key = keyOf(layer, laterLayer);
      if (bytes < (this.#deleted.get(key) ?? 0) * NEARLY_ALL) return [];
      const isPartial = (this.#fileCounts.get(layer) ?? 0) > files;
      const isSole = this.#deletedCounts.get(laterLayer) === files;
      const movedTo = paths.textOf(this.#targets.get(key) ?? 0);
      return { ...saving, ...(isPartial && { isPartial }), ...(isSole && { isSole }), movedTo };
    });
  }

  #movedFile(file: number, moved: number): SparedFile {
    const { files, owners } = this.#tree;
    const { uid = 0, gid = 0 } = owners[files.owners.at(moved)] ?? {};
    return {
      path: files.paths.at(file),
      bytes: files.bytes.at(file),
      owner: `${uid}:${gid}`,
      mode: files.modes.at(moved).toString(8),
      ...(files.owners.at(file) === files.owners.at(moved) && { isOwnerOld: true }),
      ...(files.modes.at(file) === files.modes.at(moved) && { isModeOld: true }),
    };
  }
}

type CountsByLayer = Map<number, number>;

function countIn(counts: CountsByLayer, layer: number): void {
  counts.set(layer, (counts.get(layer) ?? 0) + 1);
}

/** The path that two are, or are in. A folder comes before what is in it. */
function commonPath(paths: PathTable, one: number, other: number): number {
  let [common, from] = [one, other];
  while (common !== from) {
    if (common > from) common = paths.parentOf(common);
    else from = paths.parentOf(from);
  }
  return common;
}
