import { Readable } from "node:stream";
import { promisify } from "node:util";
import * as zlib from "node:zlib";
import { ENTRY_KINDS, type LayerIndex, type Owner } from "./layer-index.ts";
import { PathTable } from "./paths.ts";

/**
 * To be raised with every change of the form: what an older one wrote is then read anew.
 * The form: a line of JSON, then the columns one after another, rising ones as differences; all of
 * it through gzip, at level 1, which takes 8 bytes an entry where the best would take 7.
 */
const VERSION = 2;

const NEWLINE = 0x0a;
/** Twice what the largest index that we make needs. */
const LARGEST = 1e9;

const gunzip = promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.gunzip);

/** A layer's index as bytes that can be kept. */
export async function encodeLayerIndex(index: LayerIndex): Promise<Uint8Array> {
  const packed: AsyncIterable<Uint8Array> = Readable.from(columnsOf(index)).pipe(
    zlib.createGzip({ level: 1, chunkSize: 256 * 1024 }),
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of packed) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** One after another, so that only one column at a time is there twice. */
function* columnsOf({ digest, download, diffId, paths, entries, links, owners }: LayerIndex) {
  const { parents, lastNames, names } = paths;
  const rising = [parents, lastNames, names.ends, entries.paths];
  const { kinds, bytes, contents, modes } = entries;
  const others = [
    ...[names.bytes, kinds, bytes, contents, modes, entries.owners],
    ...[links.entries, links.targets],
  ];
  const lengths = [...rising, ...others].map((column) => column.length);
  yield Buffer.from(`${JSON.stringify({ version: VERSION, digest, download, diffId, owners, lengths })}\n`);
  for (const column of rising) yield bytesOf(differences(column));
  for (const column of others) yield bytesOf(column);
}

/** Reads what `encodeLayerIndex` wrote; undefined when this is anything else. */
export async function decodeLayerIndex(bytes: Uint8Array): Promise<LayerIndex | undefined> {
  try {
    const raw = await gunzip(bytes, { maxOutputLength: LARGEST });
    const index = parse(raw);
    return index !== undefined && isConsistent(index) ? index : undefined;
  } catch {
    return undefined;
  }
}

interface Head {
  readonly digest: string;
  readonly download: number;
  readonly diffId: string;
  readonly owners: readonly Owner[];
  readonly lengths: readonly number[];
}

function parse(raw: Uint8Array): LayerIndex | undefined {
  const headEnd = raw.indexOf(NEWLINE) + 1;
  const head = parseHead(new TextDecoder().decode(raw.subarray(0, headEnd)));
  if (head === undefined) return undefined;
  const reader = new ColumnReader(raw, headEnd, head.lengths);
  const rising = () => sums(reader.wholeNumbers());
  const [parents, lastNames, ends, entryPaths] = [rising(), rising(), rising(), rising()];
  const paths = { parents, lastNames, names: { ends, bytes: reader.bytes() } };
  const entries = {
    paths: entryPaths,
    kinds: reader.bytes(),
    bytes: reader.numbers(),
    contents: reader.numbers(),
    modes: reader.halfNumbers(),
    owners: reader.wholeNumbers(),
  };
  const links = { entries: reader.wholeNumbers(), targets: reader.wholeNumbers() };
  const { digest, download, diffId, owners } = head;
  const unpacked = entries.bytes.reduce((sum, size) => sum + size, 0);
  const claims = { claims: [], claimedPaths: new PathTable().packed() };
  return { digest, download, diffId, unpacked, paths, entries, links, owners, ...claims };
}

function parseHead(text: string): Head | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null) return undefined;
  const { version, digest, download, diffId, owners, lengths } = value as Record<string, unknown>;
  const isKnown =
    version === VERSION &&
    typeof digest === "string" &&
    typeof download === "number" &&
    typeof diffId === "string" &&
    Array.isArray(owners) &&
    owners.every((owner) => typeof owner?.uid === "number" && typeof owner?.gid === "number") &&
    Array.isArray(lengths) &&
    lengths.every((length) => Number.isSafeInteger(length) && length >= 0);
  return isKnown ? { digest, download, diffId, owners, lengths } : undefined;
}

/** Whether every number in it points at something. */
function isConsistent({ paths, entries, links, owners }: LayerIndex): boolean {
  const { parents, lastNames, names } = paths;
  const pathCount = parents.length;
  return (
    pathCount > 0 &&
    lastNames.length === pathCount &&
    parents.every((parent, path) => parent < path || path === 0) &&
    lastNames.every((name, path) => name < names.ends.length || path === 0) &&
    names.ends.every((end, name) => end >= (names.ends[name - 1] ?? 0)) &&
    (names.ends.at(-1) ?? 0) === names.bytes.length &&
    entries.kinds.length === entries.paths.length &&
    entries.bytes.length === entries.paths.length &&
    entries.contents.length === entries.paths.length &&
    entries.modes.length === entries.paths.length &&
    entries.owners.length === entries.paths.length &&
    entries.owners.every((owner) => owner < owners.length) &&
    entries.paths.every((path) => path < pathCount) &&
    entries.kinds.every((kind) => kind < ENTRY_KINDS.length) &&
    links.targets.length === links.entries.length &&
    links.entries.every((entry) => entry < entries.paths.length) &&
    links.targets.every((path) => path < pathCount)
  );
}

/** Takes one column after another, each of the length that the head gives. */
class ColumnReader {
  readonly #raw: Uint8Array;
  readonly #lengths: Iterator<number>;
  #at: number;

  constructor(raw: Uint8Array, start: number, lengths: readonly number[]) {
    this.#raw = raw;
    this.#at = start;
    this.#lengths = lengths.values();
  }

  bytes(): Uint8Array {
    return new Uint8Array(this.#take(1));
  }

  halfNumbers(): Uint16Array {
    return new Uint16Array(this.#take(Uint16Array.BYTES_PER_ELEMENT));
  }

  wholeNumbers(): Uint32Array {
    return new Uint32Array(this.#take(Uint32Array.BYTES_PER_ELEMENT));
  }

  numbers(): Float64Array {
    return new Float64Array(this.#take(Float64Array.BYTES_PER_ELEMENT));
  }

  /** A copy: columns of wider numbers must begin at an even place in memory. */
  #take(width: number): ArrayBuffer {
    const length = this.#lengths.next().value ?? 0;
    const end = this.#at + length * width;
    if (end > this.#raw.length) throw new RangeError("a column is cut off");
    const column = new Uint8Array(this.#raw.subarray(this.#at, end));
    this.#at = end;
    return column.buffer;
  }
}

/** Neighbours differ little, and small numbers pack well. */
function differences(values: Uint32Array): Uint32Array {
  return values.map((value, at) => value - (values[at - 1] ?? 0));
}

function sums(differences: Uint32Array): Uint32Array {
  let sum = 0;
  return differences.map((difference) => {
    sum = (sum + difference) >>> 0;
    return sum;
  });
}

function bytesOf(column: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
