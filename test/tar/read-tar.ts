import { TarReader } from "../../src/tar/tar.ts";
import type { TarEntry } from "../../src/tar/tar-entry.ts";

/** An entry as plain values that outlive the reader; paths as text, one character a byte. */
export interface ReadEntry extends Omit<TarEntry, "path" | "linkTarget"> {
  readonly path: string;
  readonly linkTarget: string;
  /** What was given of it, holes as zeros, one character a byte. */
  readonly content: string;
}

/** Larger holes are given as many zeros as this. */
const LARGEST_HOLE = 1 << 24;

/** Reads a whole archive, in pieces of so many bytes. */
export function readTar(archive: Uint8Array, pieceBytes = archive.length): readonly ReadEntry[] {
  const entries: TextEntry[] = [];
  const add = (content: string) => entries.at(-1)?.pieces.push(content);
  const reader = new TarReader({
    entry: (entry) => {
      const { path, linkTarget } = entry;
      entries.push({ ...entry, path: text(path), linkTarget: text(linkTarget), pieces: [] });
    },
    content: (piece) => add(text(piece)),
    hole: (bytes) => add("\0".repeat(Math.min(bytes, LARGEST_HOLE))),
  });
  for (let at = 0; at < archive.length; at += pieceBytes) {
    reader.write(archive.subarray(at, at + pieceBytes));
  }
  reader.end();
  return entries.map(({ pieces, ...entry }) => ({ ...entry, content: pieces.join("") }));
}

interface TextEntry extends Omit<ReadEntry, "content"> {
  readonly pieces: string[];
}

/** Path, kind and bytes: what most tests are about. */
export function briefly(archive: Uint8Array): readonly string[] {
  return readTar(archive).map(({ path, kind, bytes }) => `${kind} ${path} ${bytes}`);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
