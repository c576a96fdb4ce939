import type { ArchiveFile, PackageProbe, Said } from "./packages.ts";

/** Bytes of the largest file that is read as a whole: larger databases are not of this world. */
export const LARGEST_WHOLE_FILE = 64 * 2 ** 20;

/** Packages of which one file can speak: what is beyond is not kept. */
export const MOST_PACKAGES = 100_000;

/** A probe that collects the whole file and reads it at its end. */
export function wholeFile(
  file: ArchiveFile,
  read: (content: Buffer) => Iterable<Said>,
): PackageProbe {
  const isTooLarge = file.bytes > LARGEST_WHOLE_FILE;
  const content = Buffer.alloc(isTooLarge ? 0 : file.bytes);
  let length = 0;
  return {
    isTooLarge,
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

/** What a reader says, up to a limit. A file that makes it fail is damaged, and says nothing. */
export function sayings(read: () => Iterable<Said>): readonly Said[] {
  try {
    return [...Iterator.from(read()).take(MOST_PACKAGES)];
  } catch {
    return [];
  }
}
