import type { Duplex } from "node:stream";
import * as zlib from "node:zlib";
import { release } from "../column.ts";
import { cutAtFrames, type OnFrame } from "./zstd-frames.ts";

/** How a layer's blob is packed. */
export type Compression = "none" | "gzip" | "zstd";

/**
 * What the first four bytes of a blob say it is, whatever its media type claims: engines look at
 * the bytes too. zstd may begin with a frame that is to be skipped.
 * https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 and
 * https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export function compressionOf(start: Uint8Array): Compression {
  const magic = Buffer.from(start.subarray(0, 4)).toString("hex");
  if (magic.startsWith("1f8b")) return "gzip";
  return magic === "28b52ffd" || /^5.2a4d18$/.test(magic) ? "zstd" : "none";
}

/** A blob that is being unpacked. */
export interface Unpacked {
  readonly compression: Compression;
  /**
   * What is inside. A piece is gone when the next is asked for: copy what outlives that. Throws errors
   * of node:zlib when the data are damaged or cut off.
   */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * Unpacks a blob, in threads of Node's own, while the caller works on what came before. What stands
 * behind the packed data may stay unread.
 * @param onFrame counts frames of zstd, each of which costs a round trip to the thread that unpacks it,
 * be it empty; what it throws the pieces throw
 */
export async function decompress(
  source: AsyncIterable<Uint8Array>,
  onFrame: OnFrame = () => {},
): Promise<Unpacked> {
  const chunks = source[Symbol.asyncIterator]();
  const start = await takeAtLeast(4, chunks);
  const compression = compressionOf(Buffer.concat(start));
  return { compression, pieces: unpack(compression, from(start, chunks), onFrame) };
}

type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

async function* unpack(compression: Compression, chunks: Chunks, onFrame: OnFrame): Chunks {
  switch (compression) {
    case "none":
      for await (const chunk of chunks) {
        yield chunk;
        releaseFull(chunk);
      }
      break;
    case "gzip":
      yield* pump(chunks, zlib.createGunzip(SETTINGS));
      break;
    case "zstd":
      yield* pump(cutAtFrames(chunks, onFrame), createZstd());
      break;
  }
}

const PIECE_BYTES = 256 * 1024;

/**
 * Larger pieces than Node's own, since each costs a round trip to the thread that unpacks it, and
 * room for several, so that the thread goes on while the last one is being read.
 */
const SETTINGS = {
  chunkSize: PIECE_BYTES,
  readableHighWaterMark: 4 * PIECE_BYTES,
  writableHighWaterMark: 2 * PIECE_BYTES,
};

function createZstd(): Duplex {
  if ("createZstdDecompress" in zlib) return zlib.createZstdDecompress(SETTINGS);
  throw new Error(`zstd needs Node.js 22.15 or newer, and this is ${process.version}`);
}

/** What an unpacker makes of the chunks. */
async function* pump(chunks: Chunks, unpacker: Duplex): Chunks {
  const feeding = feed(unpacker, chunks);
  const pieces: AsyncIterable<Uint8Array> = unpacker;
  for await (const piece of pieces) {
    yield piece;
    releaseFull(piece);
  }
  await feeding;
}

/**
 * Frees the buffer that a piece is of, unless more will be put into it: files and unpackers fill one
 * of this size after another. Left to be found as garbage, they cost a fifth of all time, and at times
 * hundreds of megabytes.
 */
function releaseFull(piece: Uint8Array): void {
  const { buffer, byteOffset, length } = piece;
  if (buffer.byteLength === PIECE_BYTES && byteOffset + length === PIECE_BYTES) release(piece);
}

/** Writes all chunks, or those up to the end of the packed data. Passes a failure on. */
async function feed(unpacker: Duplex, chunks: Chunks): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (unpacker.readableEnded || unpacker.destroyed) return;
      const hasRoom = unpacker.write(chunk, () => releaseFull(chunk));
      if (!hasRoom) await roomIn(unpacker);
    }
    unpacker.end();
  } catch (error) {
    unpacker.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Waits until more can be written, or until nothing more can ever be. */
function roomIn(unpacker: Duplex): Promise<void> {
  const events = ["drain", "end", "close"] as const;
  return new Promise((resolve) => {
    const onEvent = () => {
      for (const event of events) unpacker.off(event, onEvent);
      resolve();
    };
    for (const event of events) unpacker.on(event, onEvent);
  });
}

async function takeAtLeast(
  bytes: number,
  chunks: AsyncIterator<Uint8Array>,
): Promise<readonly Uint8Array[]> {
  const taken: Uint8Array[] = [];
  for (let length = 0; length < bytes; ) {
    const next = await chunks.next();
    if (next.done === true) break;
    taken.push(next.value);
    length += next.value.length;
  }
  return taken;
}

async function* from(start: readonly Uint8Array[], chunks: AsyncIterator<Uint8Array>): Chunks {
  yield* start;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    yield next.value;
  }
}
