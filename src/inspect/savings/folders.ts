import { ENTRY_KINDS, type LayerIndex } from "../layer/layer-index.ts";
import type { ImageTree } from "../tree/layers.ts";

/** Owner and permission bits of a folder. */
interface FolderState {
  readonly layer: number;
  readonly owner: string;
  readonly mode: number;
}

const FOLDER = ENTRY_KINDS.indexOf("folder");

/** Folders that are followed; more would take more memory than what is said of them is worth. */
const MOST_FOLDERS = 200_000;

/** Which layer made each folder, and which changed it later: what is in it is another matter. */
export class FolderHistory {
  /** For each path, the first layer that has it, plus one; 0: none. */
  readonly #makers: Uint16Array;
  /** Whether there were few enough folders. */
  readonly isWhole: boolean;
  /** Of folders that are told of, each state that they had, the first first. */
  readonly #states = new Map<number, FolderState[]>();

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
    layers.forEach((index, layer) => {
      if (told.has(layer)) addFolders(tree, index, layer, paths);
    });
    this.isWhole = paths.size <= most;
    if (!this.isWhole) return;
    layers.forEach((index, layer) => {
      this.#takeIn(tree, index, layer, paths);
    });
  }

  /** What the folders that a layer made are like once a later one is done. */
  madeBy(layer: number, until: number): readonly FolderState[] {
    return [...this.#states].flatMap(([path, states]) => {
      const state = states.findLast((each) => each.layer <= until);
      return state !== undefined && this.#makers[path] === layer + 1 ? [state] : [];
    });
  }

  /**
   * Paths of the folders that a layer gave another owner or mode, that another layer has files below,
   * and that this one did not make.
   */
  changedAbove(by: number, files: number, { layerPaths }: ImageTree): readonly number[] {
    const above = new Set(layerPaths[files]);
    return [...this.#states].flatMap(([path, states]) => {
      const at = states.findIndex(({ layer }) => layer === by);
      const [old, changed] = [states[at - 1], states[at]];
      const isOther = this.#makers[path] !== files + 1 && above.has(path);
      if (old === undefined || changed === undefined || !isOther) return [];
      return old.mode === changed.mode && old.owner === changed.owner ? [] : [path];
    });
  }

  /** Whether a layer is the first that has a path. */
  isMadeBy(layer: number, path: number): boolean {
    return this.#makers[path] === layer + 1;
  }

  #takeIn(
    { layerPaths }: ImageTree,
    { entries, owners }: LayerIndex,
    layer: number,
    paths: ReadonlySet<number>,
  ): void {
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const path = layerPaths[layer]?.[entries.paths[entry] ?? 0] ?? 0;
      if (entries.kinds[entry] !== FOLDER || !paths.has(path)) continue;
      const { uid = 0, gid = 0 } = owners[entries.owners[entry] ?? 0] ?? {};
      const state = { layer, owner: `${uid}:${gid}`, mode: entries.modes[entry] ?? 0 };
      const known = this.#states.get(path);
      if (known === undefined) this.#states.set(path, [state]);
      else known.push(state);
    }
  }
}

function makersOf({ paths, layerPaths }: ImageTree): Uint16Array {
  const makers = new Uint16Array(paths.count);
  layerPaths.forEach((layer, number) => {
    for (const path of layer) makers[path] ||= number + 1;
  });
  return makers;
}

/** Adds the folders of a layer to those that are told of. */
function addFolders(
  { layerPaths }: ImageTree,
  { entries: { kinds, paths } }: LayerIndex,
  layer: number,
  folders: Set<number>,
): void {
  for (let entry = 0; entry < kinds.length; entry++) {
    if (kinds[entry] === FOLDER) folders.add(layerPaths[layer]?.[paths[entry] ?? 0] ?? 0);
  }
}
