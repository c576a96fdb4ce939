// node read-hostile.ts CASE: reads a layer, or an image, that was made to exhaust whoever reads it, in
// a process of its own whose memory can be told. Prints what came of it as JSON.

import { createHash } from "node:crypto";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGzip, createZstdCompress, gzipSync, zstdCompressSync } from "node:zlib";
import { messageOf } from "../../src/errors.ts";
import { findFacts } from "../../src/inspect/image-facts.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { readLayer } from "../../src/inspect/layer/layer-reader.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { archive, craft, END_OF_ARCHIVE, GNU, gnuLong } from "../tar/tar-writer.ts";

/** What came of reading it. */
export interface Outcome {
  /** Entries; or why it was refused. */
  readonly result: number | string;
  /** What reading took of the processor: what else is done on a machine is no matter. */
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Of the number in a name. */
const DIGITS = 8;

/** A layer's blob. */
interface Hostile {
  /** Its pieces; made anew each time that they are asked for. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
  /** What the manifest has, where the blob is not to be read to its end to find out what is true. */
  readonly size?: number;
}

const CASES: Readonly<Record<string, Hostile>> = {
  "ten million entries": { pieces: () => gzipped(fileHeaders("all", 10_000_000)), size: 1e12 },
  "almost as many entries as may be": { pieces: () => gzipped(fileHeaders("all", 2_900_000)) },
  "a million whiteouts of one folder": {
    pieces: () => gzipped(whiteouts(1_000_000, (number) => `folder/.wh.name-${number}`)),
  },
  "a folder that is hidden a million times": {
    pieces: () => gzipped(whiteouts(1_000_000, () => "some/.wh.folder")),
  },
  "paths of 64 KB": { pieces: () => gzipped(longPaths(2000)) },
  "four gigabytes of zeros through zstd": {
    pieces: () => packed(zeros(4e9), createZstdCompress()),
  },
  "four gigabytes of zeros through gzip": { pieces: () => Readable.from(gzipMembers(64)) },
  "a million frames of nothing": { pieces: () => Readable.from(emptyFrames(1_000_000)) },
  "a Java archive in frames of a byte each": { pieces: () => Readable.from(tinyFrames(200_000)) },
  "a million owners": { pieces: () => gzipped(owners(1_000_000)) },
  "a source without an end": { pieces: () => Readable.from(endless()), size: 1e6 },
};

const FORTY_LAYERS = "forty layers of a hundred thousand entries";

const name = process.argv[2] ?? "";
const hostile = CASES[name];
if (hostile === undefined && name !== FORTY_LAYERS) {
  throw new Error(`one of ${[...Object.keys(CASES), FORTY_LAYERS].join(", ")}`);
}
const read = await (hostile ? prepareOne(hostile) : prepareForty());
console.log(JSON.stringify(await outcomeOf(read)));

async function outcomeOf(read: () => Promise<readonly LayerIndex[]>): Promise<Outcome> {
  const before = process.cpuUsage();
  let result: number | string;
  try {
    const layers = await read();
    findFacts(applyLayers(layers), layers);
    result = layers.reduce((sum, { entries }) => sum + entries.paths.length, 0);
  } catch (error) {
    result = messageOf(error).replace(/sha256:[0-9a-f]{64}/, "…");
  }
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  return { result, seconds, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function prepareOne({
  pieces,
  size,
}: Hostile): Promise<() => Promise<readonly LayerIndex[]>> {
  const digest = `sha256:${"0".repeat(64)}`;
  const described = size === undefined ? await describe(pieces()) : { digest, size };
  return async () => [await readLayer({ ...described, content: pieces() })];
}

/** An image whose layers are each small enough. */
async function prepareForty(): Promise<() => Promise<readonly LayerIndex[]>> {
  const blobs = new Map<string, () => AsyncIterable<Uint8Array>>();
  const put = async (blob: () => AsyncIterable<Uint8Array>) => {
    const described = await describe(blob());
    blobs.set(described.digest, blob);
    return described;
  };
  const putJson = (document: object) => {
    return put(() => Readable.from([Buffer.from(JSON.stringify(document))]));
  };
  const layers: object[] = [];
  for (let layer = 0; layer < 40; layer++) {
    layers.push(await put(() => gzipped(fileHeaders(`layer-${layer}`, 100_000))));
  }
  const diffIds = layers.map(() => `sha256:${"0".repeat(64)}`);
  const rootfs = { type: "layers", diff_ids: diffIds };
  const config = await putJson({ os: "linux", architecture: "amd64", rootfs });
  const { digest } = await putJson({ schemaVersion: 2, config, layers });
  const files = {
    readStream: (path: string) => blobs.get(`sha256:${basename(path)}`)?.() ?? Readable.from([]),
  };
  const forgetful = { recall: async () => undefined, remember: async () => {} };
  const store = createLayerStore({ files, log: { debug() {} } }, forgetful);
  return async () => (await store.read("layout", digest)).layers;
}

async function describe(blob: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256");
  let size = 0;
  for await (const piece of blob) {
    hash.update(piece);
    size += piece.length;
  }
  return { digest: `sha256:${hash.digest("hex")}`, size };
}

function gzipped(pieces: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  return packed(pieces, createGzip({ level: 1 }));
}

function packed(
  pieces: Iterable<Uint8Array>,
  packer: NodeJS.ReadWriteStream,
): AsyncIterable<Uint8Array> {
  const stream = Readable.from(inLargePieces(pieces)).pipe(packer);
  return Readable.from(stream);
}

function* inLargePieces(pieces: Iterable<Uint8Array>): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for (const piece of pieces) {
    waiting.push(piece);
    bytes += piece.length;
    if (bytes < 1 << 18) continue;
    yield Buffer.concat(waiting);
    waiting = [];
    bytes = 0;
  }
  yield Buffer.concat(waiting);
}

/** Files of names of their own, in one folder. Each header is the last one with other digits. */
function* fileHeaders(folder: string, count: number): Generator<Uint8Array> {
  const start = folder.length + "/file-".length;
  const header = Buffer.from(craft({ path: `${folder}/file-${"0".repeat(DIGITS)}` }));
  const sum = Number.parseInt(header.toString("latin1", 148, 154), 8);
  for (let number = 0; number < count; number++) {
    let rest = number;
    let added = 0;
    for (let at = start + DIGITS - 1; at >= start; at--) {
      const digit = rest % 10;
      header[at] = 0x30 + digit;
      added += digit;
      rest = (rest - digit) / 10;
    }
    header.write((sum + added).toString(8).padStart(6, "0"), 148, "latin1");
    yield Buffer.from(header);
  }
  yield END_OF_ARCHIVE;
}

function* whiteouts(count: number, pathOf: (number: number) => string): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) yield craft({ path: pathOf(number) });
  yield END_OF_ARCHIVE;
}

