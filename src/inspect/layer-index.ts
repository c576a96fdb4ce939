import { ArchivePaths } from "./archive-paths.ts";
import { Column, wholeNumbers } from "./column.ts";
import { type Paths, PathTable } from "./paths.ts";
import type { TarEntry } from "./tar.ts";
import type { TarKind } from "./tar-header.ts";

/** What a layer holds, small enough that a million entries fit into 50 MB. */
export interface LayerIndex {
  /** Of the blob, as the manifest has it. */
  readonly digest: string;
  /** Bytes of the blob. */
  readonly download: number;
  /** Of the tar archive inside. */
  readonly diffId: string;
  /** Bytes of all regular files. */
  readonly unpacked: number;
  readonly paths: Paths;
  /** In the order of the archive; a path may come more than once. */
  readonly entries: Entries;
  /** Hard links, in the order of the archive. */
  readonly links: Links;
}

/** One column a fact, one row an entry. */
export interface Entries {
  /** The path that the entry is about: of a whiteout, that which it hides. */
  readonly paths: Uint32Array;
  /** Position in `ENTRY_KINDS`. */
  readonly kinds: Uint8Array;
  /** Of regular files, else 0. */
  readonly bytes: Float64Array;
}

/** Which path each hard link is another name of. */
export interface Links {
  /** Positions in `Entries`. */
  readonly entries: Uint32Array;
  readonly targets: Uint32Array;
}

/**
 * What an entry does to the image. The last two come from names with a meaning of their own.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts
 */
export const ENTRY_KINDS = [
  "file",
  "folder",
  "symlink",
  "hardlink",
  "device",
  "fifo",
  "other",
  /** Hides a path of the layers below, with all in it. */
  "whiteout",
  /** Hides what the layers below have in a folder. */
  "opaque",
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** What of a layer is known once its archive has been read. */
export type LayerContent = Pick<LayerIndex, "unpacked" | "paths" | "entries" | "links">;

const WHITEOUT = new TextEncoder().encode(".wh.");
/** Names of a union file system's own, which engines leave out; one has a meaning. */
const RESERVED = new TextEncoder().encode(".wh..wh.");
const OPAQUE = new TextEncoder().encode(".wh..wh..opq");

/** Collects the entries of one layer as they are read. */
export class LayerContentBuilder {
  readonly #paths = new PathTable();
  readonly #archivePaths = new ArchivePaths(this.#paths);
  readonly #entryPaths = wholeNumbers();
  readonly #kinds = new Column((length) => new Uint8Array(length));
  readonly #bytes = new Column((length) => new Float64Array(length));
  readonly #linkEntries = wholeNumbers();
  readonly #linkTargets = wholeNumbers();
  #unpacked = 0;

  get entryCount(): number {
    return this.#entryPaths.length;
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
    this.#unpacked += entry.bytes;
    const { folder, nameStart, nameEnd } = this.#archivePaths.split(entry.path);
    const isMarker = startsWith(entry.path, nameStart, nameEnd, WHITEOUT);
    if (isMarker) this.#addMarker(entry, folder, nameStart, nameEnd);
    else this.#addPath(entry, this.#archivePaths.step(folder, entry.path, nameStart, nameEnd));
  }

  packed(): LayerContent {
    return {
      unpacked: this.#unpacked,
      paths: this.#paths.packed(),
      entries: {
        paths: this.#entryPaths.packed(),
        kinds: this.#kinds.packed(),
        bytes: this.#bytes.packed(),
      },
      links: { entries: this.#linkEntries.packed(), targets: this.#linkTargets.packed() },
    };
  }

  #addPath(entry: TarEntry, path: number): void {
    if (entry.kind === "hardlink") {
      this.#linkEntries.push(this.entryCount);
      this.#linkTargets.push(this.#archivePaths.resolve(entry.linkTarget));
    }
    this.#push(path, entry.kind, entry.bytes);
  }

  #addMarker({ path, bytes }: TarEntry, folder: number, start: number, end: number): void {
    if (startsWith(path, start, end, RESERVED)) {
      const isOpaque = end - start === OPAQUE.length && startsWith(path, start, end, OPAQUE);
      this.#push(folder, isOpaque ? "opaque" : "other", bytes);
    } else {
      // A name such as `..` is taken by the letter, so that it hides nothing.
      const name = this.#paths.names.intern(path, start + WHITEOUT.length, end);
      this.#push(this.#paths.child(folder, name), "whiteout", bytes);
    }
  }

  #push(path: number, kind: TarKind | EntryKind, bytes: number): void {
    this.#entryPaths.push(path);
    this.#kinds.push(ENTRY_KINDS.indexOf(kind));
    this.#bytes.push(bytes);
  }
}

function startsWith(bytes: Uint8Array, start: number, end: number, beginning: Uint8Array): boolean {
  if (end - start < beginning.length) return false;
  return beginning.every((byte, offset) => bytes[start + offset] === byte);
}
