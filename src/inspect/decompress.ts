import type { Duplex } from "node:stream";
import * as zlib from "node:zlib";

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
  /** What is inside. Throws errors of node:zlib when the data are damaged or cut off. */
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * Unpacks a blob, in threads of Node's own, while the caller works on what came before. Takes the
 * whole of the source in, even where the packed data end earlier.
 */
export async function decompress(source: AsyncIterable<Uint8Array>): Promise<Unpacked> {
  const input = new Input(source);
  const compression = compressionOf(await input.peek(4));
  return { compression, pieces: piecesOf(compression, input) };
}

async function* piecesOf(compression: Compression, input: Input): AsyncGenerator<Uint8Array> {
  switch (compression) {
    case "none":
      for (let chunk = await input.next(); chunk; chunk = await input.next()) yield chunk;
      break;
    case "gzip":
      yield* unpackOne(zlib.createGunzip(SETTINGS), input);
      break;
    case "zstd":
      // Node's own decoder ends with the first frame, where a blob may have thousands.
      while ((await input.peek(1)).length > 0) yield* unpackOne(createZstd(), input);
      break;
  }
  while ((await input.next()) !== undefined);
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

type Unpacker = Duplex & { readonly bytesWritten: number };

function createZstd(): Unpacker {
  if ("createZstdDecompress" in zlib) return zlib.createZstdDecompress(SETTINGS);
  throw new Error(`zstd needs Node.js 22.15 or newer, and this is ${process.version}`);
}

/** Unpacks what one unpacker takes, and gives what it left back to the input. */
async function* unpackOne(unpacker: Unpacker, input: Input): AsyncGenerator<Uint8Array> {
  const feeding = feed(unpacker, input);
  const pieces: AsyncIterable<Uint8Array> = unpacker;
  yield* pieces;
  const { unsure, before } = await feeding;
  input.giveBack(withoutFirst(unpacker.bytesWritten - before, unsure));
}

/** What was written to an unpacker and may not have been read by it, and how much came before. */
interface Fed {
  readonly unsure: readonly Uint8Array[];
  readonly before: number;
}

/** Writes until the input ends or the unpacker wants no more. Failures end the unpacker. */
async function feed(unpacker: Unpacker, input: Input): Promise<Fed> {
  const unsure: Uint8Array[] = [];
  let before = 0;
  try {
    for (let chunk = await input.next(); chunk; chunk = await input.next()) {
      unsure.push(chunk);
      if (isOver(unpacker)) return { unsure, before };
      if (!unpacker.write(chunk)) await roomIn(unpacker);
      while (unsure[0] && before + unsure[0].length <= unpacker.bytesWritten) {
        before += unsure.shift()?.length ?? 0;
      }
    }
    unpacker.end();
  } catch (error) {
    unpacker.destroy(error instanceof Error ? error : new Error(String(error)));
  }
  return { unsure, before };
}

function isOver(unpacker: Unpacker): boolean {
  return unpacker.readableEnded || unpacker.destroyed;
}

/** Waits until more can be written, or until nothing more can ever be. */
function roomIn(unpacker: Unpacker): Promise<void> {
  const events = ["drain", "end", "close"] as const;
  return new Promise((resolve) => {
    const onEvent = () => {
      for (const event of events) unpacker.off(event, onEvent);
      resolve();
    };
    for (const event of events) unpacker.on(event, onEvent);
  });
}

function withoutFirst(bytes: number, chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const rest: Uint8Array[] = [];
  let skipped = 0;
  for (const chunk of chunks) {
    const skip = Math.min(chunk.length, bytes - skipped);
    skipped += skip;
    if (skip < chunk.length) rest.push(chunk.subarray(skip));
  }
  return rest;
}

/** A source that can be looked into, and that takes back what was not needed. */
class Input {
  readonly #source: AsyncIterator<Uint8Array>;
  /** To be given again, before anything new. */
  #returned: Uint8Array[] = [];

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next chunk; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    const returned = this.#returned.shift();
    if (returned !== undefined) return returned;
    const result = await this.#source.next();
    return result.done === true ? undefined : result.value;
  }

  giveBack(chunks: readonly Uint8Array[]): void {
    this.#returned = [...chunks, ...this.#returned];
  }

  /** The next bytes without taking them: at least as many as asked for, or all there are. */
  async peek(bytes: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    let length = 0;
    while (length < bytes) {
      const chunk = await this.next();
      if (chunk === undefined) break;
      chunks.push(chunk);
      length += chunk.length;
    }
    const start = Buffer.concat(chunks);
    if (start.length > 0) this.giveBack([start]);
    return start;
  }
}
