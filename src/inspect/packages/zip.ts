// Of a zip archive, the files that are asked for.
// https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { inflateRawSync } from "node:zlib";

/** Bytes of an archive, of which not all have to be at hand. */
export interface ZipBytes {
  readonly length: number;
  /** Undefined when some of them are not at hand. */
  read(start: number, end: number): Buffer | undefined;
}

/** A file in an archive. Its path is hostile text. */
export interface ZipEntry {
  readonly path: string;
  readonly isDeflated: boolean;
  /** Where its own header begins. */
  readonly start: number;
  /** Bytes as packed. */
  readonly packed: number;
}

const LOCAL_HEADER = 0x04034b50;
const LOCAL_LENGTH = 30;

const ENTRY = 0x02014b50;
const ENTRY_LENGTH = 46;

const END = Buffer.from("PK\x05\x06", "latin1");
const END_LENGTH = 22;
/** The end of an archive has a comment of at most this many bytes behind it. */
const LONGEST_COMMENT = 0xffff;

const STORED = 0;
const DEFLATED = 8;

/** What an archive lists at its end; nothing when it has no such list or it is not at hand. */
export function* zipEntries(zip: ZipBytes): Generator<ZipEntry> {
  const ending = zip.read(Math.max(0, zip.length - END_LENGTH - LONGEST_COMMENT), zip.length);
  const at = ending?.lastIndexOf(END) ?? -1;
  if (ending === undefined || at === -1 || at + END_LENGTH > ending.length) return;
  const length = ending.readUInt32LE(at + 12);
  const end = zip.length - ending.length + at;
  // What stands before the archive, such as a script that starts it, moves all of it.
  const moved = end - length - ending.readUInt32LE(at + 16);
  const list = zip.read(end - length, end);
  if (list !== undefined) yield* entriesOf(list, moved);
}

/** The content of a file; undefined when it is not at hand, damaged or larger than `largest`. */
export function zipContent(zip: ZipBytes, entry: ZipEntry, largest: number): Buffer | undefined {
  const header = zip.read(entry.start, entry.start + LOCAL_LENGTH);
  if (header === undefined || header.readUInt32LE(0) !== LOCAL_HEADER) return undefined;
  const start = entry.start + LOCAL_LENGTH + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = entry.packed > largest ? undefined : zip.read(start, start + entry.packed);
  if (packed === undefined || !entry.isDeflated) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: largest });
  } catch {
    return undefined;
  }
}

function* entriesOf(list: Buffer, moved: number): Generator<ZipEntry> {
  for (let at = 0; at + ENTRY_LENGTH <= list.length; ) {
    if (list.readUInt32LE(at) !== ENTRY) return;
    const method = list.readUInt16LE(at + 10);
    const nameEnd = at + ENTRY_LENGTH + list.readUInt16LE(at + 28);
    if (method === STORED || method === DEFLATED) {
      yield {
        path: list.toString("utf8", at + ENTRY_LENGTH, nameEnd),
        isDeflated: method === DEFLATED,
        start: moved + list.readUInt32LE(at + 42),
        packed: list.readUInt32LE(at + 20),
      };
    }
    at = nameEnd + list.readUInt16LE(at + 30) + list.readUInt16LE(at + 32);
  }
}
