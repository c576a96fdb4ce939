import { TarReader, type TarVisitor } from "../../tar/tar.ts";
import type { TarEntry } from "../../tar/tar-entry.ts";
import { ContentsReader } from "./contents.ts";
import { LayerContentBuilder } from "./layer-content.ts";
import type { LayerIndex } from "./layer-index.ts";
import { type PackageLimits, PackageReader } from "./package-reader.ts";

/** What of a layer is known once its archive has been read. */
export type LayerContent = Omit<LayerIndex, "digest" | "download" | "diffId">;

/** Reads the archive of one layer as it arrives: what is in it, and what that says of packages. */
export class ArchiveReader implements TarVisitor {
  readonly #tar = new TarReader(this);
  readonly #layer = new LayerContentBuilder();
  readonly #contents = new ContentsReader();
  readonly #packages: PackageReader;
  /** The bytes that pass by are those of a file, and not of a marker. */
  #isFile = false;

  constructor(limits: PackageLimits) {
    this.#packages = new PackageReader(limits);
  }

  /** Bytes of files so far. */
  get unpacked(): number {
    return this.#layer.unpacked;
  }

  get entryCount(): number {
    return this.#layer.entryCount;
  }

  /** Paths so far, with folders that have no entry of their own. */
  get pathCount(): number {
    return this.#layer.pathCount;
  }

  /** Bytes of all distinct names so far. */
  get nameBytes(): number {
    return this.#layer.nameBytes;
  }

  get ownerCount(): number {
    return this.#layer.ownerCount;
  }

  /**
   * Takes the next piece.
   * @throws TarError when it cannot be the continuation of an archive.
   */
  write(piece: Uint8Array): void {
    this.#tar.write(piece);
  }

  /**
   * Says that no more comes, and gives what there was. Nothing can be added any more.
   * @throws TarError when something is missing.
   */
  end(): LayerContent {
    this.#tar.end();
    return { ...this.#layer.packed(), ...this.#packages.packed() };
  }

  entry(entry: TarEntry): void {
    const place = this.#layer.add(entry);
    this.#isFile = place !== undefined;
    if (place === undefined) return;
    this.#setContents(this.#contents.start(entry.bytes, entry.attributes));
    this.#packages.start(entry, place);
  }

  content(piece: Uint8Array): void {
    if (!this.#isFile) return;
    this.#setContents(this.#contents.write(piece));
    this.#packages.write(piece);
  }

  hole(bytes: number): void {
    if (!this.#isFile) return;
    this.#setContents(this.#contents.skip(bytes));
    this.#packages.abandon();
  }

  #setContents(contents: number | undefined): void {
    if (contents !== undefined) this.#layer.setContents(contents);
  }
}
