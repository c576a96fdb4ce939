import { Column, type Numbers, wholeNumbers } from "./column.ts";
import { ENTRY_KINDS, type EntryKind, type LayerIndex } from "./layer-index.ts";
import { PathTable, ROOT } from "./paths.ts";

/** The file system that a container starts with: what is left of all layers, by path. */
export interface ImageTree {
  readonly paths: PathTable;
  /** For each path, the number of the file there plus one; 0: no file, or none any more. */
  readonly filesAt: Numbers;
  /** For each file, which may have several names that are hard links, and may be gone. */
  readonly fileBytes: Numbers;
  /** For each file, the layer that brought it, from 0. */
  readonly fileLayers: Numbers;
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
  return builder.finish();
}

/**
 * Steps are counted over all entries, and nothing is ever taken out: a file that was placed before
 * the last step that emptied one of its folders is gone.
 */
class ImageTreeBuilder {
  readonly #paths = new PathTable();
  #step = 0;
  /** For each path: the file there plus one, or 0; and the step that placed it. */
  readonly #filesAt = wholeNumbers();
  readonly #placedAt = wholeNumbers();
  /** For each path: the last step that took away all that was in it. */
  readonly #emptiedAt = wholeNumbers();
  readonly #fileBytes = new Column((length) => new Float64Array(length));
  readonly #fileLayers = new Column((length) => new Uint16Array(length));

  apply(layer: LayerIndex, number: number): void {
    const paths = this.#paths.takeIn(layer.paths);
    while (this.#filesAt.length < this.#paths.count) {
      this.#filesAt.push(0);
      this.#placedAt.push(0);
      this.#emptiedAt.push(0);
    }
    this.#makeFolders(layer, paths);
    this.#hide(layer, paths);
    this.#add(layer, paths, number);
  }

  finish(): ImageTree {
    // A folder comes before what is in it, so its own folders have passed their end on to it.
    for (let path = 1; path < this.#paths.count; path++) {
      const folderEmptiedAt = this.#emptiedAt.at(this.#paths.parentOf(path));
      if (this.#placedAt.at(path) < folderEmptiedAt) this.#filesAt.set(path, 0);
      this.#emptiedAt.set(path, Math.max(this.#emptiedAt.at(path), folderEmptiedAt));
    }
    return {
      paths: this.#paths,
      filesAt: this.#filesAt,
      fileBytes: this.#fileBytes,
      fileLayers: this.#fileLayers,
    };
  }

  /** Whatever a layer has something in is a folder from there on, with an entry or without. */
  #makeFolders({ paths: { parents } }: LayerIndex, paths: Uint32Array): void {
    for (const parent of parents) this.#filesAt.set(paths[parent] ?? ROOT, 0);
  }

  #hide({ entries }: LayerIndex, paths: Uint32Array): void {
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const kind = kindOf(entries.kinds[entry]);
      if (kind !== "whiteout" && kind !== "opaque") continue;
      // An opaque folder stays, but it is a folder: to files that is the same.
      this.#place(paths[entries.paths[entry] ?? 0] ?? ROOT, 0);
    }
  }

  #add({ entries, links }: LayerIndex, paths: Uint32Array, layer: number): void {
    let link = 0;
    for (let entry = 0; entry < entries.kinds.length; entry++) {
      const path = paths[entries.paths[entry] ?? 0] ?? ROOT;
      switch (kindOf(entries.kinds[entry])) {
        case "file":
          this.#place(path, this.#newFile(entries.bytes[entry] ?? 0, layer));
          break;
        case "hardlink":
          this.#place(path, this.#fileAt(paths[links.targets[link] ?? 0] ?? ROOT));
          link++;
          break;
        case "symlink":
        case "device":
        case "fifo":
          this.#place(path, 0);
          break;
        case "folder":
          this.#filesAt.set(path, 0);
          break;
        case "whiteout":
        case "opaque":
        case "other":
          break;
      }
    }
  }

  #newFile(bytes: number, layer: number): number {
    this.#fileBytes.push(bytes);
    this.#fileLayers.push(layer);
    return this.#fileBytes.length;
  }

  /** Puts a file (plus one, or 0 for none) where anything may have been. */
  #place(path: number, file: number): void {
    this.#step++;
    this.#filesAt.set(path, file);
    this.#placedAt.set(path, this.#step);
    this.#emptiedAt.set(path, this.#step);
  }

  /** The file that a path has now, plus one; 0 when it has none. */
  #fileAt(path: number): number {
    const placedAt = this.#placedAt.at(path);
    for (let folder = path; folder !== ROOT; ) {
      folder = this.#paths.parentOf(folder);
      if (placedAt < this.#emptiedAt.at(folder)) return 0;
    }
    return this.#filesAt.at(path);
  }
}

function kindOf(number: number | undefined): EntryKind {
  return ENTRY_KINDS[number ?? 0] ?? "other";
}
