/** Keeps the first and the last bytes of what passes by, which can be any amount. */
export class BothEnds {
  readonly #head: Buffer;
  readonly #tailLength: number;
  #headLength = 0;
  /** What came after the head; together at least the tail, while there is as much. */
  readonly #tail: Buffer[] = [];
  #tailBytes = 0;
  #length = 0;

  constructor(headLength: number, tailLength: number) {
    this.#head = Buffer.alloc(headLength);
    this.#tailLength = tailLength;
  }

  /** Bytes that passed by. */
  get length(): number {
    return this.#length;
  }

  write(piece: Uint8Array): void {
    const taken = Math.min(piece.length, this.#head.length - this.#headLength);
    this.#head.set(piece.subarray(0, taken), this.#headLength);
    this.#headLength += taken;
    this.#length += piece.length;
    this.#keep(Buffer.from(piece.subarray(taken)));
  }

  /** Bytes from `start` to `end`; undefined when some of them are not there, or no more. */
  read(start: number, end: number): Buffer | undefined {
    if (start < 0 || end < start || end > this.#length) return undefined;
    if (end <= this.#headLength) return this.#head.subarray(start, end);
    const tail = this.#joinedTail();
    const tailStart = this.#length - tail.length;
    if (start >= tailStart) return tail.subarray(start - tailStart, end - tailStart);
    if (tailStart > this.#headLength) return undefined;
    const head = this.#head.subarray(start, this.#headLength);
    return Buffer.concat([head, tail.subarray(0, end - tailStart)]);
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#tail.push(piece);
    this.#tailBytes += piece.length;
    for (let first = this.#tail[0]; first !== undefined; first = this.#tail[0]) {
      if (this.#tailBytes - first.length < this.#tailLength) break;
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
  }

  #joinedTail(): Buffer {
    if (this.#tail.length > 1) this.#tail.splice(0, this.#tail.length, Buffer.concat(this.#tail));
    return this.#tail[0] ?? Buffer.alloc(0);
  }
}
