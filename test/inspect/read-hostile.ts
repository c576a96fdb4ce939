// node read-hostile.ts CASE: reads a layer, or an image, that was made to exhaust whoever reads it, in
// a process of its own whose memory can be told. Prints what came of it as JSON.

import { createHash } from "node:crypto";
import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGzip, createZstdCompress } from "node:zlib";
import { messageOf } from "../../src/errors.ts";
import type { LayerIndex } from "../../src/inspect/layer-index.ts";
import { readLayer } from "../../src/inspect/layer-reader.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { applyLayers } from "../../src/inspect/layers.ts";
import { craft, END_OF_ARCHIVE, GNU, gnuLong } from "../tar/tar-writer.ts";

/** What came of reading it. */
export interface Outcome {
  /** Entries; or why it was refused. */
  readonly result: number | string;
  readonly peakBytes: number;
}

/** The pieces of each layer's blob; made anew each time that they are asked for. */
const CASES: Readonly<Record<string, () => AsyncIterable<Uint8Array>>> = {
  "ten million entries": () => packed(fileHeaders("all", 10_000), createGzip({ level: 1 })),
  "a million whiteouts of one folder": () =>
    packed(
      whiteouts(1_000_000, (number) => `folder/.wh.name-${number}`),
      createGzip({ level: 1 }),
    ),
  "a folder that is hidden a million times": () =>
    packed(
      whiteouts(1_000_000, () => "some/.wh.folder"),
      createGzip({ level: 1 }),
    ),
  "paths of 64 KB": () => packed(longPaths(2000), createGzip({ level: 1 })),
  "four gigabytes of zeros through zstd": () => packed(zeros(4e9), createZstdCompress()),
  "a million owners": () => packed(owners(1_000_000), createGzip({ level: 1 })),
};

const FORTY_LAYERS = "forty layers of a hundred thousand entries";

const name = process.argv[2] ?? "";
const make = CASES[name];
if (make === undefined && name !== FORTY_LAYERS) {
  throw new Error(`one of ${[...Object.keys(CASES), FORTY_LAYERS].join(", ")}`);
}
console.log(JSON.stringify(await outcomeOf(() => (make ? readOne(make) : readForty()))));

async function outcomeOf(read: () => Promise<readonly LayerIndex[]>): Promise<Outcome> {
  let result: number | string;
  try {
    const layers = await read();
    applyLayers(layers);
    result = layers.reduce((sum, { entries }) => sum + entries.paths.length, 0);
  } catch (error) {
    result = messageOf(error).replace(/sha256:[0-9a-f]{64}/, "…");
  }
  return { result, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function readOne(blob: () => AsyncIterable<Uint8Array>): Promise<readonly LayerIndex[]> {
  return [await readLayer({ ...(await describe(blob())), content: blob() })];
}

/** An image whose layers are each small enough. */
async function readForty(): Promise<readonly LayerIndex[]> {
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
    const gzip = () => createGzip({ level: 1 });
    layers.push(await put(() => packed(fileHeaders(`layer-${layer}`, 100), gzip())));
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
  return (await store.read("layout", digest)).layers;
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

/** A thousand files in a folder, again and again. */
function* fileHeaders(folder: string, times: number): Generator<Uint8Array> {
  const pathOf = (number: number) => `${folder}/file-${number}`;
  const headers = Array.from({ length: 1000 }, (_, number) => craft({ path: pathOf(number) }));
  const piece = Buffer.concat(headers);
  for (let count = 0; count < times; count++) yield piece;
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
