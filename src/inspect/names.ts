import { isUtf8 } from "node:buffer";
import { Column, release, wholeNumbers } from "./column.ts";

/** Names, each kept once, as bytes: those of a million files fit where as many strings would not. */
export interface Names {
  /** All of them, one after another. */
  readonly bytes: Uint8Array;
  /** Where each ends; it begins where the one before it ends. */
  readonly ends: Uint32Array;
}

/** The bytes of a name. A view. */
export function nameBytes(names: Names, name: number): Uint8Array {
  const start = name === 0 ? 0 : names.ends[name - 1];
  return names.bytes.subarray(start, names.ends[name]);
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

const BACKSLASH = 0x5c;

/**
 * A name as text. What is not UTF-8 keeps its ASCII letters; its other bytes become `\xE9` and its
 * backslashes `\\`, so that two such names never look the same.
 */
export function nameText(bytes: Uint8Array): string {
  // Nearly all are, and then this is several times as fast.
  if (isAscii(bytes)) return asciiText(bytes);
  if (isUtf8(bytes)) return utf8.decode(bytes);
  let text = "";
  for (const byte of bytes) text += escaped(byte);
  return text;
}

function isAscii(bytes: Uint8Array): boolean {
  let all = 0;
  for (let at = 0; at < bytes.length; at++) all |= bytes[at] ?? 0;
  return all < 0x80;
}

function asciiText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}

function escaped(byte: number): string {
  if (byte === BACKSLASH) return "\\\\";
  if (byte < 0x80) return String.fromCharCode(byte);
  return `\\x${byte.toString(16).toUpperCase()}`;
}

/** Gives every distinct name a number, counting from 0. */
export class NameTable {
  readonly #bytes = new Column((length) => new Uint8Array(length));
  /** Where each name ends in `#bytes`. */
  readonly #ends = wholeNumbers();
  /** Open addressing: the number of a name plus one, or 0 for a free slot. At most half full. */
  #slots = new Uint32Array(512);
  /** Keeps a hostile archive from choosing names that all land in one slot. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32);

  get count(): number {
    return this.#ends.length;
  }

  /** Bytes of all names together. */
  get bytes(): number {
    return this.#bytes.length;
  }

  /** The number of the name that stands at `start` to `end` of `source`. */
  intern(source: Uint8Array, start = 0, end = source.length): number {
    const slot = this.#slotOf(source, start, end);
    const entry = this.#slots[slot];
    if (entry) return entry - 1;
    const name = this.#ends.length;
    this.#slots[slot] = name + 1;
    this.#bytes.append(source.subarray(start, end));
    this.#ends.push(this.#bytes.length);
    if (name * 2 > this.#slots.length) this.#rehash();
    return name;
  }

  /** The number of a name; undefined when it is not among them. */
  find(source: Uint8Array): number | undefined {
    const entry = this.#slots[this.#slotOf(source, 0, source.length)];
    return entry ? entry - 1 : undefined;
  }

  /** The bytes of a name. A copy. */
  bytesOf(name: number): Uint8Array {
    return this.#bytes.slice(this.#startOf(name), this.#ends.at(name));
  }

  /** Bytes of a name. */
  lengthOf(name: number): number {
    return this.#ends.at(name) - this.#startOf(name);
  }

  /** Writes a name where it fits in. */
  copy(name: number, target: Uint8Array, at: number): void {
    const start = this.#startOf(name);
    const length = this.lengthOf(name);
    for (let offset = 0; offset < length; offset++) {
      target[at + offset] = this.#bytes.at(start + offset);
    }
  }

  /** What was collected. Nothing may be asked or added afterwards. */
  packed(): Names {
    release(this.#slots);
    return { bytes: this.#bytes.packed(), ends: this.#ends.packed() };
  }

  /** Where a name is, or would be. */
  #slotOf(source: Uint8Array, start: number, end: number): number {
    let slot = this.#hash(source, start, end) & (this.#slots.length - 1);
    for (let entry = this.#slots[slot]; entry; entry = this.#slots[slot]) {
      if (this.#equals(entry - 1, source, start, end)) break;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    return slot;
  }

  #rehash(): void {
    const bytes = this.#bytes.view();
    const slots = new Uint32Array(this.#slots.length * 2);
    for (let name = 0; name < this.count; name++) {
      const hash = this.#hash(bytes, this.#startOf(name), this.#ends.at(name));
      let slot = hash & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = name + 1;
    }
    release(this.#slots);
    this.#slots = slots;
  }

  /** FNV-1a. http://www.isthe.com/chongo/tech/comp/fnv/ */
  #hash(source: ArrayLike<number>, start: number, end: number): number {
    let hash = this.#seed;
    for (let at = start; at < end; at++) {
      hash = Math.imul(hash ^ (source[at] ?? 0), 0x01000193);
    }
    return hash ^ (hash >>> 15);
  }

  #equals(name: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.#startOf(name);
    if (this.#ends.at(name) - from !== end - start) return false;
    for (let offset = 0; offset < end - start; offset++) {
      if (this.#bytes.at(from + offset) !== source[start + offset]) return false;
    }
    return true;
  }

  #startOf(name: number): number {
    return name === 0 ? 0 : this.#ends.at(name - 1);
  }
}
