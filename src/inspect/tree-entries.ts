import { Column, type Numbers, wholeNumbers } from "./column.ts";
import { ROOT } from "./paths.ts";

/** What is at a path. */
export const THING_KINDS = ["nothing", "file", "folder", "symlink", "other"] as const;
export type ThingKind = (typeof THING_KINDS)[number];

/** What a layer did with something that is no regular file. */
export const THING_CHANGES = ["added", "changed", "removed"] as const;

/** What is at each path of an image, files and all else. */
export interface TreeEntries {
  /** Positions in `THING_KINDS`: for each path, what a container sees there, or else saw last. */
  readonly kinds: Numbers;
  /** For each path, 1 where a container sees something there. */
  readonly present: Numbers;
  /** What layers did with folders, symbolic links and devices, layer after layer. */
  readonly changes: {
    readonly layers: Numbers;
    readonly paths: Numbers;
    /** Positions in `THING_CHANGES`. */
    readonly changes: Numbers;
  };
}

/** Permission bits and owner, which no two folders differ in but by their layer. */
export interface Traits {
  readonly mode: number;
  readonly owner: number;
}

const NOTHING = THING_KINDS.indexOf("nothing");
const FILE = THING_KINDS.indexOf("file");
const FOLDER = THING_KINDS.indexOf("folder");

/** Of a folder that no entry is about: a mode that none has. */
const UNTOLD: Traits = { mode: 0xffff, owner: 0 };

/**
 * Follows what is at each path. What a layer did with things that are no files is found when it
 * ends, by what was there before: what it takes away and puts back is not told. A folder is changed
 * by another mode or owner; that others repeat it on the way to what is in it, is nothing.
 */
export class ThingLedger implements TreeEntries {
  readonly kinds = new Column((length) => new Uint8Array(length));
  readonly present = new Column((length) => new Uint8Array(length));
  readonly changes = {
    layers: new Column((length) => new Uint16Array(length)),
    paths: wholeNumbers(),
    changes: new Column((length) => new Uint8Array(length)),
  };
  readonly #modes = new Column((length) => new Uint16Array(length));
  readonly #owners = wholeNumbers();
  /** For each path: the layer that first touched it, plus one. */
  readonly #touchedBy = new Column((length) => new Uint16Array(length));
  #touched: Before[] = [];
  #layer = 0;

  /** A layer begins, with so many paths. */
  begin(layer: number, paths: number): void {
    this.#layer = layer;
    while (this.kinds.length < paths) {
      this.kinds.push(NOTHING);
      this.present.push(0);
      this.#modes.push(0);
      this.#owners.push(0);
      this.#touchedBy.push(0);
    }
    if (this.#kindAt(ROOT) === NOTHING) this.#set(ROOT, FOLDER, UNTOLD);
  }

  /** What is at a path. */
  kindOf(path: number): ThingKind {
    return THING_KINDS[this.#kindAt(path)] ?? "nothing";
  }

  /** Something is written to a path. */
  put(path: number, kind: Exclude<ThingKind, "nothing">, traits: Traits): void {
    const number = THING_KINDS.indexOf(kind);
    // Files are followed for themselves.
    if (!isFileOrNothing(number) || !isFileOrNothing(this.#kindAt(path))) this.#touch(path);
    this.#set(path, number, traits);
  }

  /** A path is a folder, whether there is an entry for it or not. */
  imply(path: number): void {
    if (this.#kindAt(path) !== FOLDER) this.put(path, "folder", UNTOLD);
  }

  /** What is at a path goes. */
  remove(path: number): void {
    if (!isFileOrNothing(this.#kindAt(path))) this.#touch(path);
    this.present.set(path, 0);
  }

  /** A layer ends. */
  end(): void {
    for (const before of this.#touched) {
      const change = this.#changeSince(before);
      if (change === undefined) continue;
      this.changes.layers.push(this.#layer);
      this.changes.paths.push(before.path);
      this.changes.changes.push(THING_CHANGES.indexOf(change));
    }
    this.#touched = [];
  }

  #kindAt(path: number): number {
    return this.present.at(path) === 1 ? this.kinds.at(path) : NOTHING;
  }

  #set(path: number, kind: number, { mode, owner }: Traits): void {
    this.kinds.set(path, kind);
    this.present.set(path, 1);
    this.#modes.set(path, mode);
    this.#owners.set(path, owner);
  }

  #touch(path: number): void {
    if (this.#touchedBy.at(path) === this.#layer + 1) return;
    this.#touchedBy.set(path, this.#layer + 1);
    const kind = this.#kindAt(path);
    this.#touched.push({ path, kind, mode: this.#modes.at(path), owner: this.#owners.at(path) });
  }

  #changeSince(before: Before): (typeof THING_CHANGES)[number] | undefined {
    const kind = this.#kindAt(before.path);
    if (isFileOrNothing(kind)) return isFileOrNothing(before.kind) ? undefined : "removed";
    if (isFileOrNothing(before.kind)) return "added";
    if (kind !== FOLDER || before.kind !== FOLDER) return "changed";
    const mode = this.#modes.at(before.path);
    const isTold = mode !== UNTOLD.mode && before.mode !== UNTOLD.mode;
    const isOther = mode !== before.mode || this.#owners.at(before.path) !== before.owner;
    return isTold && isOther ? "changed" : undefined;
  }
}

/** What was at a path when a layer first touched it. */
interface Before extends Traits {
  readonly path: number;
  readonly kind: number;
}

function isFileOrNothing(kind: number): boolean {
  return kind === FILE || kind === NOTHING;
}
