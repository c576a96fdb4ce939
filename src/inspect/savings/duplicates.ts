import type { PackageOwners } from "../packages/owners.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { TreeFiles } from "../tree/tree-files.ts";
import { ownVersionsOf, type Versions } from "../tree/versions.ts";
import { FilesByContent } from "./files-by-content.ts";
import type { LeftoverFinder } from "./leftover-finder.ts";
import type { Saving } from "./saving.ts";
import { type Bounds, SavingSums, toldSavings } from "./saving-sums.ts";

/** Bytes of the smallest file that is compared: below, a link would take as much as it spares. */
const LEAST_BYTES = 4096;

/**
 * Live files that have the same bytes as another live one that was there before them, with all their
 * versions and by the layers that wrote the first ones, as long as one can do for the other. Names of one file are no copies, as long
 * as no layer writes each by itself; and what a package brings is for that package to put where it
 * wants. What a container can do without is told as that: of what it had copied, nothing were left.
 */
export function duplicateSavings(
  tree: ImageTree,
  owners: PackageOwners,
  { versions, leftovers }: { readonly versions: Versions; readonly leftovers: LeftoverFinder },
  bounds: Bounds,
): readonly Saving[] {
  const { files, paths } = tree;
  const isCompared = (path: number, bytes: number) =>
    owners.ownerOf(path) === undefined && leftovers.at(path, bytes) === undefined;
  const sums = new SavingSums();
  const oldest = new OldestFiles(tree, versions);
  forEachComparable(files, isCompared, (file) => oldest.add(file));
  forEachComparable(files, isCompared, (file) => {
    const other = oldest.like(file);
    if (other === file || !canReplace(files, file, other)) return;
    const copied = ownVersionsOf(tree, versions, file);
    const twin = ownVersionsOf(tree, versions, other);
    const [layer, laterLayer] = [files.layers.at(twin.first), files.layers.at(copied.first)];
    const isOfOther = files.owners.at(file) !== files.owners.at(other);
    const copy = {
      ...{ path: files.paths.at(file), bytes: copied.bytes, twin: files.paths.at(other) },
      ...(isOfOther && { hasOtherOwner: true as const }),
    };
    sums.add({ rule: "duplicate-content", layer, laterLayer }, copy);
  });
  oldest.release();
  return toldSavings(sums.savings(), paths, bounds);
}

/** Whether one can do for the other: it may be run and read by the same, as nobody else than they are. */
function canReplace({ owners, modes }: TreeFiles, one: number, other: number): boolean {
  const mode = modes.at(one);
  if (mode !== modes.at(other)) return false;
  if (owners.at(one) === owners.at(other)) return true;
  return (mode & RIGHTS_OF_OWNER) === 0 && (mode & FOR_ALL_TO_READ) !== 0;
}

/** To be run as whom it belongs to. */
const RIGHTS_OF_OWNER = 0o6000;
const FOR_ALL_TO_READ = 0o004;

function forEachComparable(
  files: TreeFiles,
  isCompared: (path: number, bytes: number) => boolean,
  visit: (file: number) => void,
): void {
  for (let file = 0; file < files.length; file++) {
    const bytes = files.bytes.at(file);
    if (bytes < LEAST_BYTES || files.killedBy.at(file) !== 0) continue;
    if (isCompared(files.paths.at(file), bytes)) visit(file);
  }
}

/** Finds of files with the same bytes the one whose first version is the oldest. */
class OldestFiles {
  readonly #tree: ImageTree;
  readonly #versions: Versions;
  readonly #known: FilesByContent;

  constructor(tree: ImageTree, versions: Versions) {
    this.#tree = tree;
    this.#versions = versions;
    this.#known = new FilesByContent(tree.files, false);
  }

  add(file: number): void {
    const known = this.#known.get(file);
    if (known === undefined || this.#age(file) < this.#age(known)) this.#known.set(file);
  }

  /** The oldest one that was added with the same bytes as this one: it may be itself. */
  like(file: number): number {
    return this.#known.get(file) ?? file;
  }

  /** Frees its memory at once. Nothing may be asked afterwards. */
  release(): void {
    this.#known.release();
  }

  /** Files are numbered in the order of the layers. */
  #age(file: number): number {
    return ownVersionsOf(this.#tree, this.#versions, file).first;
  }
}
