import { asList, asRecord } from "../../foreign-json.ts";
import { PACKAGE_TYPES } from "../../model/image.ts";
import { LONGEST_CLAIMED_PATH } from "../claims.ts";
import type { Paths } from "../paths.ts";
import type { LayerIndex, Owner, PackageClaim, PackageRelations } from "./layer-index.ts";
import type { LayerLimits } from "./layer-limits.ts";

/** To be raised with every change of the form or of what is read: an older index is read anew. */
export const LAYER_INDEX_VERSION = 6;

/** How many rows each of a path table's columns has. */
export interface PathLengths {
  readonly paths: number;
  readonly names: number;
  readonly nameBytes: number;
}

/** A claim with the number of its files instead of them. */
export type ClaimHead = Omit<PackageClaim, "files"> & { readonly files?: number };

/** What stands before the columns of an index that is kept. */
export interface LayerHead {
  readonly digest: string;
  readonly download: number;
  readonly diffId: string;
  readonly owners: readonly Owner[];
  readonly unreadClaims: number;
  readonly leftOutClaims: number;
  readonly claims: readonly ClaimHead[];
  readonly lengths: {
    readonly paths: PathLengths;
    readonly entries: number;
    readonly links: number;
    readonly claimedPaths: PathLengths;
  };
}

/** The head of an index, for `JSON.stringify`. */
export function headOf(index: LayerIndex): LayerHead & { readonly version: number } {
  const { digest, download, diffId, owners, unreadClaims, leftOutClaims } = index;
  const { paths, entries, links, claims, claimedPaths } = index;
  const lengths = {
    paths: lengthsOf(paths),
    entries: entries.paths.length,
    links: links.entries.length,
    claimedPaths: lengthsOf(claimedPaths),
  };
  const layer = {
    version: LAYER_INDEX_VERSION,
    digest,
    download,
    diffId,
    owners,
    unreadClaims,
    leftOutClaims,
  };
  return { ...layer, lengths, claims: claims.map(claimHead) };
}

function lengthsOf({ parents, names }: Paths): PathLengths {
  return { paths: parents.length, names: names.ends.length, nameBytes: names.bytes.length };
}

function claimHead({ files, ...claim }: PackageClaim): ClaimHead {
  return files === undefined ? claim : { ...claim, files: files.length };
}

/**
 * Reads a head; undefined when it is of another version.
 * @throws Error when it is anything else, or of a layer beyond the limits.
 */
export function parseHead(text: string, limits: LayerLimits): LayerHead | undefined {
  const head = asRecord(JSON.parse(text));
  if (head.version !== LAYER_INDEX_VERSION) return undefined;
  const lengths = asRecord(head.lengths);
  const claims = asList(head.claims).map(parseClaim);
  const most = mostOf(limits);
  atMost(claims.length, limits.claims);
  atMost(sum(claims.map(({ files = 0 }) => files)), most.claimedPaths.paths);
  return {
    digest: textOf(head.digest),
    download: atMost(head.download, Number.MAX_SAFE_INTEGER),
    diffId: textOf(head.diffId),
    owners: asList(head.owners).slice(0, limits.owners).map(parseOwner),
    unreadClaims: atMost(head.unreadClaims, limits.entries),
    leftOutClaims: atMost(head.leftOutClaims, limits.entries),
    claims,
    lengths: {
      paths: parseLengths(lengths.paths, most.paths),
      entries: atMost(lengths.entries, limits.entries),
      links: atMost(lengths.links, limits.entries),
      claimedPaths: parseLengths(lengths.claimedPaths, most.claimedPaths),
    },
  };
}

/** The limit of claims is checked before a path is added, not while it is. */
function mostOf({ entries, names, claimedPaths, claimedNames }: LayerLimits) {
  const paths = claimedPaths + LONGEST_CLAIMED_PATH;
  return {
    paths: { paths: entries, names: entries, nameBytes: names },
    claimedPaths: { paths, names: paths, nameBytes: claimedNames + LONGEST_CLAIMED_PATH },
  };
}

function parseLengths(value: unknown, most: PathLengths): PathLengths {
  const { paths, names, nameBytes } = asRecord(value);
  return {
    paths: atMost(paths, most.paths),
    names: atMost(names, most.names),
    nameBytes: atMost(nameBytes, most.nameBytes),
  };
}

function parseOwner(value: unknown): Owner {
  const { uid, gid } = asRecord(value);
  if (typeof uid !== "number" || typeof gid !== "number") throw new Error("an owner is none");
  return { uid, gid };
}

function parseClaim(value: unknown): ClaimHead {
  const { type, name, version, source, files, folder, relations } = asRecord(value);
  const known = PACKAGE_TYPES.find((candidate) => candidate === type);
  if (known === undefined) throw new Error("a package is of no known type");
  return {
    type: known,
    source: wholeNumber(source),
    ...(name !== undefined && { name: textOf(name) }),
    ...(version !== undefined && { version: textOf(version) }),
    ...(files !== undefined && { files: wholeNumber(files) }),
    ...(folder !== undefined && { folder: wholeNumber(folder) }),
    ...(relations !== undefined && { relations: parseRelations(relations) }),
  };
}

function parseRelations(value: unknown): PackageRelations {
  const { requires, provides, isAutomatic } = asRecord(value);
  return {
    ...(requires !== undefined && { requires: asList(requires).map(textOf) }),
    ...(provides !== undefined && { provides: asList(provides).map(textOf) }),
    ...(isAutomatic === true && { isAutomatic }),
  };
}

function wholeNumber(value: unknown): number {
  return atMost(value, Number.MAX_SAFE_INTEGER);
}

function atMost(value: unknown, most: number): number {
  const isWhole = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  if (!isWhole || value > most) throw new Error("a number is none, or beyond its limit");
  return value;
}

function textOf(value: unknown): string {
  if (typeof value !== "string") throw new Error("a text is none");
  return value;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
