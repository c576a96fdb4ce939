import { ENTRY_KINDS, type EntryKind, type LayerIndex } from "../layer/layer-index.ts";
import { ROOT } from "../paths.ts";
import type { ImageTree } from "../tree/layers.ts";
import type { Versions } from "../tree/versions.ts";
import type { FolderHistory } from "./folders.ts";
import { SEVERAL } from "./saving.ts";

/** A question about a layer that wrote files of an earlier one again. */
export interface BesidesRequest {
  /** The layer that is asked about. */
  readonly by: number;
  /** The layer that wrote the files first. */
  readonly maker: number;
  /** Whom it gave them to: only what belongs to them too is told. Undefined, or several: all is. */
  readonly owner: string | undefined;
}

/** What a layer has but files, links and folders of another one. */
export interface FoundBesides {
  /** The outermost files, and folders in which the other layer has nothing. */
  readonly paths: readonly number[];
  /** There is more than is told, or something that has a file of the other layer too. */
  readonly isCut: boolean;
  /** There is nothing at all. */
  readonly isNothing: boolean;
}

/** Paths that are told. */
const MOST_PATHS = 40;

/** To clear the marks of so many paths takes as long as to look at an entry. */
const PATHS_A_STEP = 16;

/** Marks of paths: something of the other layer is there or below it, or only other things are. */
const OWN = 1;
const OTHER = 2;

/** What takes something away, or has an owner that means nothing. */
const WITHOUT_TRAITS: readonly EntryKind[] = ["whiteout", "opaque", "symlink"];

/** https://github.com/opencontainers/runtime-spec/blob/v1.2.0/config-linux.md#default-filesystems */
const MOUNT_POINTS: readonly string[] = ["dev", "proc", "sys"];

/** Entries that are looked at in all; more would take longer than what is said of them is worth. */
const MOST_ENTRIES = 20_000_000;

/** Looks through layers for what they have besides. */
export class BesidesFinder {
  readonly #tree: ImageTree;
  readonly #layers: readonly LayerIndex[];
  readonly #versions: Versions;
  readonly #folders: FolderHistory;
  /** For each layer, the number of its first file in the tree. */
  readonly #firstFiles: readonly number[];
  /** For each file that took one of another's names, and not the last, that other one. */
  readonly #partedFrom: ReadonlyMap<number, number>;
  /** For each path, what the layer that is asked about has there or below it. */
  readonly #marks: Uint8Array;
  #entriesLeft = MOST_ENTRIES;

  constructor(
    tree: ImageTree,
    layers: readonly LayerIndex[],
    versions: Versions,
    folders: FolderHistory,
  ) {
    this.#tree = tree;
    this.#layers = layers;
    this.#versions = versions;
    this.#folders = folders;
    this.#firstFiles = firstFilesOf(tree, layers.length);
    this.#partedFrom = partedFiles(tree);
    this.#marks = new Uint8Array(tree.paths.count);
  }

  /** What a layer has besides what the maker of files wrote first. */
  find({ by, maker, owner }: BesidesRequest): FoundBesides {
    this.#entriesLeft -= 2 * (this.#layers[by]?.entries.kinds.length ?? 0);
    this.#entriesLeft -= this.#marks.length / PATHS_A_STEP;
    if (this.#entriesLeft < 0) return { paths: [], isCut: true, isNothing: false };
    this.#markOwn(maker, by);
    const isAsked = this.#ownersAsked(by, owner);
    const outermost = new Set<number>();
    let [isCut, isNothing] = [false, true];
    this.#eachEntry(by, ({ kind, path, entry }) => {
      if (this.#marks[path] === OWN) return;
      if (kind === "folder" && this.#isOfEngine(by, path)) return;
      isNothing = false;
      if (WITHOUT_TRAITS.includes(kind) || !isAsked(entry)) return;
      const top = this.#outermostOf(path);
      if (top === undefined) return;
      if (kind === "hardlink" && top === path) isCut = true;
      else if (outermost.size < MOST_PATHS) outermost.add(top);
      else isCut = true;
    });
    return { paths: [...outermost], isCut, isNothing };
  }

  /** Folders that an engine leaves in a layer: where it mounts, and those on the way there. */
  #isOfEngine(by: number, path: number): boolean {
    if (this.#folders.leavesAsItIs(by, path)) return true;
    const { paths } = this.#tree;
    return paths.parentOf(path) === ROOT && MOUNT_POINTS.includes(paths.nameOf(path));
  }

  /** Which entries of a layer belong to an owner. What it makes after it has given files away is not. */
  #ownersAsked(layer: number, owner: string | undefined): (entry: number) => boolean {
    const { owners = [], entries } = this.#layers[layer] ?? {};
    if (owner === undefined || owner === SEVERAL) return () => true;
    const asked = owners.map(({ uid, gid }) => `${uid}:${gid}` === owner);
    return (entry) => asked[entries?.owners[entry] ?? 0] === true;
  }

