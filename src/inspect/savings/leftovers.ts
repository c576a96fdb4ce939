import type { ImageTree } from "../tree/layers.ts";
import { allVersionsOf, type Versions } from "../tree/versions.ts";
import type { LeftoverFinder } from "./leftover-finder.ts";
import type { Saving } from "./saving.ts";
import { type Bounds, SavingSums, toldSavings } from "./saving-sums.ts";

/**
 * Live files that a container can most likely do without, with all their versions and by the layer
 * that wrote the first. Whether what lies beside sources came with the build context is for those to
 * say who know the lines.
 */
export function leftoverSavings(
  tree: ImageTree,
  versions: Versions,
  leftovers: LeftoverFinder,
  bounds: Bounds,
): readonly Saving[] {
  const { files, paths, owners } = tree;
  const isNeeded = neededElsewhere(tree, leftovers);
  const sums = new SavingSums();
  for (let file = 0; file < files.length; file++) {
    const isDead = files.killedBy.at(file) !== 0;
    if (isDead || files.bytes.at(file) === 0 || isNeeded[file] === 1) continue;
    const path = files.paths.at(file);
    const leftover = leftovers.at(path, files.bytes.at(file));
    if (leftover === undefined) continue;
    const { rule, folder: subject } = leftover;
    // A cache is written by whom it belongs to; what is copied, most often by nobody that matters.
    const { first, bytes } =
      rule === "context" || isOnlyChanged(tree, versions, file)
        ? allVersionsOf(tree, versions, file)
        : { first: file, bytes: files.bytes.at(file) };
    const { uid = 0, gid = 0 } = owners[files.owners.at(first)] ?? {};
    const owner = rule === "package-cache" && uid !== 0 ? { owner: `${uid}:${gid}` } : {};
    const place = leftovers.placeOf(path, leftover);
    sums.add({ rule, subject, layer: files.layers.at(first) }, { path, bytes, ...owner }, place);
  }
  return toldSavings(sums.savings(), paths, bounds);
}

/**
 * Whether a file has another owner or mode than its first version: who writes all of a cache once more
 * gives it those that it had.
 */
function isOnlyChanged({ files }: ImageTree, { firsts }: Versions, file: number): boolean {
  const first = firsts[file] ?? file;
  const isSame = [files.owners, files.modes].every((trait) => trait.at(first) === trait.at(file));
  return !isSame;
}

/**
 * Which files stay when a folder goes that one of their names is in, since another is not: uv and pnpm
 * install by hard links to their caches.
 */
function neededElsewhere({ files, filesAt }: ImageTree, leftovers: LeftoverFinder): Uint8Array {
  const isNeeded = new Uint8Array(files.length);
  for (let path = 0; path < filesAt.length; path++) {
    const file = filesAt.at(path) - 1;
    if (file === -1 || files.paths.at(file) === path) continue;
    const bytes = files.bytes.at(file);
    const here = leftovers.at(path, bytes)?.folder;
    if (here !== leftovers.at(files.paths.at(file), bytes)?.folder) isNeeded[file] = 1;
  }
  return isNeeded;
}
