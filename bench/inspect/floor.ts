// node floor.ts LAYOUT BLOB...: the least that whoever checks an image's layers has to do. Each blob
// is hashed, unpacked, and what was in it hashed; two at a time, and nothing is looked at.

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import PQueue from "p-queue";
import { blobPath } from "./blob-path.ts";

const PIECE_BYTES = 256 * 1024;
const SETTINGS = { chunkSize: PIECE_BYTES, readableHighWaterMark: 4 * PIECE_BYTES };

const [layout = "", ...blobs] = process.argv.slice(2);
const queue = new PQueue({ concurrency: 2 });
await queue.addAll(blobs.map((digest) => () => read(blobPath(layout, digest), digest)));

async function read(path: string, digest: string): Promise<void> {
  const blob = createHash("sha256");
  const file = createReadStream(path, { highWaterMark: PIECE_BYTES });
  const start = await firstBytes(path);
  if (start[0] !== 0x1f || start[1] !== 0x8b) {
    for await (const piece of file) blob.update(piece);
  } else {
    const archive = createHash("sha256");
    file.on("data", (piece) => blob.update(piece));
    for await (const piece of file.pipe(createGunzip(SETTINGS))) archive.update(piece);
    archive.digest();
  }
  if (`sha256:${blob.digest("hex")}` !== digest) throw new Error(`${path} is damaged`);
}

async function firstBytes(path: string): Promise<Uint8Array> {
  for await (const piece of createReadStream(path, { end: 1 })) return piece;
  return new Uint8Array(0);
}
