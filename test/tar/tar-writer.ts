// Crafts tar archives block by block, so that a test can say exactly what is in them, right or
// wrong.

const BLOCK = 512;

/** A header and the body after it. */
export interface CraftedEntry {
  readonly path: string | Uint8Array;
  /** Default `0`, a file. */
  readonly type?: string;
  readonly content?: string | Uint8Array;
  readonly linkTarget?: string | Uint8Array;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Goes before the path, which POSIX splits where it is too long. */
  readonly prefix?: string;
  /** Instead of the content's length. */
  readonly size?: number | Uint8Array;
  /** Default `ustar\0` and `00`. GNU: `ustar  \0`; before POSIX: eight zeros. */
  readonly magic?: string;
  /** Bytes written over the header before its checksum is made, by position. */
  readonly raw?: Readonly<Record<number, Uint8Array | string>>;
}

/** Two blocks of zeros. */
export const END_OF_ARCHIVE = new Uint8Array(2 * BLOCK);

/** The marks of a GNU archive. */
export const GNU = "ustar  \0";

/** An archive with its end. */
export function archive(...entries: readonly (CraftedEntry | Uint8Array)[]): Uint8Array {
  const parts = entries.map((entry) => (entry instanceof Uint8Array ? entry : craft(entry)));
  return Buffer.concat([...parts, END_OF_ARCHIVE]);
}

/** One entry: header, body, padding. */
export function craft(entry: CraftedEntry): Uint8Array {
  const content = bytesOf(entry.content ?? "");
  return Buffer.concat([craftHeader(entry, content.length), padded(content)]);
}

/** A PAX header for the entry after it, or with `g` a global one. */
export function pax(
  records: Readonly<Record<string, string | Uint8Array>>,
  type = "x",
): Uint8Array {
  const all = Object.entries(records).map(([key, value]) => paxRecord(key, bytesOf(value)));
  return craft({ path: "PaxHeaders/1", type, content: Buffer.concat(all) });
}

/** A PAX header of records in this order, in which a key may come more than once. */
export function paxOf(...records: readonly (readonly string[])[]): Uint8Array {
  const all = records.map(([key = "", value = ""]) => paxRecord(key, bytesOf(value)));
  return craft({ path: "PaxHeaders/1", type: "x", content: Buffer.concat(all) });
}

/** GNU's header for a path (`L`) or a link target (`K`) that is too long for the next header. */
export function gnuLong(type: "L" | "K", text: string): Uint8Array {
  return craft({ path: "././@LongLink", type, content: `${text}\0`, magic: GNU });
}

/** A number as GNU writes it when octal digits have no room for it. */
export function base256(value: bigint, length: number): Uint8Array {
  const bytes = Buffer.alloc(length);
  let rest = BigInt.asUintN(8 * length, value);
  for (let at = length - 1; at >= 0; at--) {
    bytes[at] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  bytes[0] = (bytes[0] ?? 0) | 0x80;
  return bytes;
}

function craftHeader(entry: CraftedEntry, contentLength: number): Uint8Array {
  const header = Buffer.alloc(BLOCK);
  const size = entry.size ?? contentLength;
  header.set(bytesOf(entry.path).subarray(0, 100), 0);
  header.write(octal(entry.mode ?? 0o644, 8), 100);
  header.write(octal(entry.uid ?? 0, 8), 108);
  header.write(octal(entry.gid ?? 0, 8), 116);
  header.set(typeof size === "number" ? Buffer.from(octal(size, 12)) : size, 124);
  header.write(octal(0, 12), 136);
  header.write(entry.type ?? "0", 156, "latin1");
  header.set(bytesOf(entry.linkTarget ?? "").subarray(0, 100), 157);
  header.write(entry.magic ?? "ustar\u000000", 257, "latin1");
  header.write(entry.prefix ?? "", 345);
  for (const [at, bytes] of Object.entries(entry.raw ?? {})) header.set(bytesOf(bytes), Number(at));
  return withChecksum(header);
}

/** Puts the right checksum into a header. */
export function withChecksum(header: Uint8Array): Uint8Array {
  const block = Buffer.from(header);
  block.fill(" ", 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padded(content: Uint8Array): Uint8Array {
  const padding = (BLOCK - (content.length % BLOCK)) % BLOCK;
  return Buffer.concat([content, new Uint8Array(padding)]);
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, "0")}\0`;
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? Buffer.from(value) : value;
}
