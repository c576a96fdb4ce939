type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A column for reading. */
export interface Numbers {
  readonly length: number;
  /** The number at an index below `length`. */
  at(index: number): number;
}

/** Numbers of one kind, packed, to which more can be added: a million take no million objects. */
export class Column<T extends NumberArray> implements Numbers {
  readonly #make: (length: number) => T;
  #values: T;
  #length = 0;

  /** `make` gives an array of zeros: `(length) => new Uint32Array(length)`. */
  constructor(make: (length: number) => T) {
    this.#make = make;
    this.#values = make(64);
  }

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) this.#grow(this.#length + 1);
    this.#values[this.#length] = value;
    this.#length++;
  }

  /** Adds many at once. */
  append(values: ArrayLike<number>): void {
    const length = this.#length + values.length;
    if (length > this.#values.length) this.#grow(length);
    this.#values.set(values, this.#length);
    this.#length = length;
  }

  /** What it holds now; a view, good until more is added. */
  view(): ArrayLike<number> {
    return this.#values.subarray(0, this.#length);
  }

  /** A copy of a part of it. */
  slice(start: number, end: number): T {
    const slice = this.#make(end - start);
    slice.set(this.#values.subarray(start, end));
    return slice;
  }

  /** All of it, without spare room. Nothing may be added afterwards. */
  packed(): T {
    const packed = this.slice(0, this.#length);
    release(this.#values);
    this.#values = packed;
    return packed;
  }

  #grow(needed: number): void {
    const smaller = this.#values;
    const bigger = this.#make(Math.max(needed, smaller.length * 2));
    bigger.set(smaller);
    this.#values = bigger;
    release(smaller);
  }
}

/** Frees an array at once, where garbage would heap up until somebody looks for it. */
export function release({ buffer }: NumberArray): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** A column of whole numbers below 2^32. */
export function wholeNumbers(): Column<Uint32Array> {
  return new Column((length) => new Uint32Array(length));
}