  /** Marks the paths of what a layer has of another, and of the folders above. */
  #markOwn(maker: number, by: number): void {
    const { paths } = this.#tree;
    this.#marks.fill(0);
    this.#marks[ROOT] = OWN;
    this.#eachEntry(by, ({ kind, path, file }) => {
      if (!this.#isOf(maker, kind, path, file)) return;
      for (let at = path; this.#marks[at] !== OWN; at = paths.parentOf(at)) this.#marks[at] = OWN;
    });
  }

  /**
   * The outermost of the folders that a path is in, up to one that the other layer has something in.
   * Undefined where it was found before: each folder is gone through once.
   */
  #outermostOf(path: number): number | undefined {
    const { paths } = this.#tree;
    for (let at = path; ; at = paths.parentOf(at)) {
      if (this.#marks[at] === OTHER) return undefined;
      this.#marks[at] = OTHER;
      if (this.#marks[paths.parentOf(at)] === OWN) return at;
    }
  }

  #isOf(maker: number, kind: EntryKind, path: number, file: number): boolean {
    switch (kind) {
      case "file": {
        const whole = this.#partedFrom.get(file) ?? file;
        const first = this.#versions.firsts[whole] ?? whole;
        return this.#tree.files.layers.at(first) === maker;
      }
      case "symlink":
        return this.#folders.makerOf(path) === maker;
      case "folder":
        return this.#folders.isIn(maker, path, this.#tree);
      default:
        return false;
    }
  }

  #eachEntry(layer: number, onEntry: (met: MetEntry) => void): void {
    const { kinds = [], paths = [] } = this.#layers[layer]?.entries ?? {};
    const treePaths = this.#tree.layerPaths[layer];
    let file = this.#firstFiles[layer] ?? 0;
    for (let entry = 0; entry < kinds.length; entry++) {
      const kind = ENTRY_KINDS[kinds[entry] ?? 0] ?? "other";
      onEntry({ kind, path: treePaths?.[paths[entry] ?? 0] ?? ROOT, file, entry });
      if (kind === "file") file++;
    }
  }
}

/** An entry of a layer: its number, the path of the tree that it is about, and its file if it is one. */
interface MetEntry {
  readonly kind: EntryKind;
  readonly path: number;
  readonly file: number;
  readonly entry: number;
}

/** Files are numbered in the order of the layers and their entries. */
function firstFilesOf({ files }: ImageTree, layers: number): readonly number[] {
  const firsts = Array.from({ length: layers }, () => files.length);
  for (let file = files.length - 1; file >= 0; file--) firsts[files.layers.at(file)] = file;
  return firsts;
}

/** A layer that writes a name of several to a file makes that a file of its own. */
function partedFiles({ files }: ImageTree): ReadonlyMap<number, number> {
  const from = new Map<number, number>();
  for (let file = 0; file < files.length; file++) {
    const part = files.partedBy.at(file) - 1;
    if (part !== -1) from.set(part, file);
  }
  return from;
}
