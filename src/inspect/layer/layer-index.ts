import type { PackageType } from "../../model/image.ts";
import type { NumberArray } from "../column.ts";
import type { Paths } from "../paths.ts";

/** What a layer holds, small enough that a million entries fit into 60 MB. */
export interface LayerIndex {
  /** Of the blob, as the manifest has it. */
  readonly digest: string;
  /** Bytes of the blob. */
  readonly download: number;
  /** Of the tar archive inside. */
  readonly diffId: string;
  /** Bytes of all regular files; markers, such as whiteouts, are none. */
  readonly unpacked: number;
  readonly paths: Paths;
  /** In the order of the archive; a path may come more than once. */
  readonly entries: Entries;
  /** Hard links, in the order of the archive. */
  readonly links: Links;
  /** Each owner that an entry has, once. */
  readonly owners: readonly Owner[];
  /** What files of this layer say of installed packages, in the order of the archive. */
  readonly claims: readonly PackageClaim[];
  /** What claims name: a table of its own, since what a package lists need not be there. */
  readonly claimedPaths: Paths;
  /** Files that say more of packages than was read, since they are too large or have holes. */
  readonly unreadClaims: number;
  /** Those of which that is so because the layer has more of them in all than is read. */
  readonly leftOutClaims: number;
}

/** One column a fact, one row an entry. */
export interface Entries {
  /** The path that the entry is about: of a whiteout, that which it hides. */
  readonly paths: Uint32Array;
  /** Position in `ENTRY_KINDS`. */
  readonly kinds: Uint8Array;
  /** Of regular files, holes of sparse ones included; else 0. */
  readonly bytes: NumberArray;
  /** Of regular files what stands for their bytes and extended attributes: see `ContentsReader`; else 0. */
  readonly contents: Uint32Array;
  /** Permission bits, those for set-user-ID, set-group-ID and sticky included: 12. */
  readonly modes: Uint16Array;
  /** Position in `LayerIndex.owners`. */
  readonly owners: NumberArray;
}

/** Whom an entry belongs to: numbers of a user and of a group. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * What one file says of one installed package. A package may be told in parts, by several files:
 * dpkg's `status` has its version, `info/NAME.list` its files.
 */
export interface PackageClaim {
  readonly type: PackageType;
  readonly name?: string;
  readonly version?: string;
  /** The file that says so: a path of `LayerIndex.claimedPaths`. */
  readonly source: number;
  /** What it lists as its own: paths of `LayerIndex.claimedPaths`. */
  readonly files?: Uint32Array;
  /** A path of `LayerIndex.claimedPaths`: all in it is its own that no nearer claim has. */
  readonly folder?: number;
  readonly relations?: PackageRelations;
}

/** What a package manager knows of a package beside its files. Names of packages. */
export interface PackageRelations {
  /** What it does not work without; of alternatives, all, as `mawk|gawk`. */
  readonly requires?: readonly string[];
  /** Other names that it stands for. */
  readonly provides?: readonly string[];
  /** Nobody asked for it: it was installed since others require or recommend it. */
  readonly isAutomatic?: true;
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
