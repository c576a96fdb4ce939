/** Whole numbers that are not negative, of one width. */
export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Float64Array;

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

  /** Takes all out of it, and keeps its memory for what comes next. */
  clear(): void {
    this.#length = 0;
  }

  /** Frees its memory at once. Nothing may be read or added afterwards. */
  release(): void {
    release(this.#values);
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

/** Arrays from narrow to wide, with the largest number that each holds. */
const WIDTHS = [
  { most: 2 ** 8 - 1, make: (length: number) => new Uint8Array(length) },
  { most: 2 ** 16 - 1, make: (length: number) => new Uint16Array(length) },
  { most: 2 ** 32 - 1, make: (length: number) => new Uint32Array(length) },
  { most: Number.MAX_SAFE_INTEGER, make: (length: number) => new Float64Array(length) },
] as const;

/**
 * Whole numbers that are most often small: as narrow as the largest of them allows. To widen it costs
 * a copy, three times at most.
 */
export class WideningColumn implements Numbers {
  #width = 0;
  #most: number = WIDTHS[0].most;
  #column = new Column<NumberArray>(WIDTHS[0].make);

  get length(): number {
    return this.#column.length;
  }

  at(index: number): number {
    return this.#column.at(index);
  }

  set(index: number, value: number): void {
    if (value > this.#most) this.#widenFor(value);
    this.#column.set(index, value);
  }

  push(value: number): void {
    if (value > this.#most) this.#widenFor(value);
    this.#column.push(value);
  }

  /** Frees its memory at once. Nothing may be read or added afterwards. */
  release(): void {
    this.#column.release();
  }

  /** All of it, without spare room. Nothing may be added afterwards. */
  packed(): NumberArray {
    return this.#column.packed();
  }

  #widenFor(value: number): void {
    while (value > this.#most) {
      this.#width++;
      this.#most = WIDTHS[this.#width]?.most ?? Number.POSITIVE_INFINITY;
    }
    const wider = new Column<NumberArray>(WIDTHS[this.#width]?.make ?? WIDTHS[3].make);
    wider.append(this.#column.view());
    this.#column.release();
    this.#column = wider;
  }
}

/** The same numbers in the narrowest array that holds them all; as they are where none of these can. */
export function narrowed(values: NumberArray): NumberArray {
  let most = 0;
  for (const value of values) {
    if (!Number.isSafeInteger(value) || value < 0) return values;
    if (value > most) most = value;
  }
  const { make } = WIDTHS.find((width) => most <= width.most) ?? WIDTHS[3];
  const narrow = make(values.length);
  narrow.set(values);
  release(values);
  return narrow;
}

/** Frees an array at once, where garbage would heap up until somebody looks for it. */
export function release({ buffer }: NumberArray): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}

/** A column of whole numbers below 2^32. */
export function wholeNumbers(): Column<Uint32Array> {
  return new Column((length) => new Uint32Array(length));
}
