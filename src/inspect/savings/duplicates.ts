import type { PackageOwners } from "../packages/owners.ts";
import type { ImageTree } from "../tree/layers.ts";
import { allVersionsOf, type Versions } from "../tree/versions.ts";
import { type Saving, SavingSums } from "./saving.ts";

/** Bytes of the smallest file that is compared: below, a link would take as much as it spares. */
const LEAST_BYTES = 4096;

/**
 * Live files that have the same bytes as another live one that came before them, with all their
 * versions and by the layers that wrote the first. Names of one file are no copies; and what a
 * package brings is for that package to put where it wants.
 */
export function duplicateSavings(
  tree: ImageTree,
  owners: PackageOwners,
  versions: Versions,
): readonly Saving[] {
  const { files, paths } = tree;
  const sums = new SavingSums();
  const firsts = new Map<number, number>();
  for (let file = 0; file < files.length; file++) {
    const bytes = files.bytes.at(file);
    if (bytes < LEAST_BYTES || files.killedBy.at(file) !== 0) continue;
    if (owners.ownerOf(files.paths.at(file)) !== undefined) continue;
    const key = keyOf(files.contents.at(file), bytes);
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, file);
      continue;
    }
    if (files.bytes.at(first) !== bytes) continue;
    const copied = allVersionsOf(tree, versions, file);
    const twin = allVersionsOf(tree, versions, first);
    const [one, other] = [files.layers.at(twin.first), files.layers.at(copied.first)];
    const [layer, laterLayer] = one <= other ? [one, other] : [other, one];
    const copy = { path: files.paths.at(file), bytes: copied.bytes, twin: files.paths.at(first) };
    sums.add({ rule: "duplicate-content", layer, laterLayer }, copy);
  }
  return sums.savings(paths);
}

/** As much of both as a whole number holds: 32 bits of the one, 21 of the other. */
function keyOf(contents: number, bytes: number): number {
  return contents * 2 ** 21 + (bytes % 2 ** 21);
}