function* longPaths(count: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) {
    const path = `${`folder-${number}/`.repeat(5000)}file`;
    yield Buffer.concat([gnuLong("L", path), craft({ path: "x", magic: GNU })]);
  }
  yield END_OF_ARCHIVE;
}

function* owners(count: number): Generator<Uint8Array> {
  for (let uid = 0; uid < count; uid++) yield craft({ path: "file", uid });
  yield END_OF_ARCHIVE;
}

function* zeros(bytes: number): Generator<Uint8Array> {
  yield craft({ path: "zeros", size: bytes });
  const piece = Buffer.alloc(1 << 20);
  for (let at = 0; at < bytes; at += piece.length) yield piece;
}

/** So many times 64 MiB, packed once. */
function* gzipMembers(count: number): Generator<Uint8Array> {
  const bytes = 64 * 2 ** 20;
  const member = gzipSync(Buffer.alloc(bytes));
  yield gzipSync(craft({ path: "zeros", size: count * bytes }));
  for (let number = 0; number < count; number++) yield member;
  yield gzipSync(END_OF_ARCHIVE);
}

function* emptyFrames(count: number): Generator<Uint8Array> {
  const frames = Buffer.concat(new Array(1000).fill(Buffer.from("28b52ffd0000010000", "hex")));
  for (let number = 0; number < count; number += 1000) yield frames;
  yield zstdCompressSync(archive({ path: "file" }));
}

/** Past what is kept of the beginning of a Java archive, each byte is a frame. */
function* tinyFrames(count: number): Generator<Uint8Array> {
  const size = 2 ** 20 + count;
  const frame = Buffer.from("28b52ffd200109000041", "hex");
  const padding = Buffer.alloc(512 - (size % 512));
  yield zstdCompressSync(Buffer.concat([craft({ path: "a.jar", size }), Buffer.alloc(2 ** 20)]));
  for (let number = 0; number < count; number += 1000) {
    yield Buffer.concat(new Array(1000).fill(frame));
  }
  yield zstdCompressSync(Buffer.concat([padding, END_OF_ARCHIVE]));
}

function* endless(): Generator<Uint8Array> {
  for (const piece = Buffer.alloc(1 << 16, "x"); ; ) yield piece;
}
