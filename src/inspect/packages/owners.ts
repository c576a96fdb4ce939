import type { PackageType } from "../../model/image.ts";
import { release } from "../column.ts";
import type { LayerIndex } from "../layer/layer-index.ts";
import { type PathTable, ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import { ABSENT } from "./claimed-places.ts";
import { type JoinedClaim, joinedClaims, type PackageIdentity } from "./joined-claims.ts";

/** Which package each path of an image belongs to. */
export interface PackageOwners {
  /** Those that something belongs to, or would if it were there; each once. */
  readonly packages: readonly PackageIdentity[];
  /** Position in `packages`; undefined when a path of the tree is in no package. */
  ownerOf(path: number): number | undefined;
}

/**
 * Finds who owns what, over all layers, dead files too: of two that claim a path, the later. A
 * package whose own description another one lists came with that one, and is part of it. What a
 * distribution's packages list is theirs; then what others list counts, then the nearest folder
 * that is claimed. A program or an archive is a package by itself where it is in no other.
 */
export function ownersOf(tree: ImageTree, layers: readonly LayerIndex[]): PackageOwners {
  const claims = [...joinedClaims(tree.paths, layers)];
  const ranked = claims.map((claim) => ({ claim, rank: rankOf(claim, tree.paths) }));
  const owners = new OwnerColumns(tree.paths.count);
  // The sort is stable: within a rank the layers keep their order.
  const sorted = ranked.sort((one, other) => one.rank - other.rank);
  for (const { claim, rank } of sorted) {
    if (rank !== ALONE) owners.take(claim, rank);
  }
  owners.spreadFolders(tree.paths);
  for (const { claim, rank } of sorted) {
    if (rank === ALONE) owners.take(claim, rank);
  }
  owners.settle();
  return owners;
}

/** Of what distributions install. Others follow by how deep their descriptions lie. */
const OF_SYSTEM = 1;
/** Of what is in a claimed folder, and of what has no owner but itself. */
const IN_FOLDER = 0xfffe;
const ALONE = 0xffff;

function rankOf({ identity, source }: JoinedClaim, paths: PathTable): number {
  if (isOfSystem(identity.type)) return OF_SYSTEM;
  if (isAlone(identity.type)) return ALONE;
  return Math.min(OF_SYSTEM + depthOf(source, paths), IN_FOLDER - 1);
}

function isOfSystem(type: PackageType): boolean {
  return type === "deb" || type === "apk" || type === "rpm";
}

function isAlone(type: PackageType): boolean {
  return type === "golang" || type === "maven";
}

function depthOf(path: number, paths: PathTable): number {
  let depth = 0;
  for (let at = path; at !== ROOT && at !== ABSENT; at = paths.parentOf(at)) depth++;
  return depth;
}

/** One row a path. */
class OwnerColumns implements PackageOwners {
  readonly packages: PackageIdentity[] = [];
  readonly #numbers = new Map<string, number>();
  /** The owner plus one, or 0; and by what rank it is that. */
  readonly #owners: Uint32Array;
  readonly #ranks: Uint16Array;
  /** Who claims a folder, plus one, or 0. */
  readonly #folderOwners: Uint32Array;

  constructor(paths: number) {
    this.#owners = new Uint32Array(paths);
    this.#ranks = new Uint16Array(paths);
    this.#folderOwners = new Uint32Array(paths);
  }

  ownerOf(path: number): number | undefined {
    const owner = this.#owners[path] ?? 0;
    return owner === 0 ? undefined : owner - 1;
  }

  /** Gives a package what it claims, up to what a lower rank has. */
  take({ identity, source, files, folder }: JoinedClaim, rank: number): void {
    if (!this.#isFree(source, rank)) return;
    const owner = this.#numberOf(identity) + 1;
    for (const file of files) {
      if (!this.#isFree(file, rank)) continue;
      this.#owners[file] = owner;
      this.#ranks[file] = rank;
    }
    if (folder !== ABSENT && folder !== ROOT) this.#folderOwners[folder] = owner;
  }

  /** Gives what has no owner to that of the nearest folder. */
  spreadFolders(paths: PathTable): void {
    // A folder comes before what is in it.
    for (let path = 1; path < this.#owners.length; path++) {
      const owner = this.#folderOwners[path] || this.#folderOwners[paths.parentOf(path)] || 0;
      this.#folderOwners[path] = owner;
      if (owner === 0 || this.#owners[path] !== 0) continue;
      this.#owners[path] = owner;
      this.#ranks[path] = IN_FOLDER;
    }
  }

  /** Frees what is only needed as long as something is claimed. */
  settle(): void {
    release(this.#ranks);
    release(this.#folderOwners);
  }

  #isFree(path: number, rank: number): boolean {
    const owned = this.#ranks[path] ?? 0;
    return owned === 0 || owned === rank;
  }

  #numberOf(identity: PackageIdentity): number {
    const key = JSON.stringify([identity.type, identity.name, identity.version]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.packages.length);
    return this.packages.push(identity) - 1;
  }
}
