import type { LayerIndex } from "../layer/layer-index.ts";
import { commonPath, type PathTable, ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import { DEATHS, type TreeFiles } from "../tree/tree-files.ts";
import type { Versions } from "../tree/versions.ts";
import { BesidesFinder } from "./besides.ts";
import { type FolderChange, FolderHistory } from "./folders.ts";
import { keyOf, RewriteCounts } from "./rewrite-counts.ts";
import {
  type Besides,
  type ChangedFolder,
  type Saving,
  SavingSums,
  SEVERAL,
  type SparedFile,
} from "./saving.ts";

/** What is told of all that was found. */
export interface Bounds {
  /** Bytes below which a saving is left out. */
  readonly least: number;
  /** The largest so many are looked at more closely. */
  readonly most: number;
}

/**
 * Bytes that are there twice since a layer gave files another owner, mode or date. What several layers
 * did to the same files, one after another, is one saving.
 */
export function metadataSavings(
  tree: ImageTree,
  layers: readonly LayerIndex[],
  versions: Versions,
  { least, most }: Bounds,
): readonly Saving[] {
  const sums = new SavingSums();
  const counts = new RewriteCounts(tree, versions);
  const { files } = tree;
  const owners = tree.owners.map(({ uid, gid }) => `${uid}:${gid}`);
  for (let file = 0; file < files.length; file++) {
    const laterLayer = files.killedBy.at(file) - 1;
    if (!isRewritten(tree, file)) continue;
    const first = versions.firsts[file] ?? file;
    const layer = files.layers.at(first);
    counts.add(first, files.layers.at(file), laterLayer);
    sums.add({ rule: "metadata-only", layer, laterLayer }, rewrittenFile(files, file, owners));
  }
  const savings = joined(sums.savings(tree.paths), counts)
    .filter(({ bytes }) => bytes >= least)
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, most)
    // What is asked of one layer is looked up at once.
    .sort((one, other) => one.layer - other.layer);
  if (savings.length === 0) return [];
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

function withParts(saving: Saving, counts: RewriteCounts, found: Partial<Saving>): Saving {
  const known = laterLayersOf(saving);
  const others = counts
    .writersBetween(saving.layer, saving.laterLayer ?? 0)
    .filter((layer) => !known.includes(layer));
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

/** What a layer writes twice is its own archive's doing: no instruction asks for it. */
function isRewritten({ files }: ImageTree, file: number): boolean {
  const isMetadata = DEATHS[files.deaths.at(file)] === "metadata";
  return isMetadata && files.layers.at(file) !== files.killedBy.at(file) - 1;
}

/** With what the file that took its place has. */
function rewrittenFile(files: TreeFiles, file: number, owners: readonly string[]): SparedFile {
  const found = { path: files.paths.at(file), bytes: files.bytes.at(file) };
  const taker = files.replacedBy.at(file) - 1;
  if (taker === -1) return found;
  const owner = owners[files.owners.at(taker)];
  const isOwnerOld = files.owners.at(taker) === files.owners.at(file);
  const isModeOld = files.modes.at(taker) === files.modes.at(file);
  const wasExecutable = (files.modes.at(file) & 0o111) !== 0;
  return {
    ...found,
    ...(wasExecutable && { wasExecutable }),
    ...(owner !== undefined && { owner }),
    ...(isOwnerOld && { isOwnerOld }),
    mode: files.modes.at(taker).toString(8),
    ...(isModeOld && { isModeOld }),
  };
}

/** Makes one of those that are about the same files, each layer's after the other's. */
function joined(savings: readonly Saving[], counts: RewriteCounts): readonly Saving[] {
  const byLayer = Map.groupBy(savings, ({ layer }) => layer);
  return [...byLayer.values()].flatMap((same) => joinedOfLayer(same, counts));
}

function joinedOfLayer(savings: readonly Saving[], counts: RewriteCounts): readonly Saving[] {
  const done: Saving[] = [];
  const inOrder = savings.toSorted((one, other) => (one.laterLayer ?? 0) - (other.laterLayer ?? 0));
  for (const saving of inOrder) {
    const { layer, laterLayer = 0 } = saving;
    const at = done.findIndex((each) => counts.areSame(layer, each.laterLayer ?? 0, laterLayer));
    const before = done[at];
    if (before === undefined) done.push(saving);
    else done[at] = { ...before, ...saving, ...together(before, saving) };
  }
  return done;
}

function together(before: Saving, after: Saving): Pick<Saving, "bytes" | "middleLayers"> {
  return { bytes: before.bytes + after.bytes, middleLayers: laterLayersOf(before) };
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
