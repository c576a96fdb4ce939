import { wholeNumbers } from "./column.ts";
import { ENTRY_KINDS, type LayerIndex } from "./layer/layer-index.ts";
import { ROOT } from "./paths.ts";
import type { ImageTree } from "./tree/layers.ts";

/** What layers took away with whole folders. */
export interface FolderDeletions {
  /** For each layer, the bytes that were in each path that it whitens out, if there were some. */
  readonly inFolders: readonly ReadonlyMap<number, number>[];
  /** For each file, how it went: `BY_WHITEOUT`, `BY_OPAQUE`, or 0. */
  readonly ways: Uint8Array;
}

/** A folder above it was whitened out. */
export const BY_WHITEOUT = 1;
/** A folder above it was made opaque. */
export const BY_OPAQUE = 2;

/** Tells what layers, lowest first, took away with whole folders. */
export function folderDeletions(tree: ImageTree, layers: readonly LayerIndex[]): FolderDeletions {
  const { files } = tree;
  const dead = deadByLayer(tree);
  const folders = new NearestFolders(tree);
  const ways = new Uint8Array(files.length);
  const inFolders = layers.map((layer, number) => {
    const numbers = tree.layerPaths[number];
    const opaque = pathsOf(layer, "opaque", numbers);
    folders.mark(opaque);
    if (opaque.length > 0) {
      for (const file of dead.get(number) ?? []) {
        if (folders.above(files.paths.at(file)) !== undefined) ways[file] = BY_OPAQUE;
      }
    }
    const hidden = pathsOf(layer, "whiteout", numbers);
    const bytes = new Map<number, number>();
    folders.mark(hidden);
    if (hidden.length > 0) {
      for (const file of dead.get(number) ?? []) {
        const folder = folders.above(files.paths.at(file));
        if (folder === undefined) continue;
        ways[file] = BY_WHITEOUT;
        bytes.set(folder, (bytes.get(folder) ?? 0) + files.bytes.at(file));
      }
      folders.addUp(hidden, bytes);
    }
    return bytes;
  });
  return { inFolders, ways };
}

/** Files by the layer that killed them, from 0. */
function deadByLayer({ files }: ImageTree): ReadonlyMap<number, readonly number[]> {
  const dead = new Map<number, number[]>();
  for (let file = 0; file < files.length; file++) {
    const killer = files.killedBy.at(file) - 1;
    if (killer === -1) continue;
    const others = dead.get(killer);
    if (others === undefined) dead.set(killer, [file]);
    else others.push(file);
  }
  return dead;
}

/** Paths of the tree that a layer has a marker for, each once, those that are in others first. */
function pathsOf(
  { entries }: LayerIndex,
  kind: "whiteout" | "opaque",
  numbers: Uint32Array | undefined,
): Uint32Array {
  const marker = ENTRY_KINDS.indexOf(kind);
  const paths = wholeNumbers();
  entries.kinds.forEach((each, entry) => {
    if (each === marker) paths.push(numbers?.[entries.paths[entry] ?? ROOT] ?? ROOT);
  });
  // What is in a folder has a higher number than the folder.
  const sorted = paths.packed().sort().reverse();
  return sorted.filter((path, at) => path !== sorted[at - 1]);
}

/**
 * Finds, for any path, the nearest of some folders that it is in. What was found is noted all the
 * way up, so that the folders above many files, however deep, are walked once.
 */
class NearestFolders {
  readonly #paths: ImageTree["paths"];
  /** For each path: the round in which it was walked, and what is nearest at it or above it. */
  readonly #rounds: Uint32Array;
  readonly #nearest: Float64Array;
  /** For each path: the last round in which it was one of those folders. */
  readonly #marks: Uint32Array;
  #round = 0;

  constructor({ paths }: ImageTree) {
    this.#paths = paths;
    this.#rounds = new Uint32Array(paths.count);
    this.#marks = new Uint32Array(paths.count);
    this.#nearest = new Float64Array(paths.count);
  }

  /** Begins with other folders. */
  mark(paths: Uint32Array): void {
    this.#round++;
    for (const path of paths) this.#marks[path] = this.#round;
  }

  /** The nearest folder that a path is in; undefined: in none. */
  above(path: number): number | undefined {
    if (path === ROOT) return undefined;
    const walked: number[] = [];
    let at = this.#paths.parentOf(path);
    while (this.#rounds[at] !== this.#round && !this.#isMarked(at) && at !== ROOT) {
      walked.push(at);
      at = this.#paths.parentOf(at);
    }
    const noted = this.#rounds[at] === this.#round ? (this.#nearest[at] ?? NONE) : NONE;
    const found = this.#isMarked(at) ? at : noted;
    for (const each of walked) {
      this.#rounds[each] = this.#round;
      this.#nearest[each] = found;
    }
    return found === NONE ? undefined : found;
  }

  /**
   * Adds what is in each folder to the one that it is in.
   * @param paths the folders, those that are in others first
   */
  addUp(paths: Uint32Array, sums: Map<number, number>): void {
    for (const path of paths) {
      const bytes = sums.get(path) ?? 0;
      const above = bytes > 0 ? this.above(path) : undefined;
      if (above !== undefined) sums.set(above, (sums.get(above) ?? 0) + bytes);
    }
  }

  #isMarked(path: number): boolean {
    return this.#marks[path] === this.#round;
  }
}

const NONE = -1;
