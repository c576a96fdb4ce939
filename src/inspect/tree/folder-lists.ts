import { wholeNumbers } from "../column.ts";

/** Ends a list; 0 is a path that is in none. */
const LAST = 0xffffffff;

/**
 * A list for each folder of what may be in it, in two columns. Emptying a folder takes its list
 * apart, so each step of that is paid for by what was put in.
 */
export class FolderLists {
  /** For each path: the first in its list; then the next in the list that it is in. */
  readonly #first = wholeNumbers();
  readonly #next = wholeNumbers();

  /** Gives the memory back. Nothing may be asked or added afterwards. */
  release(): void {
    this.#first.release();
    this.#next.release();
  }

  /** Makes room for so many paths. */
  grow(paths: number): void {
    while (this.#first.length < paths) {
      this.#first.push(0);
      this.#next.push(0);
    }
  }

  /** Whether there is something in a folder's list. */
  hasSome(folder: number): boolean {
    return this.#first.at(folder) !== 0;
  }

  /** Puts a path into its folder's list. Says whether it was not in there. */
  add(path: number, folder: number): boolean {
    if (this.#next.at(path) !== 0) return false;
    this.#next.set(path, this.#first.at(folder) || LAST);
    this.#first.set(folder, path);
    return true;
  }

  /** Takes all out of a folder's list. */
  take(folder: number, onPath: (path: number) => void): void {
    let path = this.#first.at(folder);
    this.#first.set(folder, 0);
    while (path !== 0 && path !== LAST) {
      const next = this.#next.at(path);
      this.#next.set(path, 0);
      onPath(path);
      path = next;
    }
  }
}
