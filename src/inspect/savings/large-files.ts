import { keepBiggest } from "../tree/biggest.ts";
import type { ImageTree } from "../tree/layers.ts";
import { allVersionsOf, type Versions } from "../tree/versions.ts";
import type { Saving } from "./saving.ts";

/** Bytes of the smallest file that is called large. */
const LARGE = 10_000_000;

/** Of an image; only one of what its Dockerfile adds can be most of that. */
const MOST = 12;

interface LargeFile {
  readonly file: number;
  readonly bytes: number;
}

/** The largest live files, each by itself, with all versions of it. */
export function largeFileSavings(tree: ImageTree, versions: Versions): readonly Saving[] {
  const { files, paths } = tree;
  const largest: LargeFile[] = [];
  for (let file = 0; file < files.length; file++) {
    const bytes = files.bytes.at(file);
    if (bytes < LARGE || files.killedBy.at(file) !== 0) continue;
    keepBiggest(largest, MOST, { file, bytes });
  }
  return largest.map(({ file }) => {
    const { first, bytes } = allVersionsOf(tree, versions, file);
    return {
      rule: "large-file",
      bytes,
      files: 1,
      layer: files.layers.at(first),
      paths: [paths.textOf(files.paths.at(file))],
    };
  });
}
