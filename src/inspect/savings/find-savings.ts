import type { PackageWeight } from "../boxes.ts";
import { release } from "../column.ts";
import type { LayerIndex } from "../layer/layer-index.ts";
import type { PackageOwners } from "../packages/owners.ts";
import type { ImageTree } from "../tree/layers.ts";
import { followVersions } from "../tree/versions.ts";
import { buildToolSavings } from "./build-tools.ts";
import { deadSavings } from "./dead-bytes.ts";
import { debianSavings } from "./debian-packages.ts";
import { duplicateSavings } from "./duplicates.ts";
import { largeFileSavings } from "./large-files.ts";
import { LeftoverFinder } from "./leftover-finder.ts";
import { leftoverSavings } from "./leftovers.ts";
import { metadataSavings } from "./metadata-changes.ts";
import type { Saving } from "./saving.ts";
import type { Bounds } from "./saving-sums.ts";

/** Bytes below which nothing is worth a change to a Dockerfile. */
export const LEAST_SAVING = 100_000;

/** The largest of one image; each is looked at again for every Dockerfile that makes it. */
const BOUNDS: Bounds = { least: LEAST_SAVING, most: 200 };

/**
 * All that could be spared of an image, what is most first.
 * @param layers lowest first
 * @param packages those of the tree
 * @param owners who owns which path of it
 */
export function findSavings(
  tree: ImageTree,
  layers: readonly LayerIndex[],
  packages: readonly PackageWeight[],
  owners: PackageOwners,
): readonly Saving[] {
  const versions = followVersions(tree);
  const leftovers = new LeftoverFinder(tree.paths);
  const all = [
    ...metadataSavings(tree, layers, versions, BOUNDS),
    ...deadSavings({ tree, layers, versions, leftovers }, BOUNDS),
    ...leftoverSavings(tree, versions, leftovers, BOUNDS),
    ...duplicateSavings(tree, owners, { versions, leftovers }, BOUNDS),
    ...largeFileSavings(tree, versions),
    ...debianSavings(tree, layers, packages),
    ...buildToolSavings(packages),
  ];
  for (const column of Object.values(versions)) release(column);
  return all
    .filter(({ bytes }) => bytes >= BOUNDS.least)
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, BOUNDS.most);
}
