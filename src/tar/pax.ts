import { crc32 } from "node:zlib";
import { type Stretches, stretchesOfRecord } from "./sparse.ts";
import { checkedSize, TarError } from "./tar-header.ts";

/** What a PAX header says of the entry that follows it. */
export interface PaxHeader {
  readonly path?: Uint8Array;
  readonly linkTarget?: Uint8Array;
  /** Bytes that follow the entry's header. */
  readonly size?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly sparse?: PaxSparse;
  /** What stands for its extended attributes, such as the capabilities of a program. Absent: none. */
  readonly attributes?: number;
}

/** What a PAX header says of a file with holes. */
export interface PaxSparse {
  /** The file's own, where the header has one that was made up. */
  readonly path?: Uint8Array;
  /** Bytes of the file, holes included. */
  readonly size?: number;
  /** Absent: they stand before the file's bytes. */
  readonly stretches?: Stretches;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const EQUALS = 0x3d;

/** Whose values have no NUL. */
const TEXTS: readonly string[] = ["path", "linkpath", "uname", "gname"];

/** Which mean nothing to us, but engines refuse what is none. */
const TIMES = ["atime", "mtime", "ctime"];

const latin1 = new TextDecoder("latin1");

/**
 * Reads the body of a PAX header, records of `length key=value\n`. Values stay bytes: names need not
 * be UTF-8.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
 * @throws TarError when it is not made of such records.
 */
export function readPax(body: Uint8Array): PaxHeader {
  const records = recordsOf(body);
  for (const key of TIMES) checkTime(given(records, key));
  return { ...ordinary(records), ...sparse(records), ...attributes(records) };
}

/**
 * Checks the body of a PAX header that is of no use.
 * @throws TarError when it is not made of records.
 */
export function checkPax(body: Uint8Array): void {
  recordsOf(body);
}

function recordsOf(body: Uint8Array): Records {
  const records: Records = new Map();
  const offsets: string[] = [];
  for (let at = 0; at < body.length; ) {
    const end = at + recordLength(body, at);
    const keyStart = body.indexOf(SPACE, at) + 1;
    const keyEnd = body.indexOf(EQUALS, keyStart);
    if (keyEnd <= keyStart || keyEnd >= end || body[end - 1] !== NEWLINE) throw damaged();
    const key = latin1.decode(body.subarray(keyStart, keyEnd));
    const value = body.subarray(keyEnd + 1, end - 1);
    if ((TEXTS.includes(key) ? value : body.subarray(keyStart, keyEnd)).includes(0))
      throw damaged();
    if (key === "GNU.sparse.offset" || key === "GNU.sparse.numbytes") {
      addOffset(offsets, key, value);
    } else records.set(key, value);
    at = end;
  }
  if (offsets.length > 0) records.set("GNU.sparse.map", Buffer.from(offsets.join(",")));
  return records;
}

/** The decimal number that a record starts with: its bytes, that number included. */
function recordLength(body: Uint8Array, start: number): number {
  let length = 0;
  for (let at = start; at < body.length && length <= body.length; at++) {
    const byte = body[at] ?? 0;
    if (byte === SPACE && length > at - start && start + length <= body.length) return length;
    if (byte < 0x30 || byte > 0x39) break;
    length = length * 10 + (byte - 0x30);
  }
  throw damaged();
}

/** The oldest form repeats two keys by turns, which no other key may. */
function addOffset(offsets: string[], key: string, value: Uint8Array): void {
  const expected = offsets.length % 2 === 0 ? "GNU.sparse.offset" : "GNU.sparse.numbytes";
  const text = latin1.decode(value);
  if (key !== expected || text.includes(",")) throw damaged();
  offsets.push(text);
}

type Records = Map<string, Uint8Array>;

function ordinary(records: Records): PaxHeader {
  const path = given(records, "path");
  const linkTarget = given(records, "linkpath");
  const size = given(records, "size");
  const uid = given(records, "uid");
  const gid = given(records, "gid");
  return {
    ...(path && { path }),
    ...(linkTarget && { linkTarget }),
    ...(size && { size: checkedSize(decimal(size)) }),
    ...(uid && { uid: decimal(uid) }),
    ...(gid && { gid: decimal(gid) }),
  };
}

const ATTRIBUTE = "SCHILY.xattr.";

/** What a machine gives to every file, whatever a layer is meant to have. */
const OF_MACHINES = /^(?:security\.selinux$|(?:trusted|user)\.overlay\.)/;

/** In whatever order they stand. */
function attributes(records: Records): Pick<PaxHeader, "attributes"> {
  let sum = 0;
  for (const [key, value] of records) {
    const name = key.slice(ATTRIBUTE.length);
    const isNone = !key.startsWith(ATTRIBUTE) || value.length === 0;
    if (isNone || OF_MACHINES.test(name)) continue;
    sum = (sum ^ crc32(value, crc32(`${name}=`))) >>> 0;
  }
  return sum === 0 ? {} : { attributes: sum };
}

/** GNU's three ways to store a file with holes. All keep the true name and size in records. */
function sparse(records: Records): Pick<PaxHeader, "sparse"> {
  const version = sparseVersion(records);
  if (version === undefined) return {};
  const path = given(records, "GNU.sparse.name");
  const size = given(records, "GNU.sparse.size") ?? given(records, "GNU.sparse.realsize");
  const named = {
    ...(path && { path }),
    ...(size && { size: checkedSize(decimal(size)) }),
  };
  if (version === "1.0") return { sparse: named };
  const count = textOf(records, "GNU.sparse.numblocks");
  const stretches = stretchesOfRecord(count, textOf(records, "GNU.sparse.map"));
  return { sparse: { ...named, stretches } };
}

/** The first two forms did not say which they are. */
function sparseVersion(records: Records): "0.x" | "1.0" | undefined {
  const major = textOf(records, "GNU.sparse.major");
  const minor = textOf(records, "GNU.sparse.minor");
  if (major === "" && minor === "") {
    return textOf(records, "GNU.sparse.map") === "" ? undefined : "0.x";
  }
  if (major === "1" && minor === "0") return "1.0";
  return major === "0" && (minor === "0" || minor === "1") ? "0.x" : undefined;
}

/** An empty value takes a record back. */
function given(records: Records, key: string): Uint8Array | undefined {
  const value = records.get(key);
  return value === undefined || value.length === 0 ? undefined : value;
}

function textOf(records: Records, key: string): string {
  return latin1.decode(records.get(key));
}

/** Seconds with or without a fraction. */
function checkTime(value: Uint8Array | undefined): void {
  if (value === undefined) return;
  const [, seconds] = /^([+-]?[0-9]+)(?:\.[0-9]*)?$/.exec(latin1.decode(value)) ?? [];
  if (seconds === undefined || Math.abs(Number(seconds)) >= 2 ** 63) throw damaged();
}

function decimal(value: Uint8Array): number {
  const text = latin1.decode(value);
  const number = Number(text);
  if (!/^[+-]?[0-9]+$/.test(text) || !Number.isSafeInteger(number)) throw damaged();
  return number;
}

function damaged(): TarError {
  return new TarError("an extension header is not made of PAX records");
}
