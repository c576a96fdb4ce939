/**
 * Lets each page of a database file be read once, and values no longer than all of it. In a damaged
 * or hostile file pages name each other in circles, and values lie one over another.
 */
export class DatabasePages {
  readonly #file: Buffer;
  readonly #pageSize: number;
  readonly #seen: Uint8Array;
  #bytesLeft: number;

  /** @throws when a file of pages of this size cannot be. */
  constructor(file: Buffer, pageSize: number) {
    if (pageSize < 512 || pageSize > 65536) throw new Error(`pages of ${pageSize} bytes`);
    this.#file = file;
    this.#pageSize = pageSize;
    this.#bytesLeft = file.length;
    this.#seen = new Uint8Array(Math.ceil(file.length / pageSize));
  }

  /**
   * A page, by its number from 0.
   * @throws when the file has no such page, or it has been read before
   */
  visit(page: number): Buffer {
    if (this.#seen[page] !== 0) throw new Error(`page ${page} is not there, or was read before`);
    this.#seen[page] = 1;
    return this.#file.subarray(page * this.#pageSize, (page + 1) * this.#pageSize);
  }

  /**
   * Counts a value before it is read.
   * @throws when all values together have more bytes than the file
   */
  count(bytes: number): void {
    this.#bytesLeft -= bytes;
    if (bytes < 0 || this.#bytesLeft < 0) throw new Error("values overlap");
  }
}
