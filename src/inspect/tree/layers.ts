import { type Numbers, wholeNumbers } from "../column.ts";
import { ENTRY_KINDS, type EntryKind, type LayerIndex, type Owner } from "../layer/layer-index.ts";
import { OwnerTable } from "../layer/owner-table.ts";
import { PathTable, ROOT } from "../paths.ts";
import { FolderLists } from "./folder-lists.ts";
import { type ThingKind, ThingLedger, type Traits, type TreeEntries } from "./tree-entries.ts";
import { FileLedger, type TreeFiles } from "./tree-files.ts";

/** All that an image's layers hold, and what of it a container sees. */
export interface ImageTree {
  readonly paths: PathTable;
  /** For each path, the number of the file there plus one; 0: no file, or none any more. */
  readonly filesAt: Numbers;
  /** Every file of every layer, dead ones too. */
  readonly files: TreeFiles;
  /** What is at each path, folders and links too. */
  readonly entries: TreeEntries;
  /** Each owner that a file has, once. */
  readonly owners: readonly Owner[];
  /** For each layer, the path of the tree that each of its own paths is. */
  readonly layerPaths: readonly Uint32Array[];
}

/**
 * Applies layers, lowest first, by the rules of the OCI image specification: a whiteout hides
 * what lower layers have, an opaque folder too and before its own layer's entries, wherever in
 * the archive it stands; a file takes the place of a folder with all in it, a folder that of a
 * file; folders merge. Symbolic links are never followed.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#applying-changesets
 */
export function applyLayers(layers: readonly LayerIndex[]): ImageTree {
  const builder = new ImageTreeBuilder();
  layers.forEach((layer, number) => {
    builder.apply(layer, number);
  });
  return builder.tree();
}

/** Added to the number of a file that the layer which is applied has hidden: no image has as many. */
const HIDDEN = 2 ** 31;

/**
 * Each folder has a list of what may be in it. Emptying a folder takes all of its
 * lists apart, so each step of that is paid for by the entry that put something there: hiding a
 * full folder over and over costs no more than filling it.
 */
class ImageTreeBuilder {
  readonly #paths = new PathTable();
  readonly #files = new FileLedger();
  readonly #things = new ThingLedger();
  readonly #owners = new OwnerTable();
  readonly #layerPaths: Uint32Array[] = [];
  readonly #filesAt = wholeNumbers();
  readonly #lists = new FolderLists();
  /** Paths that have lost a file to the layer that is applied: it may yet write them again. */
  readonly #hidden = wholeNumbers();
  #layer = 0;

  apply(layer: LayerIndex, number: number): void {
    this.#layer = number;
    const paths = this.#paths.takeIn(layer.paths);
    this.#layerPaths.push(paths);
    this.#makeRoom();
    this.#things.begin(number, this.#paths.count);
    this.#makeFolders(layer, paths);
    this.#hide(layer, paths);
    this.#add(layer, paths);
    this.#forgetHidden();
    this.#things.end();
  }

  tree(): ImageTree {
    this.#lists.release();
    this.#files.settleNames(this.#filesAt);
    return {
      paths: this.#paths,
      filesAt: this.#filesAt,
      files: this.#files,
      entries: this.#things,
      owners: this.#owners.packed(),
      layerPaths: this.#layerPaths,
    };
  }

  #makeRoom(): void {
    this.#lists.grow(this.#paths.count);
    while (this.#filesAt.length < this.#paths.count) this.#filesAt.push(0);
  }

