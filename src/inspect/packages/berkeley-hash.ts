// The values of a Berkeley DB hash, as rpm kept its packages before 4.16.
// https://github.com/berkeleydb/libdb/blob/v5.3.28/src/dbinc/db_page.h

import { DatabasePages } from "./database-pages.ts";

const MAGIC = 0x00061561;

/** Where fields stand in the first page, and in every other. */
const MAGIC_AT = 12;
const PAGE_SIZE_AT = 20;
const NEXT_PAGE_AT = 16;
const ENTRIES_AT = 20;
/** Of a page that a value goes on in: how many of its bytes it has there. */
const LENGTH_AT = 22;
const KIND_AT = 25;
const PAGE_HEADER = 26;

/** Pages with keys and values, in versions before 4.6 and since. */
const HASH_PAGES = [2, 13];

/** Values that stand on the page itself, and those that stand on a chain of others. */
const HERE = 1;
const ELSEWHERE = 3;

/**
 * The values, in the order of the file.
 * @throws when the file is no such database, or damaged
 */
export function* berkeleyValues(file: Buffer): Generator<Buffer> {
  const order = byteOrder(file);
  const pageSize = order.u32(file, PAGE_SIZE_AT);
  const pages = new DatabasePages(file, pageSize);
  for (let start = pageSize; start + pageSize <= file.length; start += pageSize) {
    const page = file.subarray(start, start + pageSize);
    if (HASH_PAGES.includes(page.readUInt8(KIND_AT))) yield* valuesOn(page, pages, order);
  }
}

/** A database is in the byte order of the machine that made it. */
interface ByteOrder {
  u16(bytes: Buffer, at: number): number;
  u32(bytes: Buffer, at: number): number;
}

const LITTLE_ENDIAN: ByteOrder = {
  u16: (bytes, at) => bytes.readUInt16LE(at),
  u32: (bytes, at) => bytes.readUInt32LE(at),
};

const BIG_ENDIAN: ByteOrder = {
  u16: (bytes, at) => bytes.readUInt16BE(at),
  u32: (bytes, at) => bytes.readUInt32BE(at),
};

function byteOrder(file: Buffer): ByteOrder {
  const order = [LITTLE_ENDIAN, BIG_ENDIAN].find(({ u32 }) => u32(file, MAGIC_AT) === MAGIC);
  if (order === undefined) throw new Error("no Berkeley DB hash");
  return order;
}

/** Keys and values take turns, and fill a page from its end. */
function* valuesOn(page: Buffer, pages: DatabasePages, order: ByteOrder): Generator<Buffer> {
  const count = order.u16(page, ENTRIES_AT);
  for (let entry = 1; entry < count; entry += 2) {
    const start = order.u16(page, PAGE_HEADER + 2 * entry);
    const end = order.u16(page, PAGE_HEADER + 2 * (entry - 1));
    const kind = page.readUInt8(start);
    pages.count(end - start);
    if (kind === HERE) yield page.subarray(start + 1, end);
    if (kind === ELSEWHERE) yield chained(order.u32(page, start + 4), pages, order);
  }
}

function chained(first: number, pages: DatabasePages, order: ByteOrder): Buffer {
  const parts: Buffer[] = [];
  for (let number = first; number !== 0; ) {
    const page = pages.visit(number);
    parts.push(page.subarray(PAGE_HEADER, PAGE_HEADER + order.u16(page, LENGTH_AT)));
    number = order.u32(page, NEXT_PAGE_AT);
  }
  return Buffer.concat(parts);
}
