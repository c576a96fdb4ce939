import type { DiveFigures } from "../model/image.ts";
import { fillBoxes, type LayerBox, type PackageWeight, weighPackages } from "./boxes.ts";
import { diveFigures } from "./dive.ts";
import type { LayerIndex } from "./layer/layer-index.ts";
import { ownersOf } from "./packages/owners.ts";
import { findSavings } from "./savings/find-savings.ts";
import type { Saving } from "./savings/saving.ts";
import { biggestFiles, biggestFolders, type Weight } from "./tree/biggest.ts";
import { changesByLayer, type LayerChanges } from "./tree/layer-changes.ts";
import type { ImageTree } from "./tree/layers.ts";
import { type DeadBytes, findWaste, liveBytes } from "./tree/waste.ts";

/**
 * All that is told of an image's content. It depends on its layers alone and names them by number,
 * from 0: which lines made them is found out for each Dockerfile anew.
 */
export interface ImageFacts {
  /** Lowest first. */
  readonly layers: readonly LayerFacts[];
  /** What each of them did. */
  readonly changes: readonly LayerChanges[];
  /** Bytes that a container can see. */
  readonly live: number;
  readonly biggestFiles: readonly Weight[];
  readonly biggestFolders: readonly Weight[];
  readonly waste: readonly DeadBytes[];
  readonly packages: readonly PackageWeight[];
  readonly boxes: readonly LayerBox[];
  /** Files that say more of packages than was read, since they are too large. */
  readonly unreadClaims: number;
  /** The same, since their layer has more of them in all than is read. */
  readonly leftOutClaims: number;
  /** Largest first. */
  readonly savings: readonly Saving[];
  /** What dive would say. */
  readonly dive: DiveFigures;
}

/** What is told of a layer by itself. */
export type LayerFacts = Pick<LayerIndex, "digest" | "diffId" | "unpacked" | "download">;

/** Files and folders that are told by name. */
export const BIGGEST = 12;
/** Dead files that are told by path; the rest is summed. */
const MOST_WASTE_PATHS = 50;

/** Accounts for every byte of an image, of which these are the layers, lowest first. */
export function findFacts(tree: ImageTree, layers: readonly LayerIndex[]): ImageFacts {
  const owners = ownersOf(tree, layers);
  const packages = weighPackages(tree, owners);
  return {
    layers: layers.map(({ digest, diffId, unpacked, download }) => {
      return { digest, diffId, unpacked, download };
    }),
    changes: changesByLayer(tree, layers.length),
    live: liveBytes(tree),
    biggestFiles: biggestFiles(tree, BIGGEST),
    biggestFolders: biggestFolders(tree, BIGGEST),
    waste: findWaste(tree, MOST_WASTE_PATHS),
    packages,
    boxes: fillBoxes(tree, owners),
    unreadClaims: layers.reduce((sum, { unreadClaims }) => sum + unreadClaims, 0),
    leftOutClaims: layers.reduce((sum, { leftOutClaims }) => sum + leftOutClaims, 0),
    savings: findSavings(tree, layers, packages, owners),
    dive: diveFigures(tree, layers),
  };
}
