import type { ImageTree } from "./layers.ts";
import { DEATHS } from "./tree-files.ts";

/**
 * Files that were written again, and with the same content: each time another version of one file. A
 * version is dead, but the last, which may be.
 */
export interface Versions {
  /** For each file, the number of its first version: most often its own. */
  readonly firsts: Uint32Array;
  /** For each first version, the layer that took its last one, plus one; 0: that lives. */
  readonly ends: Uint16Array;
  /** For each first version, how many there are: each has as many bytes. */
  readonly counts: Uint16Array;
  /**
   * For each file, its first version that was it alone, and how many there are from that on: before, it
   * was one file with another one, of which a layer wrote each name by itself.
   */
  readonly ownFirsts: Uint32Array;
  readonly ownCounts: Uint16Array;
}

/** Follows files through the layers that changed no more than their owner, mode or date. */
export function followVersions({ files }: ImageTree): Versions {
  const { length } = files;
  const firsts = Uint32Array.from({ length }, (_, file) => file);
  const ends = new Uint16Array(length);
  const counts = new Uint16Array(length);
  const ownFirsts = firsts.slice();
  const ownCounts = new Uint16Array(length).fill(1);
  // What takes a file's place comes after it: its first version is known when its turn comes.
  for (let file = 0; file < length; file++) {
    const first = firsts[file] ?? file;
    counts[first] = (counts[first] ?? 0) + 1;
    ends[first] = files.killedBy.at(file);
    const taker = files.replacedBy.at(file) - 1;
    // Of several files that one file takes the place of, that is a version of one.
    if (isRewritten(files.deaths.at(file)) && taker > file && firsts[taker] === taker) {
      firsts[taker] = first;
      const parted = files.partedBy.at(file) - 1;
      if (parted !== -1 && parted !== taker) continue;
      ownFirsts[taker] = ownFirsts[file] ?? file;
      ownCounts[taker] = (ownCounts[file] ?? 1) + 1;
    }
  }
  return { firsts, ends, counts, ownFirsts, ownCounts };
}

/** The first version of a file, and the bytes of all of them. */
export function allVersionsOf(
  { files }: ImageTree,
  { firsts, counts }: Versions,
  file: number,
): { readonly first: number; readonly bytes: number } {
  const first = firsts[file] ?? file;
  return { first, bytes: files.bytes.at(file) * (counts[first] ?? 1) };
}

/** The same of what a living file has been by itself. */
export function ownVersionsOf(
  { files }: ImageTree,
  { ownFirsts, ownCounts }: Versions,
  file: number,
): { readonly first: number; readonly bytes: number } {
  const count = ownCounts[file] ?? 1;
  return { first: ownFirsts[file] ?? file, bytes: files.bytes.at(file) * count };
}

function isRewritten(death: number): boolean {
  return DEATHS[death] === "metadata";
}
