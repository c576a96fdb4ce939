import { ENTRY_KINDS, type LayerIndex } from "../layer/layer-index.ts";
import { ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { FolderHistory } from "./folders.ts";

/** What a layer has in a folder and below it, beside folders. */
interface Content {
  files: number;
  /** The layers that made its symbolic links first. */
  readonly linkMakers: Set<number>;
  hasOthers: boolean;
}

/** A question about what layers have. */
export interface AskedContent {
  /** The layer that is asked about. */
  readonly by: number;
  /** The path of a folder. */
  readonly folder: number;
  /** The layer whose files they are expected to be. */
  readonly maker: number;
  /** How many of them there are. */
  readonly files: number;
}

/** Tells whether layers have anything in some folders but what is known of. */
export class LayerContents {
  readonly #tree: ImageTree;
  readonly #folders: FolderHistory;
  /** The folders that are asked about: a folder comes before those in it, `/` is the first. */
  readonly #numbers: ReadonlyMap<number, number>;
  /** For each path, the number of the innermost folder that it is or is in. */
  readonly #innermost: Uint16Array;
  /** For each number, that of the folder around it. */
  readonly #outer: Uint16Array;
  readonly #contents: ReadonlyMap<number, readonly Content[]>;

  /** @param asked what may be asked: at most so many folders as 16 bits can number */
  constructor(
    tree: ImageTree,
    layers: readonly LayerIndex[],
    folders: FolderHistory,
    asked: readonly Pick<AskedContent, "by" | "folder">[],
  ) {
    this.#tree = tree;
    this.#folders = folders;
    const paths = new Set([ROOT, ...asked.map(({ folder }) => folder)]);
    const inOrder = [...paths].sort((one, other) => one - other);
    this.#numbers = new Map(inOrder.map((path, number) => [path, number]));
    this.#outer = new Uint16Array(inOrder.length);
    this.#innermost = this.#findInnermost();
    const told = [...new Set(asked.map(({ by }) => by))];
    this.#contents = new Map(told.map((layer) => [layer, this.#contentsOf(layer, layers[layer])]));
  }

  /** Whether a layer has nothing there but files, links and folders of another one. */
  hasOnly({ by, folder, maker, files }: AskedContent): boolean {
    const number = this.#numbers.get(folder) ?? 0;
    const content = this.#contents.get(by)?.[number];
    if (content === undefined || content.hasOthers || content.files !== files) return false;
    if ([...content.linkMakers].some((layer) => layer !== maker)) return false;
    const isThere = (path: number) => this.#isIn(path, number);
    return !this.#folders.hasOthers(by, maker, this.#tree, isThere);
  }

  /** A folder comes before what is in it. */
  #findInnermost(): Uint16Array {
    const { paths } = this.#tree;
    const innermost = new Uint16Array(paths.count);
    for (let path = ROOT + 1; path < innermost.length; path++) {
      const around = innermost[paths.parentOf(path)] ?? 0;
      const number = this.#numbers.get(path);
      innermost[path] = number ?? around;
      if (number !== undefined) this.#outer[number] = around;
    }
    return innermost;
  }

  #isIn(path: number, number: number): boolean {
    let at = this.#innermost[path] ?? 0;
    while (at > number) at = this.#outer[at] ?? 0;
    return at === number;
  }

  #contentsOf(layer: number, index: LayerIndex | undefined): readonly Content[] {
    const contents = Array.from(this.#outer, (): Content => {
      return { files: 0, linkMakers: new Set(), hasOthers: false };
    });
    const { kinds = [], paths = [] } = index?.entries ?? {};
    for (let entry = 0; entry < kinds.length; entry++) {
      const path = this.#tree.layerPaths[layer]?.[paths[entry] ?? 0] ?? ROOT;
      const content = contents[this.#innermost[path] ?? 0];
      if (content !== undefined) this.#count(content, kinds[entry] ?? 0, path);
    }
    // What is in a folder comes after it: from the end, each is complete when its turn comes.
    for (let number = contents.length - 1; number > 0; number--) {
      const [outer, inner] = [contents[this.#outer[number] ?? 0], contents[number]];
      if (outer !== undefined && inner !== undefined) addTo(outer, inner);
    }
    return contents;
  }

  #count(content: Content, kind: number, path: number): void {
    switch (ENTRY_KINDS[kind]) {
      case "file":
        content.files++;
        break;
      case "symlink":
        content.linkMakers.add(this.#folders.makerOf(path));
        break;
      case "folder":
        break;
      default:
        content.hasOthers = true;
    }
  }
}

function addTo(outer: Content, inner: Content): void {
  outer.files += inner.files;
  outer.hasOthers ||= inner.hasOthers;
  for (const layer of inner.linkMakers) outer.linkMakers.add(layer);
}
