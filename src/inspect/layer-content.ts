import { ArchivePaths } from "./archive-paths.ts";
import { wholeNumbers } from "./column.ts";
import { EntryColumns } from "./entry-columns.ts";
import type { LayerIndex } from "./layer-index.ts";
import { PathTable } from "./paths.ts";
import type { TarEntry } from "./tar.ts";

/** What of a layer is known once its archive has been read. */
export type LayerContent = Omit<LayerIndex, "digest" | "download" | "diffId">;

const WHITEOUT = new TextEncoder().encode(".wh.");
/** Names of a union file system's own, which engines leave out; one has a meaning. */
const RESERVED = new TextEncoder().encode(".wh..wh.");
const OPAQUE = new TextEncoder().encode(".wh..wh..opq");

/** Collects the entries of one layer as they are read. */
export class LayerContentBuilder {
  readonly #paths = new PathTable();
  readonly #archivePaths = new ArchivePaths(this.#paths);
  readonly #entries = new EntryColumns();
  readonly #linkEntries = wholeNumbers();
  readonly #linkTargets = wholeNumbers();
  #unpacked = 0;

  get entryCount(): number {
    return this.#entries.count;
  }

  /** Paths, with folders that have no entry of their own. */
  get pathCount(): number {
    return this.#paths.count;
  }

  /** Bytes of all distinct names. */
  get nameBytes(): number {
    return this.#paths.names.bytes;
  }

  add(entry: TarEntry): void {
    const { folder, nameStart, nameEnd } = this.#archivePaths.split(entry.path);
    const isMarker = startsWith(entry.path, nameStart, nameEnd, WHITEOUT);
    if (isMarker) this.#addMarker(entry, folder, nameStart, nameEnd);
    else this.#addPath(entry, this.#archivePaths.step(folder, entry.path, nameStart, nameEnd));
  }

  packed(): LayerContent {
    return {
      unpacked: this.#unpacked,
      paths: this.#paths.packed(),
      ...this.#entries.packed(),
      links: { entries: this.#linkEntries.packed(), targets: this.#linkTargets.packed() },
      claims: [],
      claimedPaths: new PathTable().packed(),
    };
  }

  #addPath(entry: TarEntry, path: number): void {
    if (entry.kind === "hardlink") {
      this.#linkEntries.push(this.entryCount);
      this.#linkTargets.push(this.#archivePaths.resolve(entry.linkTarget));
    }
    this.#unpacked += entry.bytes;
    this.#entries.add(path, entry.kind, entry);
  }

  #addMarker(entry: TarEntry, folder: number, start: number, end: number): void {
    const { path } = entry;
    if (startsWith(path, start, end, RESERVED)) {
      const isOpaque = end - start === OPAQUE.length && startsWith(path, start, end, OPAQUE);
      this.#entries.add(folder, isOpaque ? "opaque" : "other", entry);
    } else {
      // A name such as `..` is taken by the letter, so that it hides nothing.
      const name = this.#paths.names.intern(path, start + WHITEOUT.length, end);
      this.#entries.add(this.#paths.child(folder, name), "whiteout", entry);
    }
  }
}

function startsWith(bytes: Uint8Array, start: number, end: number, beginning: Uint8Array): boolean {
  if (end - start < beginning.length) return false;
  return beginning.every((byte, offset) => bytes[start + offset] === byte);
}
