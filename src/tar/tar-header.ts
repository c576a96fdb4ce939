/** What an entry of a tar archive is. `other`: kinds that no container engine extracts. */
export type TarKind = "file" | "folder" | "symlink" | "hardlink" | "device" | "fifo" | "other";

/** A tar archive is read in blocks of this many bytes. */
export const BLOCK_BYTES = 512;

/** Bytes that do not form a tar archive. Says what is wrong; `TarReader` adds where. */
export class TarError extends Error {
  override readonly name = "TarError";
}

const SPACE = 0x20;
const SLASH = 0x2f;
const TYPE_OFFSET = 156;
/** `ustar` and a NUL, `ustar` and two spaces, `tar` and a NUL. */
const POSIX_MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72, 0];
const GNU_MAGIC = [0x75, 0x73, 0x74, 0x61, 0x72, 0x20, 0x20, 0];
const STAR_MAGIC = [0x74, 0x61, 0x72, 0];
const NOTHING = new Uint8Array(0);

/** Whether a block holds nothing: two of them end an archive. */
export function isZeroBlock(block: Uint8Array): boolean {
  // Nearly every header starts with a name, so this is over at the first byte.
  for (let at = 0; at < BLOCK_BYTES; at++) {
    if (block[at] !== 0) return false;
  }
  return true;
}

/** The letter that says what an entry is. */
export function typeFlag(block: Uint8Array): string {
  return String.fromCharCode(block[TYPE_OFFSET] ?? 0);
}

/** What a type letter and the entry's name make of it. */
export function kindOf(flag: string, path: Uint8Array): TarKind {
  switch (flag) {
    case "\0": // Before POSIX a folder was a file whose name ends in a slash.
      return path.at(-1) === SLASH ? "folder" : "file";
    case "0":
    case "7": // "contiguous": a file on every system that exists
    case "S":
      return "file";
    case "1":
      return "hardlink";
    case "2":
      return "symlink";
    case "3":
    case "4":
      return "device";
    case "5":
      return "folder";
    case "6":
      return "fifo";
    default:
      return "other";
  }
}

/** Whether the entry's bytes follow its header; of the others a size means nothing. */
export function hasBody(kind: TarKind): boolean {
  return kind === "file" || kind === "other";
}

/** The name in the header itself, its ustar prefix put before it. A view of the block if it can be. */
export function headerPath(block: Uint8Array): Uint8Array {
  const name = readText(block, 0, 100);
  const prefix = block[345] === 0 ? NOTHING : prefixOf(block);
  if (prefix.length === 0) return name;
  const path = new Uint8Array(prefix.length + 1 + name.length);
  path.set(prefix);
  path[prefix.length] = SLASH;
  path.set(name, prefix.length + 1);
  return path;
}

function prefixOf(block: Uint8Array): Uint8Array {
  if (isPosix(block)) return readText(block, 345, isStar(block) ? 476 : 500);
  return isGnu(block) && !hasGnuTimes(block) ? asciiPrefix(block) : NOTHING;
}

/** The target in the header itself, of a symbolic or a hard link. A view of the block. */
export function headerLinkTarget(block: Uint8Array): Uint8Array {
  return readText(block, 157, 257);
}

/**
 * Bytes that follow the header.
 * @throws TarError when it is no number, negative, or more than a file can have.
 */
export function headerSize(block: Uint8Array): number {
  return checkedSize(readNumber(block, 124, 136));
}

/**
 * Checks all numbers of a header, those too that mean nothing to us: engines read them all.
 * @throws TarError when one is none.
 */
export function verifyNumbers(block: Uint8Array): void {
  for (const [start, end] of NUMBERS) readNumber(block, start, end);
  if (isPosix(block) || isGnu(block)) {
    for (const [start, end] of DEVICE_NUMBERS) readNumber(block, start, end);
  }
  if (!isPosix(block) || !isStar(block)) return;
  for (const [start, end] of STAR_TIMES) readNumber(block, start, end);
}

/** Mode, owner, group, size and time of the last change. */
const NUMBERS = [
  [100, 108],
  [108, 116],
  [116, 124],
  [124, 136],
  [136, 148],
] as const;
const DEVICE_NUMBERS = [
  [329, 337],
  [337, 345],
] as const;
const STAR_TIMES = [
  [476, 488],
  [488, 500],
] as const;

