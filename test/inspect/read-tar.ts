import { type TarEntry, TarReader } from "../../src/inspect/tar.ts";

/** An entry as plain values that outlive the reader; paths as text, one character a byte. */
export interface ReadEntry extends Omit<TarEntry, "path" | "linkTarget"> {
  readonly path: string;
  readonly linkTarget: string;
}

/** Reads a whole archive, in pieces of so many bytes. */
export function readTar(archive: Uint8Array, pieceBytes = archive.length): readonly ReadEntry[] {
  const entries: ReadEntry[] = [];
  const reader = new TarReader((entry) => {
    entries.push({ ...entry, path: text(entry.path), linkTarget: text(entry.linkTarget) });
  });
  for (let at = 0; at < archive.length; at += pieceBytes) {
    reader.write(archive.subarray(at, at + pieceBytes));
  }
  reader.end();
  return entries;
}

/** Path, kind and bytes: what most tests are about. */
export function briefly(archive: Uint8Array): readonly string[] {
  return readTar(archive).map(({ path, kind, bytes }) => `${kind} ${path} ${bytes}`);
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}