  /**
   * Whatever a layer has an entry in is a folder from there on, with an entry or without. What a hard
   * link leads to is nothing that the layer has: an engine looks for it, and makes no folders for it.
   */
  #makeFolders({ paths: { parents }, entries }: LayerIndex, paths: Uint32Array): void {
    const isUsed = new Uint8Array(parents.length);
    const isFolder = new Uint8Array(parents.length);
    entries.paths.forEach((path, entry) => {
      isUsed[path] = 1;
      if (kindOf(entries.kinds[entry]) === "opaque") isFolder[path] = 1;
    });
    // A folder comes before what is in it: from the end, each is known when its turn comes.
    for (let path = parents.length - 1; path > ROOT; path--) {
      if (isUsed[path] === 0) continue;
      isUsed[parents[path] ?? ROOT] = 1;
      isFolder[parents[path] ?? ROOT] = 1;
      if (isFolder[path] === 1) this.#fold(paths[path] ?? ROOT);
    }
  }

  #hide({ entries }: LayerIndex, paths: Uint32Array): void {
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const kind = kindOf(entries.kinds[entry]);
      if (kind !== "whiteout" && kind !== "opaque") continue;
      const path = paths[entries.paths[entry] ?? 0] ?? ROOT;
      if (kind === "whiteout") this.#remove(path);
      this.#empty(path);
    }
  }

  #add(layer: LayerIndex, paths: Uint32Array): void {
    const { entries, links } = layer;
    const owners = layer.owners.map(({ uid, gid }) => this.#owners.intern(uid, gid));
    let link = 0;
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const path = paths[entries.paths[entry] ?? 0] ?? ROOT;
      const traits = {
        mode: entries.modes[entry] ?? 0,
        owner: owners[entries.owners[entry] ?? 0] ?? 0,
      };
      switch (kindOf(entries.kinds[entry])) {
        case "file":
          this.#place(path, "file", traits, this.#newFile(layer, entry, path, traits));
          break;
        case "hardlink":
          this.#link(path, paths[links.targets[link] ?? 0] ?? ROOT, traits);
          link++;
          break;
        case "symlink":
          this.#place(path, "symlink", traits, 0);
          break;
        case "device":
        case "fifo":
          this.#place(path, "other", traits, 0);
          break;
        case "folder":
          this.#fold(path, traits);
          break;
        case "whiteout":
        case "opaque":
        case "other":
          break;
      }
    }
  }

  /** Its number, plus one. */
  #newFile({ entries }: LayerIndex, entry: number, path: number, { mode, owner }: Traits): number {
    const file = this.#files.add({
      bytes: entries.bytes[entry] ?? 0,
      layer: this.#layer,
      path,
      content: entries.contents[entry] ?? 0,
      mode,
      owner,
    });
    return file + 1;
  }

  /** Gives what is at another path one more name; that may be nothing, or no file. */
  #link(path: number, target: number, traits: Traits): void {
    const file = this.#fileAt(target);
    const kind = file === 0 ? this.#things.kindAt(target) : "file";
    this.#place(path, kind === "symlink" || kind === "file" ? kind : "other", traits, file);
  }

  /** Puts something, a file (plus one, else 0) or not, where anything may have been. */
  #place(path: number, kind: Exclude<ThingKind, "nothing">, traits: Traits, file: number): void {
    // First of all, for its only other name may be about to go.
    if (file !== 0) this.#files.gainName(file - 1);
    this.#empty(path);
    this.#replace(path, file);
    this.#things.put(path, kind, traits);
    this.#list(path);
  }

  /** Makes a path a folder, or leaves it one. */
  #fold(path: number, traits?: Traits): void {
    this.#replace(path, 0);
    if (traits === undefined) this.#things.imply(path);
    else this.#things.put(path, "folder", traits);
    this.#list(path);
  }

  /** Puts a file (plus one, or 0) in the place of the one that may be there. */
  #replace(path: number, file: number): void {
    const old = this.#filesAt.at(path);
    this.#filesAt.set(path, file);
    const place = { layer: this.#layer, path };
    if (old >= HIDDEN) this.#files.rewriteName(file, old - HIDDEN - 1, place);
    else if (old !== 0) this.#files.loseNameTo(file, old - 1, place);
  }

  /** Takes away what may be at a path. */
  #remove(path: number): void {
    this.#things.remove(path);
    const file = this.#fileAt(path);
    if (file === 0) return;
    this.#files.loseName(file - 1, this.#layer);
    this.#filesAt.set(path, file + HIDDEN);
    this.#hidden.push(path);
  }

  /** The file (plus one, or 0) that is at a path and not hidden. */
  #fileAt(path: number): number {
    const file = this.#filesAt.at(path);
    return file < HIDDEN ? file : 0;
  }

  #forgetHidden(): void {
    for (let at = 0; at < this.#hidden.length; at++) {
      const path = this.#hidden.at(at);
      const file = this.#filesAt.at(path) - HIDDEN - 1;
      if (file >= 0 && this.#isOlderAndAlive(file)) this.#things.unlink(path);
      this.#filesAt.set(path, this.#fileAt(path));
    }
    this.#hidden.clear();
  }

  #isOlderAndAlive(file: number): boolean {
    return this.#files.layers.at(file) < this.#layer && this.#files.killedBy.at(file) === 0;
  }

  /** Takes all away that is in a folder, and its list of it. */
  #empty(path: number): void {
    if (!this.#lists.hasSome(path)) return;
    const folders = [path];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      this.#lists.take(folder, (child) => {
        this.#remove(child);
        if (this.#lists.hasSome(child)) folders.push(child);
      });
    }
  }

  /** Lists a path in its folder, and that, which may have been hidden, in its own. */
  #list(path: number): void {
    for (let child = path; child !== ROOT; ) {
      const folder = this.#paths.parentOf(child);
      const isThere = this.#things.kindAt(folder) !== "nothing";
      if (!this.#lists.add(child, folder) && isThere) return;
      if (!isThere) this.#things.imply(folder);
      child = folder;
    }
  }
}

function kindOf(number: number | undefined): EntryKind {
  return ENTRY_KINDS[number ?? 0] ?? "other";
}
