import { isUtf8 } from "node:buffer";
import { release, wholeNumbers } from "./column.ts";
import { type Names, NameTable, nameBytes, nameText } from "./names.ts";

/** Paths, each kept once, as a tree: path 0 is `/`, every other stands below one with less. */
export interface Paths {
  /** The folder that each path is in. */
  readonly parents: Uint32Array;
  /** The last segment of each path; of `/`, nothing that means anything. */
  readonly lastNames: Uint32Array;
  readonly names: Names;
}

const SLASH = 0x2f;

/** The path `/`. */
export const ROOT = 0;

/** Gives every distinct path a number. A folder always has a lower one than what is in it. */
export class PathTable {
  readonly names = new NameTable();
  readonly #parents = wholeNumbers();
  readonly #lastNames = wholeNumbers();
  /** Open addressing, as in `NameTable`; 0, the root, is in nothing and so marks a free slot. */
  #slots = new Uint32Array(512);
  /** Keeps a hostile archive from choosing paths that all land in one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  constructor() {
    this.#parents.push(ROOT);
    this.#lastNames.push(0);
  }

  /** Paths so far, `/` included. */
  get count(): number {
    return this.#parents.length;
  }

  /** The folder that a path is in; of `/`, itself. */
  parentOf(path: number): number {
    return this.#parents.at(path);
  }

  /** The last segment of a path, by its number in `names`. */
  lastNameOf(path: number): number {
    return this.#lastNames.at(path);
  }

  /** The number of the path `name` in the folder `parent`. */
  child(parent: number, name: number): number {
    const slot = this.#slotOf(parent, name);
    const known = this.#slots[slot];
    if (known) return known;
    const path = this.count;
    this.#slots[slot] = path;
    this.#parents.push(parent);
    this.#lastNames.push(name);
    if (path * 2 > this.#slots.length) this.#rehash();
    return path;
  }

  /** The number of the path `name` in the folder `parent`; undefined when there is none. */
  find(parent: number, name: Uint8Array): number | undefined {
    const number = this.names.find(name);
    return number === undefined
      ? undefined
      : this.#slots[this.#slotOf(parent, number)] || undefined;
  }

  /** The last segment of a path as text. */
  nameOf(path: number): string {
    return nameText(this.names.bytesOf(this.#lastNames.at(path)));
  }

  /** A path as text. See `nameText` for what is not UTF-8. */
  textOf(path: number): string {
    const bytes = this.#bytesOf(path);
    if (isUtf8(bytes)) return nameText(bytes);
    const segments: string[] = [];
    for (let start = 1; start <= bytes.length; ) {
      const slash = bytes.indexOf(SLASH, start);
      const end = slash === -1 ? bytes.length : slash;
      segments.push(nameText(bytes.subarray(start, end)));
      start = end + 1;
    }
    return `/${segments.join("/")}`;
  }

  /** At once, since a path can be made to have very many folders. */
  #bytesOf(path: number): Uint8Array {
    let length = 0;
    for (let at = path; at !== ROOT; at = this.parentOf(at)) {
      length += 1 + this.names.lengthOf(this.lastNameOf(at));
    }
    const bytes = new Uint8Array(Math.max(1, length)).fill(SLASH);
    for (let at = path; at !== ROOT; at = this.parentOf(at)) {
      const name = this.lastNameOf(at);
      length -= this.names.lengthOf(name);
      this.names.copy(name, bytes, length);
      length--;
    }
    return bytes;
  }

  /** Takes the paths of another table in; the answer has this table's number for each of theirs. */
  takeIn(paths: Paths): Uint32Array {
    const names = new Uint32Array(paths.names.ends.length);
    for (let name = 0; name < names.length; name++) {
      names[name] = this.names.intern(nameBytes(paths.names, name));
    }
    const numbers = new Uint32Array(paths.parents.length);
    for (let path = 1; path < numbers.length; path++) {
      const parent = numbers[paths.parents[path] ?? ROOT] ?? ROOT;
      numbers[path] = this.child(parent, names[paths.lastNames[path] ?? 0] ?? 0);
    }
    return numbers;
  }

  /** What was collected. Nothing may be asked or added afterwards. */
  packed(): Paths {
    release(this.#slots);
    return {
      parents: this.#parents.packed(),
      lastNames: this.#lastNames.packed(),
      names: this.names.packed(),
    };
  }

  /** Where a path is, or would be. */
  #slotOf(parent: number, name: number): number {
    let slot = this.#hash(parent, name) & (this.#slots.length - 1);
    for (let path = this.#slots[slot]; path; path = this.#slots[slot]) {
      if (this.#parents.at(path) === parent && this.#lastNames.at(path) === name) break;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return slot;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    for (let path = 1; path < this.count; path++) {
      const hash = this.#hash(this.#parents.at(path), this.#lastNames.at(path));
      let slot = hash & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = path;
    }
    release(this.#slots);
    this.#slots = slots;
  }

  #hash(parent: number, name: number): number {
    const mixed = Math.imul(parent ^ this.#seed, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b);
    return mixed ^ (mixed >>> 15);
  }
}

/** The path that two are, or are in. A folder comes before what is in it. */
export function commonPath(paths: PathTable, one: number, other: number): number {
  let [common, from] = [one, other];
  while (common !== from) {
    if (common > from) common = paths.parentOf(common);
    else from = paths.parentOf(from);
  }
  return common;
}
