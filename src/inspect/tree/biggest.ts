import { release } from "../column.ts";
import { ROOT } from "../paths.ts";
import type { ImageTree } from "./layers.ts";

/** Something that is in an image, and what it weighs. */
export interface Weight {
  /** From `/`. Hostile text. */
  readonly path: string;
  readonly bytes: number;
  /** The layer that brought it, or most of it; from 0. */
  readonly layer: number;
}

/** The largest files that a container can see, largest first; of hard links, one name. */
export function biggestFiles(tree: ImageTree, count: number): readonly Weight[] {
  const biggest: Found[] = [];
  eachFile(tree, (path, file) => {
    keepBiggest(biggest, count, { path, bytes: tree.files.bytes.at(file) });
  });
  return biggest.map(({ path, bytes }) => {
    const file = tree.filesAt.at(path) - 1;
    return { path: tree.paths.textOf(path), bytes, layer: tree.files.layers.at(file) };
  });
}

/** The same however many are asked for: the first rows are those of any longer list. */
const WORTH_A_LINE = 1 / 24;

/**
 * The folders that hold most of what a container can see, largest first, each with all that is in
 * it. `/usr`, `/usr/lib` and `/usr/lib/python3` would say one thing three times: a folder is named
 * only if at least half of it, and a share of the image worth a line, is in no folder named below
 * it. (Hierarchical heavy hitters: https://doi.org/10.1145/1328911.1328923)
 */
export function biggestFolders(tree: ImageTree, count: number): readonly Weight[] {
  const biggest: Found[] = [];
  const all = bytesDirectlyIn(tree);
  const untold = all.slice();
  const worthwhile = all.reduce((sum, bytes) => sum + bytes, 0) * WORTH_A_LINE;
  // What is in a folder comes after it: from the end, each is complete when its turn comes.
  for (let path = all.length - 1; path > ROOT; path--) {
    const bytes = all[path] ?? 0;
    const rest = untold[path] ?? 0;
    const isNamed = rest > 0 && rest >= worthwhile && rest >= bytes / 2;
    if (isNamed) keepBiggest(biggest, count, { path, bytes });
    const folder = tree.paths.parentOf(path);
    all[folder] = (all[folder] ?? 0) + bytes;
    untold[folder] = (untold[folder] ?? 0) + (isNamed ? 0 : rest);
  }
  release(all);
  release(untold);
  return withMainLayers(tree, biggest);
}

interface Found {
  readonly path: number;
  readonly bytes: number;
}

/** Keeps a short list sorted, largest first; of equals, the first stays first. */
export function keepBiggest<T extends { readonly bytes: number }>(
  biggest: T[],
  count: number,
  found: T,
): void {
  if (biggest.length === count && found.bytes <= (biggest.at(-1)?.bytes ?? 0)) return;
  const place = biggest.findIndex(({ bytes }) => bytes < found.bytes);
  biggest.splice(place === -1 ? biggest.length : place, 0, found);
  if (biggest.length > count) biggest.pop();
}

/** Calls back once for every file, with the first of its names. */
function eachFile(tree: ImageTree, onFile: (path: number, file: number) => void): void {
  const seen = new Uint8Array(tree.files.length);
  for (let path = 0; path < tree.filesAt.length; path++) {
    const file = tree.filesAt.at(path) - 1;
    if (file === -1 || seen[file] === 1) continue;
    seen[file] = 1;
    onFile(path, file);
  }
  release(seen);
}

function bytesDirectlyIn(tree: ImageTree): Float64Array {
  const bytes = new Float64Array(tree.filesAt.length);
  eachFile(tree, (path, file) => {
    const folder = tree.paths.parentOf(path);
    bytes[folder] = (bytes[folder] ?? 0) + tree.files.bytes.at(file);
  });
  return bytes;
}

/** Finds the layer that brought most of each folder. */
function withMainLayers(tree: ImageTree, folders: readonly Found[]): readonly Weight[] {
  const bytesByLayer = new Map(folders.map(({ path }) => [path, new Map<number, number>()]));
  eachFile(tree, (path, file) => {
    const layer = tree.files.layers.at(file);
    for (let folder = path; folder !== ROOT; folder = tree.paths.parentOf(folder)) {
      const layers = bytesByLayer.get(folder);
      layers?.set(layer, (layers.get(layer) ?? 0) + tree.files.bytes.at(file));
    }
  });
  return folders.map(({ path, bytes }) => ({
    path: tree.paths.textOf(path),
    bytes,
    layer: mostOf(bytesByLayer.get(path) ?? new Map()),
  }));
}

function mostOf(bytesByLayer: ReadonlyMap<number, number>): number {
  const [first] = [...bytesByLayer].sort(([, bytes], [, others]) => others - bytes);
  return first?.[0] ?? 0;
}
