import type { TarEntry } from "../../tar/tar-entry.ts";
import { ClaimCollector, type ClaimLimits } from "../claims.ts";
import { openDatabase, openProbe, type PackageProbe } from "../packages/packages.ts";
import type { LayerIndex } from "./layer-index.ts";

/** How much of a layer is read for what it says of packages. What is beyond is left out. */
export interface PackageLimits extends ClaimLimits {
  /**
   * Bytes that are held of the files that may say something of packages, each in its turn; and of those
   * among them that are a distribution's database: whatever else there is, these are read.
   */
  readonly packageBytes: number;
  readonly databaseBytes: number;
}

/** Where a file is, as text. */
export interface FilePlace {
  readonly folder: string;
  readonly name: string;
}

/** Hands the files of a layer that may say something of packages to those who understand them. */
export class PackageReader {
  readonly #claims: ClaimCollector;
  #probe: PackageProbe | undefined;
  #source: Uint8Array = new Uint8Array(0);
  /** Bytes of the file that are still to come. */
  #missing = 0;
  /** Bytes that may still be held. */
  #packageBytesLeft: number;
  #databaseBytesLeft: number;
  #unread = 0;
  #leftOut = 0;

  constructor(limits: PackageLimits) {
    this.#claims = new ClaimCollector(limits);
    this.#packageBytesLeft = limits.packageBytes;
    this.#databaseBytesLeft = limits.databaseBytes;
  }

  /** Begins a file. */
  start({ path, bytes, mode }: TarEntry, { folder, name }: FilePlace): void {
    const file = { folder, name, bytes, mode };
    const database = openDatabase(file);
    const probe = database ?? openProbe(file);
    this.#probe = undefined;
    if (probe === undefined) return;
    const left = database === undefined ? this.#packageBytesLeft : this.#databaseBytesLeft;
    if (probe.isTooLarge) this.#unread++;
    if (!probe.isTooLarge && probe.held > left) this.#leftOut++;
    if (probe.isTooLarge || probe.held > left) return;
    if (database === undefined) this.#packageBytesLeft -= probe.held;
    else this.#databaseBytesLeft -= probe.held;
    this.#read(probe, path.slice(), bytes);
  }

  /** Takes the file's next bytes. */
  write(piece: Uint8Array): void {
    if (this.#probe === undefined) return;
    this.#probe.write(piece);
    this.#missing -= piece.length;
    if (this.#missing === 0) this.#finish(this.#probe);
  }

  /** Gives the file up. */
  abandon(): void {
    if (this.#probe !== undefined) this.#unread++;
    this.#probe = undefined;
  }

  /** What was collected. */
  packed(): Pick<LayerIndex, "claims" | "claimedPaths" | "unreadClaims" | "leftOutClaims"> {
    const counts = { unreadClaims: this.#unread, leftOutClaims: this.#leftOut };
    return { ...this.#claims.packed(), ...counts };
  }

  #read(probe: PackageProbe, source: Uint8Array, bytes: number): void {
    this.#probe = probe;
    this.#source = source;
    this.#missing = bytes;
    if (bytes === 0) this.#finish(probe);
  }

  #finish(probe: PackageProbe): void {
    this.#probe = undefined;
    if (!this.#claims.add(this.#source, probe.end())) this.#leftOut++;
  }
}
