import type { TarEntry } from "../../tar/tar-entry.ts";
import { wholeNumbers } from "../column.ts";
import { PathTable, ROOT } from "../paths.ts";
import { ArchivePaths } from "./archive-paths.ts";
import { EntryColumns } from "./entry-columns.ts";
import type { LayerIndex } from "./layer-index.ts";
import type { FilePlace } from "./package-reader.ts";

/** What the entries of a layer come to. */
export type EntryContent = Pick<LayerIndex, "unpacked" | "paths" | "entries" | "links" | "owners">;

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
  /** The folder of the last file: most often the next is in it too. */
  #folder = ROOT;
  #folderText = "/";

  /** Bytes of files so far. */
  get unpacked(): number {
    return this.#unpacked;
  }

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

  get ownerCount(): number {
    return this.#entries.ownerCount;
  }

  /** Adds an entry. Gives the place of what is a regular file. */
  add(entry: TarEntry): FilePlace | undefined {
    const { folder, nameStart, nameEnd } = this.#archivePaths.split(entry.path);
    if (startsWith(entry.path, nameStart, nameEnd, WHITEOUT)) {
      this.#addMarker(entry, folder, nameStart, nameEnd);
      return undefined;
    }
    const path = this.#archivePaths.step(folder, entry.path, nameStart, nameEnd);
    this.#addPath(entry, path);
    return entry.kind === "file" ? this.#placeOf(path) : undefined;
  }

  /** Sets what stands for the bytes of the last entry. */
  setContents(contents: number): void {
    this.#entries.setContents(contents);
  }

  /** What was collected. */
  packed(): EntryContent {
    return {
      unpacked: this.#unpacked,
      paths: this.#paths.packed(),
      ...this.#entries.packed(),
      links: { entries: this.#linkEntries.packed(), targets: this.#linkTargets.packed() },
    };
  }

  #placeOf(path: number): FilePlace {
    const folder = this.#paths.parentOf(path);
    if (folder !== this.#folder) this.#folderText = this.#paths.textOf(folder);
    this.#folder = folder;
    return { folder: this.#folderText, name: this.#paths.nameOf(path) };
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
