import type { ImageTree } from "../layers.ts";
import { DEATHS } from "../tree-files.ts";

/**
 * Files that were written again, and with the same content: each time another version of one file. A
 * version is dead, but the last, which may be.
 */
export interface Versions {
  /** For each file, the number of its first version: most often its own. */
  readonly firsts: Uint32Array;
  /** For each first version, the layer that took its last one, plus one; 0: that lives. */
  readonly ends: Uint32Array;
  /** For each first version, the bytes of all of them. */
  readonly bytes: Float64Array;
}

/** Follows files through the layers that changed no more than their owner, mode or date. */
export function followVersions({ files }: ImageTree): Versions {
  const { length } = files;
  const firsts = Uint32Array.from({ length }, (_, file) => file);
  const ends = new Uint32Array(length);
  const bytes = new Float64Array(length);
  // What takes a file's place comes after it: its first version is known when its turn comes.
  for (let file = 0; file < length; file++) {
    const first = firsts[file] ?? file;
    bytes[first] = (bytes[first] ?? 0) + files.bytes.at(file);
    ends[first] = files.killedBy.at(file);
    const taker = files.replacedBy.at(file) - 1;
    // Of several files that one file takes the place of, that is a version of one.
    if (isRewritten(files.deaths.at(file)) && taker > file && firsts[taker] === taker) {
      firsts[taker] = first;
    }
  }
  return { firsts, ends, bytes };
}

function isRewritten(death: number): boolean {
  return DEATHS[death] === "metadata";
}
