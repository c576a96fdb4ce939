import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";

/** Bytes of the largest file that is read as a whole, where its reader sets no other limit. */
const LARGEST = 64 * 2 ** 20;

/** Packages of which one file can speak. */
const MOST_PACKAGES = 100_000;

/** Bytes of the longest path that Linux can open. */
const LONGEST_PATH = 4096;

/** Bytes of all paths that one file can list. */
const MOST_PATH_BYTES = 128 * 2 ** 20;

/** A probe that collects the whole file and reads it at its end. */
export function wholeFile(
  file: ArchiveFile,
  read: (content: Buffer) => Iterable<Said>,
  largest = LARGEST,
): PackageProbe {
  const isTooLarge = file.bytes > largest;
  const content = Buffer.alloc(isTooLarge ? 0 : file.bytes);
  let length = 0;
  return {
    isTooLarge,
    held: content.length,
    write(piece) {
      const room = content.length - length;
      content.set(piece.length > room ? piece.subarray(0, room) : piece, length);
      length += Math.min(piece.length, room);
    },
    end() {
      return isTooLarge ? [] : sayings(() => read(content.subarray(0, length)));
    },
  };
}

/** A probe for a file whose path says it all. */
export function pathAlone(said: Said): PackageProbe {
  return { isTooLarge: false, held: 0, write: () => {}, end: () => [said] };
}

/**
 * What a reader says, with an end to it: a few bytes can be made to list paths without end. A file
 * that makes its reader fail is damaged, and says nothing more.
 */
export function sayings(read: () => Iterable<Said>): readonly Said[] {
  const budget = { bytes: MOST_PATH_BYTES };
  const said: Said[] = [];
  try {
    for (const one of read()) {
      if (said.length === MOST_PACKAGES) break;
      const { files } = one;
      said.push(files === undefined ? one : { ...one, files: bounded(files, budget) });
    }
  } catch {
    // What was said before the damage stands.
  }
  return said;
}

function* bounded(paths: Iterable<Uint8Array>, budget: { bytes: number }): Generator<Uint8Array> {
  try {
    for (const path of paths) {
      budget.bytes -= path.length;
      if (budget.bytes < 0) return;
      if (path.length > 0 && path.length <= LONGEST_PATH) yield path;
    }
  } catch {
    // As above.
  }
}
