import { Column, type Numbers, WideningColumn, wholeNumbers } from "../column.ts";

/**
 * How a file's bytes came to be dead, as `WasteKind` has it: its last name was taken by a file with
 * the same content (`metadata`), by something else (`overwritten`), or by nothing (`deleted`).
 */
export const DEATHS = ["alive", "metadata", "overwritten", "deleted"] as const;
export type Death = (typeof DEATHS)[number];

/**
 * The regular files of all layers of an image, one column a fact, one row a file, numbered in the
 * order of the layers and their entries. A file may have several names, which are hard links, and
 * may be dead.
 */
export interface TreeFiles {
  readonly length: number;
  readonly bytes: Numbers;
  /** The layer that brought it, from 0. */
  readonly layers: Numbers;
  /**
   * The one of its names, a path of the tree, under which it is told: of a dead file the first, of a
   * living one the first that it still has.
   */
  readonly paths: Numbers;
  /** See `Entries.contents`. */
  readonly contents: Numbers;
  /** Permission bits. */
  readonly modes: Numbers;
  /** Positions in `ImageTree.owners`. */
  readonly owners: Numbers;
  /** The layer that took its last name, plus one; 0: it lives. */
  readonly killedBy: Numbers;
  /** Positions in `DEATHS`. */
  readonly deaths: Numbers;
  /** The file that took its last name, plus one; 0: none did. */
  readonly replacedBy: Numbers;
  /** A file with the same content that took one of its names, but not the last, plus one; 0: none. */
  readonly partedBy: Numbers;
  /** 1: it took a name of a file of a layer below, be it the last or not. */
  readonly overwrites: Numbers;
  /** Names that files of a layer above took from files which have others, one row a name. */
  readonly takenNames: {
    readonly files: Numbers;
    readonly paths: Numbers;
    readonly layers: Numbers;
  };
}

/** What is known of a file when it is first met. */
export interface NewFile {
  readonly bytes: number;
  readonly layer: number;
  readonly path: number;
  readonly content: number;
  readonly mode: number;
  readonly owner: number;
}

/** A layer, and a path of the tree that it writes to. */
export interface Place {
  readonly layer: number;
  readonly path: number;
}

/** How a death of a file is numbered. */
export function deathNumber(death: Death): number {
  return DEATHS.indexOf(death);
}

const METADATA = deathNumber("metadata");
const OVERWRITTEN = deathNumber("overwritten");
const DELETED = deathNumber("deleted");

/** Follows files from their birth to the loss of their last name. A file is named by its number. */
export class FileLedger implements TreeFiles {
  readonly bytes = new WideningColumn();
  readonly layers = new WideningColumn();
  readonly paths = wholeNumbers();
  readonly contents = wholeNumbers();
  readonly modes = new Column((length) => new Uint16Array(length));
  readonly owners = new WideningColumn();
  readonly killedBy = new WideningColumn();
  readonly deaths = new Column((length) => new Uint8Array(length));
  readonly replacedBy = new WideningColumn();
  readonly partedBy = new WideningColumn();
  readonly overwrites = new Column((length) => new Uint8Array(length));
  readonly takenNames = {
    files: wholeNumbers(),
    paths: wholeNumbers(),
    layers: new WideningColumn(),
  };
  /** How many names each has now. */
  readonly #names = new WideningColumn();

  get length(): number {
    return this.bytes.length;
  }

  /** A file that has no name yet. */
  add({ bytes, layer, path, content, mode, owner }: NewFile): number {
    this.bytes.push(bytes);
    this.layers.push(layer);
    this.paths.push(path);
    this.contents.push(content);
    this.modes.push(mode);
    this.owners.push(owner);
    this.killedBy.push(0);
    this.deaths.push(0);
    this.replacedBy.push(0);
    this.partedBy.push(0);
    this.overwrites.push(0);
    this.#names.push(0);
    return this.length - 1;
  }

  gainName(file: number): void {
    this.#names.set(file, this.#names.at(file) + 1);
  }

  /** Something that is written to a path takes that name of a file: another file, plus one; or 0. */
  loseNameTo(taker: number, file: number, { layer, path }: Place): void {
    if (this.#loseName(file, layer)) this.#settle(file, taker);
    else this.#part(file, taker);
    this.#noteTaker(taker, file, { layer, path });
  }

  /** A name of a file goes, and nothing comes in its place. */
  loseName(file: number, layer: number): void {
    if (this.#loseName(file, layer)) this.deaths.set(file, DELETED);
  }

  /**
   * A layer writes to a name that it had taken from a file. To whiten out what is then written is
   * how some builders tell that it is written again: what that killed was not deleted.
   */
  rewriteName(taker: number, file: number, { layer, path }: Place): void {
    const isDeletedHere = this.killedBy.at(file) === layer + 1 && this.deaths.at(file) === DELETED;
    if (isDeletedHere) this.#settle(file, taker);
    else this.#part(file, taker);
    this.#noteTaker(taker, file, { layer, path });
  }

  /**
   * Ends all layers: a living file that has lost its first name is told under another, since its
   * bytes are there.
   * @param filesAt as in `ImageTree`
   */
  settleNames(filesAt: Numbers): void {
    for (let path = 0; path < filesAt.length; path++) {
      const file = filesAt.at(path) - 1;
      if (file !== -1 && filesAt.at(this.paths.at(file)) !== file + 1) this.paths.set(file, path);
    }
  }

  #loseName(file: number, layer: number): boolean {
    const names = this.#names.at(file) - 1;
    this.#names.set(file, names);
    if (names === 0) this.killedBy.set(file, layer + 1);
    return names === 0;
  }

  #settle(file: number, taker: number): void {
    const isSame = taker !== 0 && this.#haveSameContent(file, taker - 1);
    this.deaths.set(file, isSame ? METADATA : OVERWRITTEN);
    this.replacedBy.set(file, taker);
  }

  #part(file: number, taker: number): void {
    const isOther = taker !== 0 && taker !== file + 1;
    if (isOther && this.#haveSameContent(file, taker - 1)) this.partedBy.set(file, taker);
  }

  /** What a layer only gives another name is not written by it. */
  #noteTaker(taker: number, file: number, { layer, path }: Place): void {
    const isWritten = taker !== 0 && this.layers.at(taker - 1) === layer;
    if (!isWritten || this.layers.at(file) === layer) return;
    this.overwrites.set(taker - 1, 1);
    if (this.killedBy.at(file) !== 0) return;
    this.takenNames.files.push(file);
    this.takenNames.paths.push(path);
    this.takenNames.layers.push(layer);
  }

  #haveSameContent(one: number, other: number): boolean {
    return (
      this.bytes.at(one) === this.bytes.at(other) &&
      this.contents.at(one) === this.contents.at(other)
    );
  }
}
