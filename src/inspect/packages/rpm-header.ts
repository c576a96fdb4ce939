// The header that rpm keeps of each installed package.
// https://rpm-software-management.github.io/rpm/manual/format_header.html

import type { Said } from "./packages.ts";

/** https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/include/rpm/rpmtag.h */
const TAGS = {
  name: 1000,
  version: 1001,
  release: 1002,
  folderOfFile: 1116,
  fileNames: 1117,
  folders: 1118,
} as const;

const KNOWN_TAGS: ReadonlySet<number> = new Set(Object.values(TAGS));

/** Numbers of entries and of bytes of data; then the entries. */
const ENTRIES_START = 8;
const ENTRY_LENGTH = 16;

/** Keys that rpm trusts are kept as if they were packages. */
const KEY = "gpg-pubkey";

/** Folders that one package can have files in. */
const MOST_FOLDERS = 100_000;

const END_OF_TEXT = 0;

/**
 * What a header says.
 * @throws when it is damaged
 */
export function readRpmHeader(bytes: Buffer): Said | undefined {
  const header = new RpmHeader(bytes);
  const name = header.text(TAGS.name);
  const version = header.text(TAGS.version);
  const release = header.text(TAGS.release);
  if (!name || !version || name === KEY) return undefined;
  return { type: "rpm", name, version: `${version}-${release}`, files: filesOf(header) };
}

/** Each file is a name and the position of its folder. */
function* filesOf(header: RpmHeader): Generator<Uint8Array> {
  const folders = header.texts(TAGS.folders).take(MOST_FOLDERS).toArray();
  let file = 0;
  for (const name of header.texts(TAGS.fileNames)) {
    const folder = folders[header.number(TAGS.folderOfFile, file)];
    if (folder !== undefined) yield Buffer.concat([folder, name]);
    file++;
  }
}

/** Where an entry's data begins, and of how many values it is. */
interface Entry {
  readonly start: number;
  readonly count: number;
}

class RpmHeader {
  readonly #bytes: Buffer;
  readonly #entries = new Map<number, Entry>();

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    const count = bytes.readUInt32BE(0);
    const data = ENTRIES_START + count * ENTRY_LENGTH;
    for (let at = ENTRIES_START; at < data; at += ENTRY_LENGTH) {
      const tag = bytes.readUInt32BE(at);
      if (!KNOWN_TAGS.has(tag)) continue;
      const start = data + bytes.readUInt32BE(at + 8);
      this.#entries.set(tag, { start, count: bytes.readUInt32BE(at + 12) });
    }
  }

  text(tag: number): string {
    const { value } = this.texts(tag).next();
    return value === undefined ? "" : value.toString("utf8");
  }

  *texts(tag: number): Generator<Buffer, undefined> {
    const entry = this.#entries.get(tag);
    let start = entry?.start ?? 0;
    for (let left = entry?.count ?? 0; left > 0; left--) {
      const end = this.#bytes.indexOf(END_OF_TEXT, start);
      if (end === -1) return undefined;
      yield this.#bytes.subarray(start, end);
      start = end + 1;
    }
    return undefined;
  }

  /** One of an entry's numbers; of one that is not there, -1. */
  number(tag: number, position: number): number {
    const entry = this.#entries.get(tag);
    const isThere = entry !== undefined && position < entry.count;
    return isThere ? this.#bytes.readUInt32BE(entry.start + 4 * position) : -1;
  }
}
