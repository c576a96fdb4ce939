import { wholeNumbers } from "./column.ts";
import { ArchivePaths } from "./layer/archive-paths.ts";
import type { LayerIndex, PackageClaim } from "./layer/layer-index.ts";
import type { Said } from "./packages/packages.ts";
import { PathTable } from "./paths.ts";

/**
 * Bytes of the longest path that counts: no longer one can be opened.
 * https://man7.org/linux/man-pages/man3/PATH_MAX.3.html
 */
export const LONGEST_CLAIMED_PATH = 4096;

/** How much of what a layer says of packages is kept. What is beyond is left out. */
export interface ClaimLimits {
  /** Packages, those that are told in parts counted by part. */
  readonly claims: number;
  /** Paths that they list, however often; and distinct ones, with the folders that those are in. */
  readonly claimedPaths: number;
  /** Bytes of all distinct names in those paths. */
  readonly claimedNames: number;
}

/** Collects what files say of packages. */
export class ClaimCollector {
  readonly #limits: ClaimLimits;
  readonly #paths = new PathTable();
  readonly #archivePaths = new ArchivePaths(this.#paths);
  readonly #claims: PackageClaim[] = [];
  /** Paths that were listed, and names of other packages. */
  #listed = 0;

  constructor(limits: ClaimLimits) {
    this.#limits = limits;
  }

  /** Takes what the file at `source` says. False when something had to be left out. */
  add(source: Uint8Array, sayings: readonly Said[]): boolean {
    if (sayings.length === 0 || source.length > LONGEST_CLAIMED_PATH) return true;
    const path = this.#archivePaths.resolve(source);
    for (const said of sayings) {
      if (this.#isFull() || this.#claims.length >= this.#limits.claims) return false;
      this.#claims.push(this.#claimOf(path, said));
    }
    return !this.#isFull();
  }

  /** What was collected. */
  packed(): Pick<LayerIndex, "claims" | "claimedPaths"> {
    return { claims: this.#claims, claimedPaths: this.#paths.packed() };
  }

  #claimOf(source: number, said: Said): PackageClaim {
    const { type, name, version, files, folder, relations } = said;
    const { requires = [], provides = [] } = relations ?? {};
    this.#listed += requires.length + provides.length;
    return {
      type,
      source,
      ...(name !== undefined && { name }),
      ...(version !== undefined && { version }),
      ...(files !== undefined && { files: this.#pathsOf(files) }),
      ...(folder !== undefined && this.#folderOf(folder)),
      ...(relations !== undefined && { relations }),
    };
  }

  #folderOf(folder: string): { readonly folder?: number } {
    const bytes = Buffer.from(folder);
    if (bytes.length > LONGEST_CLAIMED_PATH) return {};
    return { folder: this.#archivePaths.resolve(bytes) };
  }

  #pathsOf(files: Iterable<Uint8Array>): Uint32Array {
    const paths = wholeNumbers();
    for (const file of files) {
      if (this.#isFull()) break;
      this.#listed++;
      if (file.length > LONGEST_CLAIMED_PATH) continue;
      paths.push(this.#archivePaths.resolve(file));
    }
    return paths.packed();
  }

  #isFull(): boolean {
    const { claimedPaths, claimedNames } = this.#limits;
    const paths = Math.max(this.#listed, this.#paths.count);
    return paths > claimedPaths || this.#paths.names.bytes > claimedNames;
  }
}
