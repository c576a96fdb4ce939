import { ROOT } from "../paths.ts";
import type { ImageTree } from "./layers.ts";

/** A number for each path: a sum over all files at it and below it. */
export type PathSums = Float64Array;

/** Nothing yet, for each path of a tree. */
export function noSums(tree: ImageTree): PathSums {
  return new Float64Array(tree.paths.count);
}

/** Passes what is at each path on to the folders above it. */
export function rollUp({ paths }: ImageTree, sums: PathSums): void {
  // What is in a folder comes after it: from the end, each is complete when its turn comes.
  for (let path = sums.length - 1; path > ROOT; path--) {
    const folder = paths.parentOf(path);
    sums[folder] = (sums[folder] ?? 0) + (sums[path] ?? 0);
  }
}
