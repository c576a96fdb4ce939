import { Column, type Numbers, wholeNumbers } from "../column.ts";
import { ROOT } from "../paths.ts";

/** What is at a path. */
export const THING_KINDS = ["nothing", "file", "folder", "symlink", "other"] as const;
export type ThingKind = (typeof THING_KINDS)[number];

/** What a layer did with something that is no regular file. */
export const THING_CHANGES = ["added", "changed", "removed"] as const;

/** What is at each path of an image, files and all else. */
export interface TreeEntries {
  /** What a container sees at a path; of what it does not see any more, what it saw last. */
  lastKindAt(path: number): ThingKind;
  /** What a container sees at a path. */
  kindAt(path: number): ThingKind;
  /** What layers did with folders, symbolic links and devices, and names that they took from files. */
  readonly changes: {
    readonly layers: Numbers;
    readonly paths: Numbers;
    /** Positions in `THING_CHANGES`. */
    readonly changes: Numbers;
    /** What the layer left there or, of what it removed, what that was: positions in `THING_KINDS`. */
    readonly kinds: Numbers;
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
const UNTOLD_MODE = 0x1fff;
const UNTOLD: Traits = { mode: UNTOLD_MODE, owner: 0 };

/** A state is a position in `THING_KINDS`, and these. */
const PRESENT = 8;
/** The layer that is applied has touched the path. */
const TOUCHED = 16;
const KIND_BITS = 7;

/** Traits are kept as one number, the mode in its last bits. */
const MODE_BITS = 13;

/**
 * Follows what is at each path. What a layer did with things that are no files is found when it
 * ends, by what was there before: what it takes away and puts back is not told. A folder is changed
 * by another mode or owner; that others repeat it on the way to what is in it, is nothing.
 */
export class ThingLedger implements TreeEntries {
  readonly changes = {
    layers: new Column((length) => new Uint16Array(length)),
    paths: wholeNumbers(),
    changes: new Column((length) => new Uint8Array(length)),
    kinds: new Column((length) => new Uint8Array(length)),
  };
  readonly #states = new Column((length) => new Uint8Array(length));
  readonly #traits = wholeNumbers();
  /** What was at the paths that the layer touched. */
  readonly #before = {
    paths: wholeNumbers(),
    states: new Column((length) => new Uint8Array(length)),
    traits: wholeNumbers(),
  };
  #layer = 0;

  /** A layer begins, with so many paths. */
  begin(layer: number, paths: number): void {
    this.#layer = layer;
    while (this.#states.length < paths) {
      this.#states.push(NOTHING);
      this.#traits.push(0);
    }
    if (this.#numberAt(ROOT) === NOTHING) this.#set(ROOT, FOLDER, UNTOLD);
  }

  kindAt(path: number): ThingKind {
    return THING_KINDS[this.#numberAt(path)] ?? "nothing";
  }

  lastKindAt(path: number): ThingKind {
    return THING_KINDS[this.#states.at(path) & KIND_BITS] ?? "nothing";
  }

  /** Something is written to a path. */
  put(path: number, kind: Exclude<ThingKind, "nothing">, traits: Traits): void {
    const number = THING_KINDS.indexOf(kind);
    // Files are followed for themselves.
    if (!isFileOrNothing(number) || !isFileOrNothing(this.#numberAt(path))) this.#touch(path);
    this.#set(path, number, traits);
  }

  /** A path is a folder, whether there is an entry for it or not. */
  imply(path: number): void {
    if (this.#numberAt(path) !== FOLDER) this.put(path, "folder", UNTOLD);
  }

  /** What is at a path goes. */
  remove(path: number): void {
    if (!isFileOrNothing(this.#numberAt(path))) this.#touch(path);
    this.#states.set(path, this.#states.at(path) & ~PRESENT);
  }

  /** A file has lost one of its names, and lives on by others. */
  unlink(path: number): void {
    this.#tell(path, "removed", FILE);
  }

  /** A layer ends. */
  end(): void {
    const { paths, states, traits } = this.#before;
    for (let at = 0; at < paths.length; at++) {
      const path = paths.at(at);
      this.#states.set(path, this.#states.at(path) & ~TOUCHED);
      const change = this.#changeSince(path, states.at(at), traits.at(at));
      if (change === undefined) continue;
      this.#tell(path, change, change === "removed" ? seen(states.at(at)) : this.#numberAt(path));
    }
    for (const column of [paths, states, traits]) column.clear();
  }

  #tell(path: number, change: (typeof THING_CHANGES)[number], kind: number): void {
    this.changes.layers.push(this.#layer);
    this.changes.paths.push(path);
    this.changes.changes.push(THING_CHANGES.indexOf(change));
    this.changes.kinds.push(kind);
  }

  #numberAt(path: number): number {
    return seen(this.#states.at(path));
  }

  #set(path: number, kind: number, { mode, owner }: Traits): void {
    this.#states.set(path, kind | PRESENT | (this.#states.at(path) & TOUCHED));
    this.#traits.set(path, owner * 2 ** MODE_BITS + mode);
  }

  #touch(path: number): void {
    const state = this.#states.at(path);
    if ((state & TOUCHED) !== 0) return;
    this.#before.paths.push(path);
    this.#before.states.push(state);
    this.#before.traits.push(this.#traits.at(path));
    this.#states.set(path, state | TOUCHED);
  }

  #changeSince(
    path: number,
    stateBefore: number,
    traitsBefore: number,
  ): (typeof THING_CHANGES)[number] | undefined {
    const kind = this.#numberAt(path);
    const kindBefore = seen(stateBefore);
    if (isFileOrNothing(kind)) return isFileOrNothing(kindBefore) ? undefined : "removed";
    if (isFileOrNothing(kindBefore)) return "added";
    if (kind !== FOLDER || kindBefore !== FOLDER) return "changed";
    const traits = this.#traits.at(path);
    const isTold = modeOf(traits) !== UNTOLD_MODE && modeOf(traitsBefore) !== UNTOLD_MODE;
    return isTold && traits !== traitsBefore ? "changed" : undefined;
  }
}

/** What a container sees of a state. */
function seen(state: number): number {
  return (state & PRESENT) === 0 ? NOTHING : state & KIND_BITS;
}

function modeOf(traits: number): number {
  return traits % 2 ** MODE_BITS;
}

function isFileOrNothing(kind: number): boolean {
  return kind === FILE || kind === NOTHING;
}