/** Permission bits. */
export function headerMode(block: Uint8Array): number {
  return readNumber(block, 100, 108);
}

/** Number of the owner. */
export function headerUid(block: Uint8Array): number {
  return readNumber(block, 108, 116);
}

/** Number of the owning group. */
export function headerGid(block: Uint8Array): number {
  return readNumber(block, 116, 124);
}

/** Bytes of an old GNU sparse file with its holes, where the size counts only what is stored. */
export function sparseSize(block: Uint8Array): number {
  return checkedSize(readNumber(block, 483, 495));
}

/** Whether a block that continues the map of holes follows this header. */
export function headerContinuesMap(block: Uint8Array): boolean {
  return block[482] !== 0;
}

/** Whether another one follows this block of the map of holes. */
export function mapContinues(block: Uint8Array): boolean {
  return block[504] !== 0;
}

/**
 * A size that was read somewhere, once it is known to be one.
 * @throws TarError when it is not.
 */
export function checkedSize(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new TarError(`an entry claims a size of ${size} bytes`);
}

/** Whether a header is of GNU's own form, which has times where POSIX has a prefix. */
export function isGnu(block: Uint8Array): boolean {
  return hasMagic(block, 257, GNU_MAGIC);
}

function isPosix(block: Uint8Array): boolean {
  return hasMagic(block, 257, POSIX_MAGIC);
}

/** Schily's form has times at the end of the prefix. */
function isStar(block: Uint8Array): boolean {
  return hasMagic(block, 508, STAR_MAGIC);
}

function hasMagic(block: Uint8Array, start: number, magic: readonly number[]): boolean {
  return magic.every((byte, offset) => block[start + offset] === byte);
}

function hasGnuTimes(block: Uint8Array): boolean {
  try {
    for (const start of [345, 357]) if (block[start] !== 0) readNumber(block, start, start + 12);
    return true;
  } catch {
    return false;
  }
}

/**
 * Go wrote prefixes into GNU headers before 1.8, and so did Docker: engines still read them.
 * https://go.dev/issue/12594
 */
function asciiPrefix(block: Uint8Array): Uint8Array {
  const prefix = readText(block, 345, 500);
  return prefix.every((byte) => byte < 0x80) ? prefix : NOTHING;
}

/** The bytes of a field up to its first NUL. */
function readText(block: Uint8Array, start: number, end: number): Uint8Array {
  let stop = start;
  while (stop < end && block[stop] !== 0) stop++;
  return block.subarray(start, stop);
}

/**
 * A number of a header: octal digits, or binary where the first bit says so.
 * @throws TarError when it is neither.
 */
export function readNumber(block: Uint8Array, start: number, end: number): number {
  const isBinary = ((block[start] ?? 0) & 0x80) !== 0;
  return isBinary ? readBinary(block, start, end) : readOctal(block, start, end);
}

/** Big-endian two's complement, for what octal digits have no room for; the first bit is a mark. */
function readBinary(block: Uint8Array, start: number, end: number): number {
  const isNegative = ((block[start] ?? 0) & 0x40) !== 0;
  const flip = isNegative ? 0xff : 0;
  let value = ((block[start] ?? 0) ^ flip) & 0x7f;
  for (let at = start + 1; at < end; at++) value = value * 256 + ((block[at] ?? 0) ^ flip);
  if (value >= 2 ** 63) throw new TarError("a number in the header is too large");
  return isNegative ? -1 - value : value;
}

/**
 * Octal digits, with NULs and spaces on either side. None at all is zero, and what follows a NUL is not
 * looked at.
 * @throws TarError when anything else is there.
 */
export function readOctal(block: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isPadding(block[at])) at++;
  let value = 0;
  for (; at < end && !isPadding(block[at]); at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) throw notOctal();
    value = value * 8 + digit;
  }
  if (block[at] !== SPACE) return value;
  for (; at < end; at++) if (!isPadding(block[at])) throw notOctal();
  return value;
}

function notOctal(): TarError {
  return new TarError("a number in the header is not octal");
}

function isPadding(byte: number | undefined): boolean {
  return byte === 0 || byte === SPACE;
}
