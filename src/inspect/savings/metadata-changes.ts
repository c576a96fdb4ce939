import type { LayerIndex } from "../layer/layer-index.ts";
import { commonPath, type PathTable, ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import { DEATHS } from "../tree/tree-files.ts";
import type { Versions } from "../tree/versions.ts";
import { BesidesFinder } from "./besides.ts";
import { type FolderChange, FolderHistory } from "./folders.ts";
import { joinedSavings } from "./joined-savings.ts";
import { keyOf } from "./rewrite-counts.ts";
import { type Besides, type ChangedFolder, type Saving, SEVERAL } from "./saving.ts";
import { type Bounds, toldSavings } from "./saving-sums.ts";
import { TraitCounts } from "./trait-counts.ts";

/**
 * Bytes that are there twice since a layer gave files another owner, mode or date. What several layers
 * did to the same files, one after another, is one saving. Only those that are told are looked at more
 * closely.
 */
export function metadataSavings(
  tree: ImageTree,
  layers: readonly LayerIndex[],
  versions: Versions,
  bounds: Bounds,
): readonly Saving[] {
  const joined = joinedSavings(tree, versions);
  // What is asked of one layer is looked up at once.
  const savings = toldSavings(joined, tree.paths, bounds).toSorted((one, other) => {
    return one.layer - other.layer;
  });
  if (savings.length === 0) return [];
  const counts = new TraitCounts(tree, versions, savings);
  const told = new Set(savings.flatMap((saving) => [saving.layer, ...laterLayersOf(saving)]));
  const folders = new FolderHistory(tree, layers, told);
  if (!folders.isWhole) return savings.map((saving) => withParts(saving, counts, UNFOLLOWED));
  const own = foldersOf(savings, tree, versions, folders);
  const finder = new BesidesFinder(tree, layers, versions, folders);
  return savings.map((saving, at) => {
    const besides = besidesWords(saving, own[at] ?? ROOT, { tree, finder, folders });
    return withParts(saving, counts, { ...folderWords(saving, folders, tree), ...besides });
  });
}

/** Of folders that are too many to be followed. */
const UNFOLLOWED = { folderOwner: SEVERAL, folderMode: SEVERAL };

function withParts(saving: Saving, counts: TraitCounts, found: Partial<Saving>): Saving {
  const known = laterLayersOf(saving);
  const others = counts.writersBetween(saving).filter((layer) => !known.includes(layer));
  return {
    ...saving,
    ...(counts.isPartOf(saving) && { isPartial: true as const }),
    ...(others.length > 0 && { otherLayers: others }),
    ...found,
  };
}

/** The layers that changed something of what the first one wrote, in order. */
function laterLayersOf({ middleLayers = [], laterLayer }: Saving): readonly number[] {
  return [...middleLayers, ...(laterLayer === undefined ? [] : [laterLayer])];
}

/** Of folders that a later layer changed, so many are kept. */
const MOST_FOLDERS = 20;

function folderWords(
  saving: Saving,
  folders: FolderHistory,
  tree: ImageTree,
): Pick<Saving, "folderOwner" | "folderMode" | "foldersGetMode"> {
  const { layer, laterLayer = 0 } = saving;
  const made = folders.madeBy(layer, laterLayer);
  const owner = common(made.map((state) => state.owner));
  const mode = common(made.map((state) => state.mode));
  const getMode =
    saving.mode !== undefined &&
    laterLayersOf(saving).some((by) => {
      const changes = folders.changedAbove(by, layer, tree);
      return changes.some(({ isMade, isModeNew }) => isMade && isModeNew) || folders.isTired;
    });
  return {
    ...(owner !== undefined && { folderOwner: owner }),
    ...(mode !== undefined && { folderMode: mode }),
    ...(getMode && { foldersGetMode: true as const }),
  };
}

interface Looked {
  readonly tree: ImageTree;
  readonly finder: BesidesFinder;
  readonly folders: FolderHistory;
}

/** @param folder a path that holds all files of the saving */
function besidesWords(
  saving: Saving,
  folder: number,
  { tree, finder, folders }: Looked,
): Pick<Saving, "besides" | "isSole" | "ownFolder"> {
  const { layer: maker, owner } = saving;
  const found = laterLayersOf(saving).map((by) => {
    // One more than are kept tells that there are more.
    const changed = otherFolders(saving, folders.changedAbove(by, maker, tree), tree.paths);
    return {
      ...finder.find({ by, maker, owner }),
      changed: changed.take(MOST_FOLDERS + 1).toArray(),
    };
  });
  const besides = found.map(({ paths, isCut, changed }): Besides => {
    const isMore = isCut || changed.length > MOST_FOLDERS || folders.isTired;
    return {
      folders: changed.slice(0, MOST_FOLDERS),
      paths: paths.map((path) => tree.paths.textOf(path)),
      ...(isMore && { isCut: true as const }),
    };
  });
  const isSome = besides.some(({ folders: some, paths, isCut }) => {
    return some.length + paths.length > 0 || isCut === true;
  });
  return {
    ...(isSome && { besides }),
    ...(found.every(({ isNothing }) => isNothing) && { isSole: true as const }),
    ...(!besides.some(({ isCut }) => isCut) && { ownFolder: tree.paths.textOf(folder) }),
  };
}

/** What became of folders otherwise than of the files: a copy with flags does not do that. */
function* otherFolders(
  saving: Saving,
  changes: Iterable<FolderChange>,
  paths: PathTable,
): Generator<ChangedFolder, void> {
  for (const { path, isMade, isOwnerNew, isModeNew, owner } of changes) {
    const isOwnerOther = isOwnerNew && !(isMade && owner === saving.owner);
    // A copy is only given a mode that all folders have which it makes: see `folderMode`.
    const isModeOther = isModeNew && !(isMade && saving.mode !== undefined);
    if (!isOwnerOther && !isModeOther) continue;
    yield {
      path: paths.textOf(path),
      ...(isOwnerOther && { isOwnerNew: true as const }),
      ...(isModeOther && { isModeNew: true as const }),
    };
  }
}

/** What all are; `SEVERAL` where they are not the same, undefined where there are none. */
function common(values: readonly string[]): string | undefined {
  const [first, ...others] = values;
  return others.every((value) => value === first) ? first : SEVERAL;
}

/** For each saving, the folder that holds all of its files, or the outermost one that came with them. */
function foldersOf(
  savings: readonly Saving[],
  { files, paths }: ImageTree,
  { firsts }: Versions,
  folders: FolderHistory,
): readonly number[] {
  const keys = savings.map(({ layer, laterLayer = 0 }) => keyOf(layer, laterLayer));
  const found = new Map<number, number | undefined>(keys.map((key) => [key, undefined]));
  for (let file = 0; file < files.length; file++) {
    const layer = files.layers.at(firsts[file] ?? file);
    const key = keyOf(layer, files.killedBy.at(file) - 1);
    if (!found.has(key) || DEATHS[files.deaths.at(file)] !== "metadata") continue;
    const folder = paths.parentOf(files.paths.at(file));
    found.set(key, commonPath(paths, folder, found.get(key) ?? folder));
  }
  return savings.map(({ layer }, at) => {
    let folder = found.get(keys[at] ?? 0) ?? ROOT;
    while (folder !== ROOT && folders.makerOf(paths.parentOf(folder)) === layer) {
      folder = paths.parentOf(folder);
    }
    return folder;
  });
}
