// Of an SQLite database file, the values of one table, read without SQLite: a database in an image
// cannot be opened where it lies, and is hostile. https://www.sqlite.org/fileformat2.html

import { DatabasePages } from "./database-pages.ts";

const MAGIC = "SQLite format 3\0";

/** Of the first page, before its tree begins. */
const FILE_HEADER = 100;

const TABLE_INTERIOR = 0x05;
const TABLE_LEAF = 0x0d;

/** Columns of the table that lists all tables: type, name, tbl_name, rootpage, sql. */
const SCHEMA_PAGE = 1;
const NAME = 1;
const ROOT_PAGE = 3;

/** Texts and blobs as bytes, whole numbers as such; all else is nothing. */
type Value = Buffer | number | undefined;

/**
 * The rows of a table, one list of values a row.
 * @throws when the file is no such database, or damaged
 */
export function* sqliteRows(file: Buffer, table: string): Generator<readonly Value[]> {
  if (file.toString("latin1", 0, MAGIC.length) !== MAGIC) throw new Error("no SQLite database");
  const tree = new SqliteTree(file);
  for (const row of tree.rows(SCHEMA_PAGE)) {
    const name = row[NAME];
    const rootPage = row[ROOT_PAGE];
    const isWanted = Buffer.isBuffer(name) && name.toString("utf8") === table;
    if (isWanted && typeof rootPage === "number") yield* tree.rows(rootPage);
  }
}

class SqliteTree {
  readonly #pages: DatabasePages;
  /** Bytes of a page that are used. */
  readonly #usable: number;

  constructor(file: Buffer) {
    const pageSize = file.readUInt16BE(16);
    // 65536 does not fit into the field.
    this.#pages = new DatabasePages(file, pageSize === 1 ? 65536 : pageSize);
    this.#usable = (pageSize === 1 ? 65536 : pageSize) - file.readUInt8(20);
  }

  *rows(root: number): Generator<readonly Value[]> {
    const waiting = [root];
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      const page = this.#pages.visit(number - 1);
      const start = number === SCHEMA_PAGE ? FILE_HEADER : 0;
      const kind = page.readUInt8(start);
      if (kind === TABLE_INTERIOR) {
        const children = cellsOf(page, start, 12).map((cell) => page.readUInt32BE(cell));
        waiting.push(page.readUInt32BE(start + 8), ...children.reverse());
      } else if (kind === TABLE_LEAF) {
        for (const cell of cellsOf(page, start, 8)) yield valuesOf(this.#payload(page, cell));
      }
    }
  }

  /** What a row holds: the beginning stands on the page, the rest on a chain of others. */
  #payload(page: Buffer, cell: number): Buffer {
    const length = varint(page, cell);
    this.#pages.count(length.value);
    const rowId = varint(page, length.end);
    const local = this.#localLength(length.value);
    const parts = [page.subarray(rowId.end, rowId.end + local)];
    let next = local < length.value ? page.readUInt32BE(rowId.end + local) : 0;
    for (let missing = length.value - local; missing > 0; ) {
      const overflow = this.#pages.visit(next - 1);
      next = overflow.readUInt32BE(0);
      const part = overflow.subarray(4, Math.min(this.#usable, 4 + missing));
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** https://www.sqlite.org/fileformat2.html#cell_payload_overflow_pages */
  #localLength(length: number): number {
    const most = this.#usable - 35;
    if (length <= most) return length;
    const least = Math.floor(((this.#usable - 12) * 32) / 255) - 23;
    const fitting = least + ((length - least) % (this.#usable - 4));
    return fitting <= most ? fitting : least;
  }
}

function cellsOf(page: Buffer, start: number, headerLength: number): number[] {
  const count = page.readUInt16BE(start + 3);
  return Array.from({ length: count }, (_, cell) =>
    page.readUInt16BE(start + headerLength + 2 * cell),
  );
}

/** https://www.sqlite.org/fileformat2.html#record_format */
function valuesOf(record: Buffer): readonly Value[] {
  const header = varint(record, 0);
  const values: Value[] = [];
  let valueStart = header.value;
  for (let at = header.end; at < header.value; ) {
    const { value: kind, end } = varint(record, at);
    const length = lengthOf(kind);
    const bytes = record.subarray(valueStart, valueStart + length);
    values.push(kind >= 12 ? bytes : integerOf(bytes, kind));
    valueStart += length;
    at = end;
  }
  return values;
}

function lengthOf(kind: number): number {
  if (kind >= 12) return Math.floor((kind - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0][kind] ?? 0;
}

function integerOf(bytes: Buffer, kind: number): number | undefined {
  if (kind >= 1 && kind <= 5) return bytes.readIntBE(0, bytes.length);
  return kind === 8 || kind === 9 ? kind - 8 : undefined;
}

interface Varint {
  readonly value: number;
  /** Where it ends. */
  readonly end: number;
}

/** Seven bits a byte, eight of the ninth. */
function varint(bytes: Buffer, start: number): Varint {
  let value = 0;
  for (let at = start; at < start + 8; at++) {
    const byte = bytes.readUInt8(at);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return { value: value * 256 + bytes.readUInt8(start + 8), end: start + 9 };
}
