// The blobs of an OCI image layout that lives from run to run. They are named by their content, so
// a blob is either right or gone: one that was not written or checked by us is hashed before it is
// used.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md#blobs

import { createHash, type Hash, randomUUID } from "node:crypto";
import { join } from "node:path";
import PQueue from "p-queue";
import type { Host } from "../host/host.ts";
import { removeUnless } from "./mend.ts";

/** What a blob looked like when its content was last known to be right. */
export interface BlobSeal {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** The blobs in a layout's folder, with what is known of each. */
export class Blobs {
  readonly #host: Pick<Host, "files" | "log">;
  /** The layout's. */
  readonly #folder: string;
  readonly #seals = new Map<string, BlobSeal>();
  /** What looks at a blob, removes it or puts it in place does so alone. */
  readonly #turns = new Map<string, PQueue>();

  constructor(host: Pick<Host, "files" | "log">, folder: string) {
    this.#host = host;
    this.#folder = folder;
  }

  /** Throws for what is no SHA-256 digest. */
  path(digest: string): string {
    if (!DIGEST.test(digest)) throw new Error(`not a SHA-256 digest: ${digest}`);
    return join(this.#blobsFolder(), digest.slice("sha256:".length));
  }

  /** Makes the folders, and throws away what a run that was killed had not yet taken in whole. */
  async prepare(): Promise<void> {
    for (const folder of [join(this.#folder, "blobs"), this.#blobsFolder()]) {
      await removeUnless(this.#host, folder, "folder");
    }
    await this.#host.files.makeFolder(this.#blobsFolder());
    await this.#host.files.remove(this.#arrivals());
  }

  /** Bytes of a blob that is there and is right; one that is damaged is removed. */
  async bytes(digest: string): Promise<number | undefined> {
    const path = this.path(digest);
    return await this.#inTurn(digest, () => this.#checkedBytes(digest, path));
  }

  /** Takes a blob in under the digest that its bytes have, and returns that. */
  async take(bytes: AsyncIterable<Uint8Array>): Promise<string> {
    const { files } = this.#host;
    const arriving = join(this.#arrivals(), randomUUID());
    const hash = createHash("sha256");
    await files.writeStream(arriving, hashed(bytes, hash));
    const digest = `sha256:${hash.digest("hex")}`;
    await this.#inTurn(digest, async () => {
      const path = this.path(digest);
      await files.rename(arriving, path);
      const stat = await files.stat(path);
      if (stat === undefined) throw new Error(`${path} is gone right after it was written`);
      this.#seals.set(digest, { bytes: stat.bytes, modified: stat.modifiedMilliseconds });
    });
    return digest;
  }

  /** Removes every blob but these. */
  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    for (const name of await this.#host.files.list(this.#blobsFolder())) {
      const digest = `sha256:${name}`;
      if (digests.has(digest)) continue;
      this.#seals.delete(digest);
      await this.#host.files.remove(join(this.#blobsFolder(), name));
    }
  }

  /** What is known of each blob, by digest. */
  seals(): Readonly<Record<string, BlobSeal>> {
    return Object.fromEntries(this.#seals);
  }

  /** Believes what an earlier run knew of a blob. */
  seal(digest: string, seal: BlobSeal): void {
    this.#seals.set(digest, seal);
  }

  /** Has a blob hashed anew when it is next asked for. */
  distrust(digest: string): void {
    this.#seals.delete(digest);
  }

  async #checkedBytes(digest: string, path: string): Promise<number | undefined> {
    await removeUnless(this.#host, path, "file");
    const stat = await this.#host.files.stat(path);
    if (stat === undefined) return undefined;
    const seal = this.#seals.get(digest);
    const untouched = seal?.bytes === stat.bytes && seal.modified === stat.modifiedMilliseconds;
    if (untouched) return stat.bytes;
    if (await this.#hashes(path, digest)) {
      this.#seals.set(digest, { bytes: stat.bytes, modified: stat.modifiedMilliseconds });
      return stat.bytes;
    }
    this.#host.log.info(`The kept blob ${digest} is damaged; it is made again`);
    await this.#host.files.remove(path);
    this.#seals.delete(digest);
    return undefined;
  }

  async #hashes(path: string, digest: string): Promise<boolean> {
    const hash = createHash("sha256");
    for await (const chunk of this.#host.files.readStream(path)) hash.update(chunk);
    return `sha256:${hash.digest("hex")}` === digest;
  }

  /**
   * Stages that share a layer ask for it at the same moment: were a damaged blob checked twice at
   * once, the slower would remove what had been taken in anew meanwhile.
   */
  async #inTurn<T>(digest: string, task: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(digest) ?? new PQueue({ concurrency: 1 });
    this.#turns.set(digest, turns);
    return await turns.add(task);
  }

  #blobsFolder(): string {
    return join(this.#folder, "blobs", "sha256");
  }

  #arrivals(): string {
    return join(this.#folder, "ingest");
  }
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, hash: Hash): AsyncIterable<Uint8Array> {
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
}
