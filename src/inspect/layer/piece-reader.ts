const NEWLINE = 0x0a;
const NOTHING = new Uint8Array(0);

/** Takes bytes that come in pieces by line and by length. */
export class PieceReader {
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** What is left of the last piece. */
  #piece: Uint8Array = NOTHING;

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /**
   * The next line as text, without its end.
   * @throws RangeError when there is none of at most so many bytes.
   */
  async line(mostBytes: number): Promise<string> {
    const parts: Uint8Array[] = [];
    for (let length = 0; length <= mostBytes && (await this.#hasMore()); ) {
      const end = this.#piece.indexOf(NEWLINE);
      const part = this.#take(end === -1 ? this.#piece.length : end);
      parts.push(part.slice());
      length += part.length;
      if (end === -1) continue;
      this.#take(1);
      return Buffer.concat(parts).toString("utf8");
    }
    throw new RangeError("a line has no end");
  }

  /**
   * Fills a column, and gives it.
   * @throws RangeError when there are not as many bytes.
   */
  async fill<T extends ArrayBufferView>(column: T): Promise<T> {
    const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
    for (let at = 0; at < bytes.length; ) {
      if (!(await this.#hasMore())) throw new RangeError("a column is cut off");
      const part = this.#take(Math.min(this.#piece.length, bytes.length - at));
      bytes.set(part, at);
      at += part.length;
    }
    return column;
  }

  /** Whether nothing is left. */
  async isAtEnd(): Promise<boolean> {
    return !(await this.#hasMore());
  }

  /** Gives the rest up. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #take(bytes: number): Uint8Array {
    const part = this.#piece.subarray(0, bytes);
    this.#piece = this.#piece.subarray(bytes);
    return part;
  }

  async #hasMore(): Promise<boolean> {
    while (this.#piece.length === 0) {
      const next = await this.#pieces.next();
      if (next.done === true) return false;
      this.#piece = next.value;
    }
    return true;
  }
}
