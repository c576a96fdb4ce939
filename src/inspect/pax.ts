import { checkedSize, TarError } from "./tar-header.ts";

/** What extension headers say of the entry that follows them. */
export interface Extension {
  path?: Uint8Array;
  linkTarget?: Uint8Array;
  /** Bytes that follow the entry's header. */
  size?: number;
  /** Bytes of a sparse file with its holes. */
  sparseSize?: number;
  uid?: number;
  gid?: number;
}

const NEWLINE = 0x0a;
const SPACE = 0x20;
const EQUALS = 0x3d;

const latin1 = new TextDecoder("latin1");

/**
 * Reads the body of a PAX extension header, records of `length key=value\n`. Values stay bytes:
 * names need not be UTF-8.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
 * @throws TarError when it is not made of such records.
 */
export function readPax(body: Uint8Array): Extension {
  const records = new Map<string, Uint8Array>();
  for (let at = 0; at < body.length; ) {
    const end = at + recordLength(body, at);
    const keyStart = body.indexOf(SPACE, at) + 1;
    const keyEnd = body.indexOf(EQUALS, keyStart);
    if (keyEnd < keyStart || keyEnd >= end || body[end - 1] !== NEWLINE) throw damaged();
    records.set(latin1.decode(body.subarray(keyStart, keyEnd)), body.subarray(keyEnd + 1, end - 1));
    at = end;
  }
  return { ...ordinary(records), ...sparse(records) };
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

type Records = ReadonlyMap<string, Uint8Array>;

function ordinary(records: Records): Extension {
  const extension: Extension = {};
  const path = given(records, "path");
  const linkTarget = given(records, "linkpath");
  const size = given(records, "size");
  const uid = given(records, "uid");
  const gid = given(records, "gid");
  if (path !== undefined) extension.path = path;
  if (linkTarget !== undefined) extension.linkTarget = linkTarget;
  if (size !== undefined) extension.size = checkedSize(decimal(size));
  if (uid !== undefined) extension.uid = decimal(uid);
  if (gid !== undefined) extension.gid = decimal(gid);
  return extension;
}

/**
 * GNU's three ways to store a file with holes. All keep the true name and size in records.
 * https://www.gnu.org/software/tar/manual/html_section/Sparse-Formats.html
 */
function sparse(records: Records): Extension {
  const extension: Extension = {};
  if (!isSparse(records)) return extension;
  const path = given(records, "GNU.sparse.name");
  const size = given(records, "GNU.sparse.size") ?? given(records, "GNU.sparse.realsize");
  if (path !== undefined) extension.path = path;
  if (size !== undefined) extension.sparseSize = checkedSize(decimal(size));
  return extension;
}

function isSparse(records: Records): boolean {
  const major = given(records, "GNU.sparse.major");
  const minor = given(records, "GNU.sparse.minor");
  if (major === undefined && minor === undefined) {
    return records.has("GNU.sparse.map") || records.has("GNU.sparse.offset");
  }
  const version = `${latin1.decode(major)}.${latin1.decode(minor)}`;
  return version === "0.0" || version === "0.1" || version === "1.0";
}

/** An empty value takes a record back. */
function given(records: Records, key: string): Uint8Array | undefined {
  const value = records.get(key);
  return value === undefined || value.length === 0 ? undefined : value;
}

function decimal(value: Uint8Array): number {
  const text = latin1.decode(value);
  if (!/^-?[0-9]+$/.test(text)) throw damaged();
  return Number(text);
}

function damaged(): TarError {
  return new TarError("an extension header is not made of PAX records");
}
