import type { Numbers } from "../column.ts";
import { type PathTable, ROOT } from "../paths.ts";

/** A folder that has a meaning by its name, with all that is in it. */
export interface FolderClass {
  /** Its names from `/`; or, of one that may be anywhere, its last names, without `/`. */
  readonly folder: string;
}

/**
 * Finds the folders that have a meaning, the outermost first: what is in one of them belongs to
 * that one.
 * @returns for each path the position in `classes` plus one, or 0
 */
export function classifyPaths(paths: PathTable, classes: readonly FolderClass[]): Numbers {
  const candidates = byLastName(paths, classes);
  const found = new Uint16Array(paths.count);
  // A folder comes before what is in it.
  for (let path = ROOT + 1; path < found.length; path++) {
    const inherited = found[paths.parentOf(path)] ?? 0;
    found[path] = inherited || ownClass(paths, path, candidates.get(paths.lastNameOf(path)));
  }
  return { length: found.length, at: (path) => found[path] ?? 0 };
}

interface Candidate {
  /** Position in the classes, plus one. */
  readonly number: number;
  readonly isFromRoot: boolean;
  /** Numbers of its names, the last first. */
  readonly names: readonly number[];
}

function byLastName(
  paths: PathTable,
  classes: readonly FolderClass[],
): ReadonlyMap<number | undefined, readonly Candidate[]> {
  const candidates = classes.map(({ folder }, position): Candidate => {
    const names = folder.split("/").filter((name) => name !== "");
    return {
      number: position + 1,
      isFromRoot: folder.startsWith("/"),
      names: names.reverse().map((name) => paths.names.intern(Buffer.from(name))),
    };
  });
  return Map.groupBy(candidates, ({ names }) => names[0]);
}

function ownClass(
  paths: PathTable,
  path: number,
  candidates: readonly Candidate[] | undefined,
): number {
  const found = candidates?.find((candidate) => isAt(paths, path, candidate));
  return found?.number ?? 0;
}

function isAt(paths: PathTable, path: number, { names, isFromRoot }: Candidate): boolean {
  let at = path;
  for (const name of names) {
    if (at === ROOT || paths.lastNameOf(at) !== name) return false;
    at = paths.parentOf(at);
  }
  return !isFromRoot || at === ROOT;
}
