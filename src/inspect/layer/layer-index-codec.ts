import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import { narrowed } from "../column.ts";
import type { Paths } from "../paths.ts";
import { decompress } from "./decompress.ts";
import type { LayerIndex, PackageClaim } from "./layer-index.ts";
import { isConsistent } from "./layer-index-check.ts";
import { headOf, type LayerHead, parseHead } from "./layer-index-head.ts";
import { LAYER_LIMITS, type LayerLimits } from "./layer-limits.ts";
import { PieceReader } from "./piece-reader.ts";

/** The best compression would take a sixth less, and four times as long. */
const LEVEL = 1;

/** Bytes of the longest head: that of as many claims and owners as are kept. */
const LONGEST_HEAD = 64e6;

/**
 * A layer's index as bytes that can be kept: a line of JSON, then the columns one after another,
 * rising ones as differences; all of it through gzip.
 */
export async function encodeLayerIndex(index: LayerIndex): Promise<Uint8Array> {
  const packed: AsyncIterable<Uint8Array> = Readable.from(partsOf(index)).pipe(
    zlib.createGzip({ level: LEVEL, chunkSize: 256 * 1024 }),
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of packed) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** One after another, so that only one column at a time is there twice. */
function* partsOf(index: LayerIndex): Generator<Uint8Array> {
  const { paths, entries, links, claims, claimedPaths } = index;
  yield Buffer.from(`${JSON.stringify(headOf(index))}\n`);
  yield* pathParts(paths);
  yield bytesOf(differences(entries.paths));
  yield bytesOf(entries.kinds);
  yield bytesOf(Float64Array.from(entries.bytes));
  yield bytesOf(entries.contents);
  yield bytesOf(entries.modes);
  yield bytesOf(Uint32Array.from(entries.owners));
  yield bytesOf(links.entries);
  yield bytesOf(links.targets);
  yield* pathParts(claimedPaths);
  for (const { files } of claims) if (files !== undefined) yield bytesOf(files);
}

function* pathParts({ parents, lastNames, names }: Paths): Generator<Uint8Array> {
  yield bytesOf(differences(parents));
  yield bytesOf(differences(lastNames));
  yield bytesOf(differences(names.ends));
  yield bytesOf(names.bytes);
}

/**
 * Reads what `encodeLayerIndex` wrote; undefined when this is anything else, or of another version,
 * or of a layer beyond the limits. Takes no more memory than the limits allow, whatever the bytes.
 */
export async function decodeLayerIndex(
  bytes: Uint8Array,
  limits: LayerLimits = LAYER_LIMITS,
): Promise<LayerIndex | undefined> {
  const { pieces } = await decompress(Readable.from([bytes]));
  const reader = new PieceReader(pieces);
  try {
    const head = parseHead(await reader.line(LONGEST_HEAD), limits);
    const index = head && (await readColumns(reader, head));
    const isWhole = index !== undefined && (await reader.isAtEnd());
    return isWhole && isConsistent(index) ? index : undefined;
  } catch {
    return undefined;
  } finally {
    await reader.close();
  }
}

async function readColumns(reader: PieceReader, head: LayerHead): Promise<LayerIndex> {
  const { digest, download, diffId, owners, unreadClaims, leftOutClaims, lengths } = head;
  const paths = await readPaths(reader, lengths.paths);
  const entries = {
    paths: sums(await reader.fill(new Uint32Array(lengths.entries))),
    kinds: await reader.fill(new Uint8Array(lengths.entries)),
    bytes: narrowed(await reader.fill(new Float64Array(lengths.entries))),
    contents: await reader.fill(new Uint32Array(lengths.entries)),
    modes: await reader.fill(new Uint16Array(lengths.entries)),
    owners: narrowed(await reader.fill(new Uint32Array(lengths.entries))),
  };
  const links = {
    entries: await reader.fill(new Uint32Array(lengths.links)),
    targets: await reader.fill(new Uint32Array(lengths.links)),
  };
  const claimedPaths = await readPaths(reader, lengths.claimedPaths);
  const claims = await readClaims(reader, head);
  let unpacked = 0;
  for (const bytes of entries.bytes) unpacked += bytes;
  const layer = { digest, download, diffId, unpacked, owners };
  return { ...layer, paths, entries, links, claims, claimedPaths, unreadClaims, leftOutClaims };
}

async function readPaths(
  reader: PieceReader,
  lengths: { readonly paths: number; readonly names: number; readonly nameBytes: number },
): Promise<Paths> {
  return {
    parents: sums(await reader.fill(new Uint32Array(lengths.paths))),
    lastNames: sums(await reader.fill(new Uint32Array(lengths.paths))),
    names: {
      ends: sums(await reader.fill(new Uint32Array(lengths.names))),
      bytes: await reader.fill(new Uint8Array(lengths.nameBytes)),
    },
  };
}

async function readClaims(reader: PieceReader, head: LayerHead): Promise<readonly PackageClaim[]> {
  const claims: PackageClaim[] = [];
  for (const { files, ...claim } of head.claims) {
    const listed = files === undefined ? {} : { files: await reader.fill(new Uint32Array(files)) };
    claims.push({ ...claim, ...listed });
  }
  return claims;
}

/** Neighbours differ little, and small numbers pack well. */
function differences(values: Uint32Array): Uint32Array {
  return values.map((value, at) => value - (values[at - 1] ?? 0));
}

/** In place. */
function sums(differences: Uint32Array): Uint32Array {
  for (let at = 1; at < differences.length; at++) {
    differences[at] = (differences[at] ?? 0) + (differences[at - 1] ?? 0);
  }
  return differences;
}

function bytesOf(column: Uint8Array | Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
