import type { ImageTree } from "./layers.ts";
import { followVersions, type Versions } from "./versions.ts";

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
 * Follows files back and forth through the layers of an image, all of them at once.
 * Undefined for one that is not told under its path: see `TreeFiles.paths`.
 */
export function traceFiles(
  tree: ImageTree,
  wanted: readonly FileInLayer[],
): readonly (FileTrace | undefined)[] {
  const versions = followVersions(tree);
  const underPaths = filesUnder(tree, new Set(wanted.map(({ path }) => path)));
  return wanted.map(({ path, layer }) =>
    traceIn(tree, versions, underPaths.get(path) ?? [], layer),
  );
}

/** The files that are told under each of some paths, oldest first. */
function filesUnder(
  { files, paths }: ImageTree,
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly number[]> {
  const underPaths = new Map([...wanted].map((path) => [path, [] as number[]]));
  // Most are told from what is wanted by their last names alone.
  const names = new Set([...wanted].map((path) => path.slice(path.lastIndexOf("/") + 1)));
  for (let file = 0; file < files.length; file++) {
    const path = files.paths.at(file);
    if (names.has(paths.nameOf(path))) underPaths.get(paths.textOf(path))?.push(file);
  }
  return underPaths;
}

function traceIn(
  { files }: ImageTree,
  { firsts, ends }: Versions,
  underPath: readonly number[],
  layer: number,
): FileTrace | undefined {
  const file = underPath.findLast((each) => files.layers.at(each) === layer);
  if (file === undefined) return undefined;
  const first = firsts[file] ?? file;
  const end = ends[first] ?? 0;
  return { broughtBy: files.layers.at(first), ...(end !== 0 && { killedBy: end - 1 }) };
}
