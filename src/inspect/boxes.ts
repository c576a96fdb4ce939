import type { PackageType } from "../model/image.ts";
import { type Column, wholeNumbers } from "./column.ts";
import { packageUrl } from "./package-url.ts";
import type { PackageOwners } from "./packages/owners.ts";
import { type PathTable, ROOT } from "./paths.ts";
import type { ImageTree } from "./tree/layers.ts";

/** What `Box` tells, before the lines of the layers are known. */
export interface LayerBox {
  /** From 0. */
  readonly layer: number;
  readonly box: string;
  readonly bytes: number;
}

/** What `InstalledPackage` tells, before the lines of the layers are known. */
export interface PackageWeight {
  readonly type: PackageType;
  readonly name: string;
  readonly version: string;
  /** Live. */
  readonly bytes: number;
  /** The layer that brought most of it, from 0. */
  readonly layer: number;
}

/**
 * How much of a folder's path names its box. `/usr/local/lib` and `/home/user/project` tell what
 * is there; two names would put all of `/usr/local` into one box, and all of them would make so
 * many boxes that none says anything.
 */
const FOLDER_NAMES = 3;

/** Boxes, and packages, of one image. Far above what images in use have. */
const MOST_TOLD = 5000;

/**
 * Puts every byte of every layer, dead ones too, into one box: a layer, and the package that the
 * file belongs to, else the folder that it is in: see `TreeFiles.paths`. Largest first. Of more
 * than so many boxes, the smallest are emptied into that of `/`: whoever fills an image fills no report.
 */
export function fillBoxes(
  tree: ImageTree,
  owners: PackageOwners,
  most = MOST_TOLD,
): readonly LayerBox[] {
  const { files, paths } = tree;
  const folders = boxFolders(paths);
  const fileOwners = ownersOfFiles(tree, owners);
  const ofPackages = new SumsByLayer();
  const ofFolders = new SumsByLayer();
  for (let file = 0; file < files.length; file++) {
    const owner = fileOwners.at(file) - 1;
    const sums = owner === -1 ? ofFolders : ofPackages;
    const thing = owner === -1 ? folders.at(paths.parentOf(files.paths.at(file))) : owner;
    sums.add(thing, files.layers.at(file), files.bytes.at(file));
  }
  folders.release();
  fileOwners.release();
  const boxes = [
    ...ofPackages.rows().map(([owner, row]) => ({ ...row, box: urlOf(owners, owner) })),
    ...ofFolders.rows().map(([folder, row]) => ({ ...row, box: paths.textOf(folder) })),
  ];
  const keyOf = ({ layer, box }: LayerBox) => `${layer} ${box}`;
  const all = largestFirst(merged(boxes, keyOf));
  const rest = all.slice(most).map((box) => ({ ...box, box: "/" }));
  return largestFirst(merged([...all.slice(0, most), ...rest], keyOf));
}

/**
 * The packages of which a container can see something, the largest, largest first. The same version
 * in several places is told once.
 */
export function weighPackages(
  tree: ImageTree,
  owners: PackageOwners,
  most = MOST_TOLD,
): readonly PackageWeight[] {
  const { files } = tree;
  const fileOwners = ownersOfFiles(tree, owners);
  const sums = new SumsByLayer();
  for (let file = 0; file < files.length; file++) {
    const owner = files.killedBy.at(file) === 0 ? fileOwners.at(file) - 1 : -1;
    if (owner !== -1) sums.add(owner, files.layers.at(file), files.bytes.at(file));
  }
  fileOwners.release();
  const weights = sums.rows().flatMap(([owner, row]) => {
    const installed = owners.packages[owner];
    if (installed === undefined) return [];
    const { type, name, version } = installed;
    return [{ type, name, version, ...row, box: urlOf(owners, owner) }];
  });
  const byLayer = merged(weights, ({ layer, box }) => `${layer} ${box}`);
  // The first of a package is the layer that has most of it.
  const packages = merged(largestFirst(byLayer), ({ box }) => box);
  const largest = largestFirst(packages).slice(0, most);
  return largest.map(({ box: _box, ...weight }) => weight);
}

/**
 * For each file, the package that it belongs to, plus one; 0: none. A name elsewhere does not take
 * a file out of its package: where the first is in none, the others that it still has are asked.
 */
function ownersOfFiles({ files, filesAt }: ImageTree, owners: PackageOwners): Column<Uint32Array> {
  const found = wholeNumbers();
  for (let file = 0; file < files.length; file++) {
    found.push((owners.ownerOf(files.paths.at(file)) ?? -1) + 1);
  }
  for (let path = 0; path < filesAt.length; path++) {
    const file = filesAt.at(path) - 1;
    if (file !== -1 && found.at(file) === 0) found.set(file, (owners.ownerOf(path) ?? -1) + 1);
  }
  return found;
}

/** For each path, the folder that names the box of what is in it. */
function boxFolders(paths: PathTable): Column<Uint32Array> {
  const folders = wholeNumbers();
  const depths = wholeNumbers();
  folders.push(ROOT);
  depths.push(0);
  // A folder comes before what is in it.
  for (let path = 1; path < paths.count; path++) {
    const parent = paths.parentOf(path);
    const depth = depths.at(parent) + 1;
    folders.push(depth > FOLDER_NAMES ? folders.at(parent) : path);
    depths.push(depth);
  }
  depths.release();
  return folders;
}

function urlOf({ packages }: PackageOwners, owner: number): string {
  const installed = packages[owner];
  if (installed === undefined) throw new Error(`there is no package ${owner}`);
  return packageUrl(installed.type, installed.name, installed.version);
}

/** Bytes of things that are named by numbers, by layer. */
class SumsByLayer {
  readonly #layers: Map<number, number>[] = [];

  add(thing: number, layer: number, bytes: number): void {
    while (this.#layers.length <= layer) this.#layers.push(new Map());
    const sums = this.#layers[layer];
    sums?.set(thing, (sums.get(thing) ?? 0) + bytes);
  }

  /** Without those of no bytes. */
  rows(): readonly (readonly [number, { readonly layer: number; readonly bytes: number }])[] {
    return this.#layers.flatMap((sums, layer) =>
      [...sums].flatMap(([thing, bytes]) =>
        bytes === 0 ? [] : [[thing, { layer, bytes }] as const],
      ),
    );
  }
}

/** Adds up those with the same key; all else is as it is in the first of them. */
function merged<T extends { readonly bytes: number }>(
  items: readonly T[],
  keyOf: (item: T) => string,
): readonly T[] {
  const sums = new Map<string, T>();
  for (const item of items) {
    const key = keyOf(item);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? item : { ...sum, bytes: sum.bytes + item.bytes });
  }
  return [...sums.values()];
}

function largestFirst<T extends { readonly bytes: number }>(items: readonly T[]): readonly T[] {
  return items.toSorted((one, other) => other.bytes - one.bytes);
}
