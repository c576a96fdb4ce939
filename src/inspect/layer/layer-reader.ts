import { createHash } from "node:crypto";
import { messageOf, ToolError } from "../../errors.ts";
import { ArchiveReader, type LayerContent } from "./archive-reader.ts";
import { decompress } from "./decompress.ts";
import type { LayerIndex } from "./layer-index.ts";
import {
  checkFrames,
  checkLimits,
  LAYER_LIMITS,
  type LayerLimits,
  LimitError,
} from "./layer-limits.ts";

/** A layer's blob: what the manifest says of it, and its bytes. */
export interface LayerBlob {
  readonly digest: string;
  /** Bytes, as the manifest has them. */
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/**
 * Reads a layer once, from end to end: hashes the blob, unpacks it, hashes the archive and reads
 * its headers, all at the same time, keeping nothing but the index.
 * @throws ToolError, naming the blob, when its bytes are not those of its digest, when they are no
 * layer, or when they go beyond a limit.
 */
export async function readLayer(
  blob: LayerBlob,
  limits: LayerLimits = LAYER_LIMITS,
): Promise<LayerIndex> {
  const meter = new Meter(blob);
  try {
    const { diffId, content } = await readArchive(meter, limits);
    await verify(blob, meter);
    return {
      digest: blob.digest,
      download: blob.size,
      // What is not packed is the archive itself.
      diffId: diffId ?? blob.digest,
      ...content,
    };
  } catch (error) {
    const explanation = await explained(error, blob, meter);
    await meter.close();
    throw explanation;
  }
}

async function readArchive(
  meter: Meter,
  limits: LayerLimits,
): Promise<{ readonly diffId: string | undefined; readonly content: LayerContent }> {
  const { compression, pieces } = await decompress(meter, (frames) => checkFrames(frames, limits));
  const hash = compression === "none" ? undefined : createHash("sha256");
  const archive = new ArchiveReader(limits);
  let archiveBytes = 0;
  for await (const piece of pieces) {
    hash?.update(piece);
    archive.write(piece);
    archiveBytes += piece.length;
    checkLimits({ blobBytes: meter.bytes, archiveBytes, archive }, limits);
  }
  const content = archive.end();
  return { diffId: hash && `sha256:${hash.digest("hex")}`, content };
}

/** Hashes and counts what goes through it, which is never much more than the blob should have. */
class Meter implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #size: number;
  readonly #hash = createHash("sha256");
  #bytes = 0;
  /** Why the source gave no more, where that was not its end. */
  #failure: unknown;

  constructor({ content, size }: LayerBlob) {
    this.#source = content[Symbol.asyncIterator]();
    this.#size = size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** Ending the loop early does not close the source: see `finish` and `close`. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return { next: () => this.#next() };
  }

  /** Lets the rest of the source through, and gives the digest of the whole. */
  async finish(): Promise<string> {
    for await (const _chunk of this);
    return `sha256:${this.#hash.digest("hex")}`;
  }

  /** Gives the source up. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    const result = await this.#ask();
    if (result.done === true) return result;
    this.#hash.update(result.value);
    this.#bytes += result.value.length;
    // At once: a source that is not what it should be may have no end.
    if (this.#bytes > this.#size) {
      throw new DamageError(`it has more bytes than the ${this.#size} that the manifest has`);
    }
    return result;
  }

  async #ask(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#source.next();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }
}

async function verify(blob: LayerBlob, meter: Meter): Promise<void> {
  const digest = await meter.finish();
  if (meter.bytes !== blob.size) {
    throw new DamageError(`it has ${meter.bytes} bytes where the manifest has ${blob.size}`);
  }
  if (digest !== blob.digest) throw new DamageError(`its bytes hash to ${digest}`);
}

/** A blob whose bytes are not those that its digest was made of. */
class DamageError extends Error {}

async function explained(error: unknown, blob: LayerBlob, meter: Meter): Promise<ToolError> {
  if (meter.failure !== undefined) return failed(blob, "cannot be read", meter.failure);
  if (error instanceof LimitError) return failed(blob, "is refused", error);
  if (error instanceof DamageError) return failed(blob, "is damaged", error);
  try {
    // Damage to the blob explains whatever came of it.
    await verify(blob, meter);
    return failed(blob, "is no layer that can be read", error);
  } catch (damage) {
    return failed(blob, "is damaged", damage);
  }
}

function failed(blob: LayerBlob, what: string, cause: unknown): ToolError {
  return new ToolError(`The layer ${blob.digest} ${what}: ${messageOf(cause)}`, {
    command: `read blob ${blob.digest}`,
    cause,
  });
}
