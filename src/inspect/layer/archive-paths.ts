import { type PathTable, ROOT } from "../paths.ts";

const SLASH = 0x2f;
const DOT = 0x2e;

/** A path of an archive: the folder that it is in, and where in its bytes its last name stands. */
export interface ArchivePath {
  readonly folder: number;
  readonly nameStart: number;
  readonly nameEnd: number;
}

/**
 * Reads the paths of an archive into a table, as an engine resolves them: from `/` whether they
 * begin with one or not, `..` goes up though never out, empty names and `.` stay.
 */
export class ArchivePaths {
  readonly #table: PathTable;
  /** The folder of the last path and how it was written: most often the next is in it too. */
  #folder = ROOT;
  #folderBytes = new Uint8Array(0);

  constructor(table: PathTable) {
    this.#table = table;
  }

  /** The number of a path. */
  resolve(path: Uint8Array): number {
    const { folder, nameStart, nameEnd } = this.split(path);
    return this.step(folder, path, nameStart, nameEnd);
  }

  /** A path up to its last name, which may be `..`, or empty if the path is `/`. */
  split(path: Uint8Array): ArchivePath {
    const slash = path.lastIndexOf(SLASH);
    // Shorter names may be `.` or `..`, or nothing.
    if (path.length - slash > 3 && this.#isLastFolder(path, slash)) {
      return { folder: this.#folder, nameStart: slash + 1, nameEnd: path.length };
    }
    const found = this.#walk(path);
    this.#folder = found.folder;
    this.#folderBytes = path.slice(0, Math.max(0, found.nameStart - 1));
    return found;
  }

  /** One step down from a folder by a name in `path`; up by `..`; none by nothing. */
  step(folder: number, path: Uint8Array, start: number, end: number): number {
    if (start === end) return folder;
    if (end - start === 2 && path[start] === DOT && path[start + 1] === DOT) {
      return this.#table.parentOf(folder);
    }
    return this.#table.child(folder, this.#table.names.intern(path, start, end));
  }

  #walk(path: Uint8Array): ArchivePath {
    let folder = ROOT;
    let nameStart = 0;
    let nameEnd = 0;
    for (let start = 0; start < path.length; ) {
      const slash = path.indexOf(SLASH, start);
      const end = slash === -1 ? path.length : slash;
      if (end > start && !isDot(path, start, end)) {
        folder = this.step(folder, path, nameStart, nameEnd);
        nameStart = start;
        nameEnd = end;
      }
      start = end + 1;
    }
    return { folder, nameStart, nameEnd };
  }

  #isLastFolder(path: Uint8Array, slash: number): boolean {
    const folder = this.#folderBytes;
    if (folder.length !== slash) return false;
    for (let at = slash - 1; at >= 0; at--) {
      if (folder[at] !== path[at]) return false;
    }
    return true;
  }
}

function isDot(path: Uint8Array, start: number, end: number): boolean {
  return end - start === 1 && path[start] === DOT;
}
