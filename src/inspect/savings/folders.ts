import { ENTRY_KINDS, type LayerIndex } from "../layer/layer-index.ts";
import type { ImageTree } from "../tree/layers.ts";

/** Owner and permission bits of a folder. */
interface FolderState {
  readonly layer: number;
  readonly owner: string;
  /** As `--chmod` takes it. */
  readonly mode: string;
}

/** What a layer changed of a folder. */
export interface FolderChange {
  readonly path: number;
  /** The layer that was asked for made it. */
  readonly isMade: boolean;
  readonly isOwnerNew: boolean;
  readonly isModeNew: boolean;
  /** Whom it belongs to then. */
  readonly owner: string;
}

const FOLDER = ENTRY_KINDS.indexOf("folder");

/** Folders that are followed; more would take more memory than what is said of them is worth. */
const MOST_FOLDERS = 200_000;

/** Changes of folders that are looked at in all: more would take longer than what is said is worth. */
const MOST_CHANGES = 5_000_000;

/** Which layer made each folder, and which changed it later: what is in it is another matter. */
export class FolderHistory {
  /** For each path, the first layer that has it, plus one; 0: none. */
  readonly #makers: Uint16Array;
  /** Whether there were few enough folders. */
  readonly isWhole: boolean;
  #changesLeft = MOST_CHANGES;
  /** Of folders that are told of, each state that they had, the first first. */
  readonly #states = new Map<number, FolderState[]>();
  /** Paths of those that each layer made, and of those that it gave another owner or mode. */
  readonly #made = new Map<number, number[]>();
  readonly #changed = new Map<number, number[]>();
  /** Paths of the folders in the layer that was asked for last: one layer after the other is. */
  #above: { readonly layer: number; readonly paths: ReadonlySet<number> } | undefined;

  /**
   * @param layers lowest first
   * @param told layers whose folders are to be told of
   */
  constructor(
    tree: ImageTree,
    layers: readonly LayerIndex[],
    told: ReadonlySet<number>,
    most = MOST_FOLDERS,
  ) {
    this.#makers = makersOf(tree);
    const paths = new Set<number>();
    for (const layer of told) addFolders(tree, layers[layer], layer, paths, most);
    this.isWhole = paths.size <= most;
    if (!this.isWhole) return;
    layers.forEach((index, layer) => {
      this.#takeIn(tree, index, layer, paths);
    });
  }

  /** What the folders that a layer made are like once a later one is done. */
  madeBy(layer: number, until: number): readonly FolderState[] {
    return (this.#made.get(layer) ?? []).flatMap((path) => {
      const states = this.#states.get(path) ?? [];
      return states[lastUntil(states, until)] ?? [];
    });
  }

  /**
   * The folders that a layer gave another owner or mode and that another layer has something in. It is
   * quick where what is asked for one layer is asked for at once.
   */
  *changedAbove(by: number, files: number, tree: ImageTree): Generator<FolderChange, void> {
    const changed = this.#changed.get(by) ?? [];
    this.#changesLeft -= changed.length;
    if (changed.length === 0 || this.isTired) return;
    const above = this.#foldersIn(files, tree);
    for (const path of changed) {
      if (!above.has(path)) continue;
      const states = this.#states.get(path) ?? [];
      const at = lastUntil(states, by);
      const [before, after] = [states[at - 1], states[at]];
      if (before === undefined || after === undefined) continue;
      yield {
        path,
        isMade: this.makerOf(path) === files,
        isOwnerNew: before.owner !== after.owner,
        isModeNew: before.mode !== after.mode,
        owner: after.owner,
      };
    }
  }

  /**
   * Whether a layer has a folder as it was before, of those that are told of: some engines put folders on
   * the way to what a step is given into its layer.
   */
  leavesAsItIs(layer: number, path: number): boolean {
    const states = this.#states.get(path) ?? [];
    const at = lastUntil(states, layer);
    return at >= 0 && states[at]?.layer !== layer && this.makerOf(path) < layer;
  }

  /** Whether so much was asked that changes are not told any more. */
  get isTired(): boolean {
    return this.#changesLeft < 0;
  }

  /** Whether a layer has a folder, of those that are told of, or something in it. */
  isIn(layer: number, path: number, tree: ImageTree): boolean {
    return this.#foldersIn(layer, tree).has(path);
  }

  #foldersIn(layer: number, { layerPaths }: ImageTree): ReadonlySet<number> {
    if (this.#above?.layer !== layer) {
      const paths = new Set<number>();
      for (const path of layerPaths[layer] ?? []) {
        if (this.#states.has(path)) paths.add(path);
      }
      this.#above = { layer, paths };
    }
    return this.#above.paths;
  }

  /** The first layer that has a path; -1: none. */
  makerOf(path: number): number {
    return (this.#makers[path] ?? 0) - 1;
  }

  #takeIn(
    { layerPaths }: ImageTree,
    { entries, owners }: LayerIndex,
    layer: number,
    paths: ReadonlySet<number>,
  ): void {
    const ownerTexts = owners.map(({ uid, gid }) => `${uid}:${gid}`);
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const path = layerPaths[layer]?.[entries.paths[entry] ?? 0] ?? 0;
      if (entries.kinds[entry] !== FOLDER || !paths.has(path)) continue;
      const owner = ownerTexts[entries.owners[entry] ?? 0] ?? "0:0";
      this.#add(path, { layer, owner, mode: modeText(entries.modes[entry] ?? 0) });
    }
  }

  /** A state that is the same as before is none. */
  #add(path: number, state: FolderState): void {
    const known = this.#states.get(path);
    if (known === undefined) {
      this.#states.set(path, [state]);
      addTo(this.#made, (this.#makers[path] ?? 0) - 1, path);
      return;
    }
    const last = known.at(-1);
    if (last?.owner === state.owner && last.mode === state.mode) return;
    addTo(this.#changed, state.layer, path);
    known.push(state);
  }
}

/** Each text once: a million folders have few modes. */
const MODE_TEXTS: string[] = [];

function modeText(mode: number): string {
  MODE_TEXTS[mode] ??= mode.toString(8);
  return MODE_TEXTS[mode] ?? "";
}

/** The index of the last state that a layer or one below it has made; -1: none. They are in order. */
function lastUntil(states: readonly FolderState[], layer: number): number {
  let [low, high] = [0, states.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((states[middle]?.layer ?? 0) <= layer) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function addTo(lists: Map<number, number[]>, layer: number, path: number): void {
  const list = lists.get(layer);
  if (list === undefined) lists.set(layer, [path]);
  else list.push(path);
}

function makersOf({ paths, layerPaths }: ImageTree): Uint16Array {
  const makers = new Uint16Array(paths.count);
  layerPaths.forEach((layer, number) => {
    for (const path of layer) makers[path] ||= number + 1;
  });
  return makers;
}

/** Adds the folders of a layer to those that are told of, until there are more than can be followed. */
function addFolders(
  { layerPaths }: ImageTree,
  index: LayerIndex | undefined,
  layer: number,
  folders: Set<number>,
  most: number,
): void {
  const { kinds = [], paths = [] } = index?.entries ?? {};
  for (let entry = 0; entry < kinds.length && folders.size <= most; entry++) {
    if (kinds[entry] === FOLDER) folders.add(layerPaths[layer]?.[paths[entry] ?? 0] ?? 0);
  }
}
