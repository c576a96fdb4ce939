import type { ImageTree } from "./layers.ts";
import { DEATHS } from "./tree-files.ts";

/** A file as one layer has it. Layers count from 0. */
export interface FileInLayer {
  readonly path: string;
  readonly layer: number;
}

/** Where a file's content came from, and what became of it. Layers count from 0. */
export interface FileTrace {
  /** The layer that brought it; those above only changed its mode, its owner or its time. */
  readonly broughtBy: number;
  /** The layer from which on no container sees it. Absent: all see it. */
  readonly killedBy?: number;
}

/**
 * Follows files back and forth through the layers of an image, in one pass over all of its files.
 * Undefined for one that is not told under its path: see `TreeFiles.paths`.
 */
export function traceFiles(
  tree: ImageTree,
  wanted: readonly FileInLayer[],
): readonly (FileTrace | undefined)[] {
  const versions = versionsOf(tree, new Set(wanted.map(({ path }) => path)));
  return wanted.map(({ path, layer }) => traceIn(tree, versions.get(path) ?? [], layer));
}

/** The files that are told under each of some paths, oldest first. */
function versionsOf(
  { files, paths }: ImageTree,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly number[]> {
  const versions = new Map([...wanted].map((path) => [path, [] as number[]]));
  // Most are told from what is wanted by their last names alone.
  const names = new Set([...wanted].map((path) => path.slice(path.lastIndexOf("/") + 1)));
  for (let file = 0; file < files.length; file++) {
    const path = files.paths.at(file);
    if (names.has(paths.nameOf(path))) versions.get(paths.textOf(path))?.push(file);
  }
  return versions;
}

function traceIn(
  tree: ImageTree,
  versions: readonly number[],
  layer: number,
): FileTrace | undefined {
  const { layers, killedBy } = tree.files;
  const place = versions.findLastIndex((file) => layers.at(file) === layer);
  if (place === -1) return undefined;
  let first = place;
  while (isSameContent(tree, versions[first - 1], versions[first])) first--;
  let last = place;
  while (isSameContent(tree, versions[last], versions[last + 1])) last++;
  const killer = killedBy.at(versions[last] ?? 0);
  return {
    broughtBy: layers.at(versions[first] ?? 0),
    ...(killer !== 0 && { killedBy: killer - 1 }),
  };
}

/** Whether the newer file took the older one's place and has the same content. */
function isSameContent(
  { files }: ImageTree,
  older: number | undefined,
  newer: number | undefined,
): boolean {
  if (older === undefined || newer === undefined) return false;
  const isMetadata = DEATHS[files.deaths.at(older)] === "metadata";
  return isMetadata && files.replacedBy.at(older) === newer + 1;
}
