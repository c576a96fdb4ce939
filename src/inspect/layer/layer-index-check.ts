import type { Paths } from "../paths.ts";
import {
  ENTRY_KINDS,
  type Entries,
  type LayerIndex,
  type Links,
  type PackageClaim,
} from "./layer-index.ts";

const HARDLINK = ENTRY_KINDS.indexOf("hardlink");

/** Whether every number of an index points at something, so that nobody has to ask again. */
export function isConsistent(index: LayerIndex): boolean {
  const { paths, entries, links, owners, claims, claimedPaths } = index;
  return (
    arePaths(paths) &&
    areEntries(entries, paths.parents.length, owners.length) &&
    areLinks(links, entries, paths.parents.length) &&
    arePaths(claimedPaths) &&
    claims.every((claim) => pointsInto(claim, claimedPaths.parents.length))
  );
}

function pointsInto({ source, files, folder = 0 }: PackageClaim, pathCount: number): boolean {
  const isListed = files?.every((path) => path < pathCount) ?? true;
  return source < pathCount && folder < pathCount && isListed;
}

function arePaths({ parents, lastNames, names }: Paths): boolean {
  return (
    parents.length > 0 &&
    lastNames.length === parents.length &&
    parents.every((parent, path) => parent < path || path === 0) &&
    lastNames.every((name, path) => name < names.ends.length || path === 0) &&
    names.ends.every((end, name) => end >= (names.ends[name - 1] ?? 0)) &&
    (names.ends.at(-1) ?? 0) === names.bytes.length
  );
}

function areEntries(entries: Entries, pathCount: number, ownerCount: number): boolean {
  const columns = Object.values(entries);
  return (
    columns.every((column) => column.length === entries.paths.length) &&
    entries.paths.every((path) => path < pathCount) &&
    entries.kinds.every((kind) => kind < ENTRY_KINDS.length) &&
    entries.bytes.every(isWhole) &&
    entries.owners.every((owner) => owner < ownerCount)
  );
}

function isWhole(number: number): boolean {
  return Number.isSafeInteger(number) && number >= 0;
}

/** One for each hard link, in their order. */
function areLinks({ entries, targets }: Links, { kinds }: Entries, pathCount: number): boolean {
  let link = 0;
  const areInOrder = kinds.every((kind, entry) => kind !== HARDLINK || entries[link++] === entry);
  return (
    areInOrder &&
    link === entries.length &&
    targets.length === entries.length &&
    targets.every((path) => path < pathCount)
  );
}
