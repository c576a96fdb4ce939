/** Keeps the first and the last bytes of what passes by, which can be any amount. */
export class BothEnds {
  readonly #headLength: number;
  readonly #tailLength: number;
  /** Both grow with what is in them: a file may claim to be large and have nothing in it. */
  #head: Buffer = Buffer.alloc(0);
  /** The byte that comes as the nth after the head is at n modulo the tail's length. */
  #ring: Buffer = Buffer.alloc(0);
  #length = 0;

  constructor(headLength: number, tailLength: number) {
    this.#headLength = headLength;
    this.#tailLength = tailLength;
  }

  /** Bytes that passed by. */
  get length(): number {
    return this.#length;
  }

  write(piece: Uint8Array): void {
    const headStart = this.#headEnd();
    const taken = Math.min(piece.length, this.#headLength - headStart);
    if (taken > 0) {
      this.#head = withRoom(this.#head, headStart + taken, this.#headLength);
      this.#head.set(piece.subarray(0, taken), headStart);
    }
    if (taken < piece.length) this.#keep(piece.subarray(taken), this.#length - headStart);
    this.#length += piece.length;
  }

  /** Bytes from `start` to `end`; undefined when some of them are not there, or no more. */
  read(start: number, end: number): Buffer | undefined {
    if (start < 0 || end < start || end > this.#length) return undefined;
    const headEnd = this.#headEnd();
    if (end <= headEnd) return this.#head.subarray(start, end);
    const tailStart = Math.max(headEnd, this.#length - this.#tailLength);
    if (start < tailStart && tailStart > headEnd) return undefined;
    const head = this.#head.subarray(Math.min(start, headEnd), headEnd);
    return Buffer.concat([head, ...this.#tail(Math.max(start - headEnd, 0), end - headEnd)]);
  }

  #headEnd(): number {
    return Math.min(this.#length, this.#headLength);
  }

  /** @param before bytes that came after the head so far */
  #keep(piece: Uint8Array, before: number): void {
    const most = this.#tailLength;
    const bytes = piece.subarray(Math.max(0, piece.length - most));
    if (bytes.length === 0) return;
    const start = (before + piece.length - bytes.length) % most;
    this.#ring = withRoom(this.#ring, Math.min(most, before + piece.length), most);
    const first = bytes.subarray(0, most - start);
    this.#ring.set(first, start);
    this.#ring.set(bytes.subarray(first.length), 0);
  }

  /** What is in the ring, in its two parts. Counts from the end of the head. */
  #tail(start: number, end: number): readonly Buffer[] {
    const from = start % this.#tailLength;
    const to = from + end - start;
    const beyond = Math.max(0, to - this.#tailLength);
    return [this.#ring.subarray(from, to - beyond), this.#ring.subarray(0, beyond)];
  }
}

/** The same bytes, with room for so many. */
function withRoom(bytes: Buffer, wanted: number, most: number): Buffer {
  if (bytes.length >= wanted) return bytes;
  const larger = Buffer.alloc(Math.min(most, Math.max(wanted, 2 * bytes.length)));
  bytes.copy(larger);
  return larger;
}
