// An OCI image layout that lives from run to run: which images are in it, and under which names.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md

import { join } from "node:path";
import { messageOf } from "../errors.ts";
import { asRecord } from "../foreign-json.ts";
import type { Host } from "../host/host.ts";
import { type ImageManifest, parseImageManifest, parseManifest } from "../oci-documents.ts";
import { Blobs } from "./blobs.ts";
import { removeUnless } from "./mend.ts";

/** An image of the layout, as `index.json` lists it. */
export interface LayoutEntry {
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of the manifest. */
  readonly size: number;
  /** `org.opencontainers.image.ref.name`, one each: `image/stage`. None: from an earlier run. */
  readonly names: readonly string[];
  /** Milliseconds since 1970 of the last run that used it. */
  readonly lastUsed: number;
}

/**
 * An OCI image layout that is kept between runs.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
 */
export interface Layout {
  /** Absolute path of the layout's folder. */
  readonly folder: string;
  entries(): readonly LayoutEntry[];
  blobPath(digest: string): string;
  /** Bytes of a blob that is there and was not damaged since it was checked; else undefined. */
  blobBytes(digest: string): Promise<number | undefined>;
  /** Whether a manifest, its configuration and all of its layers are there. */
  hasImage(digest: string): Promise<boolean>;
  /** Takes a blob in under the digest that its bytes have, and returns that. */
  takeBlob(bytes: AsyncIterable<Uint8Array>): Promise<string>;
  /** Lists an image whose blobs are all there under a name, taking that name from any other. */
  addImage(digest: string, name: string): Promise<void>;
  /** Removes images, those that are damaged too, and every blob that no image is left to need. */
  keepOnly(digests: ReadonlySet<string>): Promise<void>;
  /** What the manifest of a listed image says. */
  documents(digest: string): Promise<ImageManifest>;
  /** The manifest itself, as it was received. */
  manifest(digest: string): Promise<{ readonly mediaType: string; readonly text: string }>;
  /** Writes `index.json` and what we know of the blobs. */
  save(): Promise<void>;
  /**
   * Writes a layout of this run alone over the same blobs: what later runs name or leave unnamed in
   * this one changes nothing there.
   * @param folder absolute path; what is there goes
   * @param outlives whether that one stays when this one goes: then it has its blobs to itself
   */
  listIn(folder: string, outlives?: boolean): Promise<void>;
}

type LayoutHost = Pick<Host, "files" | "log" | "clock">;

const INDEX_TYPE = "application/vnd.oci.image.index.v1+json";
const BLOBS = "blobs";
const NAME_ANNOTATION = "org.opencontainers.image.ref.name";

/** Opens a layout or makes an empty one. Images whose blobs are missing or damaged are forgotten. */
export async function openLayout(host: LayoutHost, folder: string): Promise<Layout> {
  const layout = new StoredLayout(host, folder);
  await layout.load();
  return layout;
}

class StoredLayout implements Layout {
  readonly folder: string;
  readonly #host: LayoutHost;
  readonly #entries = new Map<string, LayoutEntry>();
  readonly #blobs: Blobs;

  constructor(host: LayoutHost, folder: string) {
    this.#host = host;
    this.#blobs = new Blobs(host, folder);
    this.folder = folder;
  }

  entries(): readonly LayoutEntry[] {
    return [...this.#entries.values()];
  }

  blobPath(digest: string): string {
    return this.#blobs.path(digest);
  }

  async blobBytes(digest: string): Promise<number | undefined> {
    return await this.#blobs.bytes(digest);
  }

  async hasImage(digest: string): Promise<boolean> {
    if ((await this.blobBytes(digest)) === undefined) return false;
    const { config, layers } = await this.documents(digest);
    for (const blob of [config, ...layers]) {
      if ((await this.blobBytes(blob.digest)) === undefined) return false;
    }
    return true;
  }

  async takeBlob(bytes: AsyncIterable<Uint8Array>): Promise<string> {
    return await this.#blobs.take(bytes);
  }

  async addImage(digest: string, name: string): Promise<void> {
    for (const entry of this.#entries.values()) {
      const names = entry.names.filter((other) => other !== name);
      this.#entries.set(entry.digest, { ...entry, names });
    }
    const { mediaType, text } = await this.manifest(digest);
    const size = Buffer.byteLength(text);
    const lastUsed = this.#host.clock.now();
    const names = [...(this.#entries.get(digest)?.names ?? []), name];
    this.#entries.set(digest, { digest, mediaType, size, names, lastUsed });
  }

  async keepOnly(digests: ReadonlySet<string>): Promise<void> {
    const needed = new Set<string>();
    for (const digest of [...this.#entries.keys()]) {
      if (!digests.has(digest)) {
        this.#entries.delete(digest);
        continue;
      }
      const documents = await this.documents(digest).catch(() => undefined);
      if (documents === undefined) {
        this.#entries.delete(digest);
        continue;
      }
      for (const blob of blobsOf(digest, documents)) needed.add(blob);
    }
    // The index first: were we stopped in between, it would list nothing that is gone.
    await this.save();
    await this.#blobs.keepOnly(needed);
  }

  async documents(digest: string): Promise<ImageManifest> {
    const text = await this.#host.files.readText(this.blobPath(digest));
    return parseImageManifest(JSON.parse(text));
  }

  async manifest(digest: string): Promise<{ mediaType: string; text: string }> {
    const text = await this.#host.files.readText(this.blobPath(digest));
    return { mediaType: parseImageManifest(JSON.parse(text)).mediaType, text };
  }

  async listIn(folder: string, outlives = false): Promise<void> {
    const { files } = this.#host;
    await files.remove(folder);
    const own = this.entries().filter(({ names }) => names.length > 0);
    await this.#writeIndex(folder, own);
    if (await this.#putBlobs(folder, own, outlives)) return;
    await files.remove(join(folder, BLOBS));
    await files.symlink(join(this.folder, BLOBS), join(folder, BLOBS));
  }

  /** Linked or copied they stay, whatever becomes of this layout; false where that cannot be. */
  async #putBlobs(
    folder: string,
    entries: readonly LayoutEntry[],
    mayCopy: boolean,
  ): Promise<boolean> {
    const { files } = this.#host;
    await files.makeFolder(join(folder, BLOBS, "sha256"));
    for (const { digest } of entries) {
      for (const blob of blobsOf(digest, await this.documents(digest))) {
        const path = join(folder, BLOBS, ...blob.split(":"));
        if (mayCopy) await files.link(this.blobPath(blob), path);
        else if (!(await files.linkOnly(this.blobPath(blob), path))) return false;
      }
    }
    return true;
  }

  async #writeIndex(folder: string, entries: readonly LayoutEntry[]): Promise<void> {
    const { files } = this.#host;
    const manifests = entries.flatMap(descriptorsOf);
    const index = { schemaVersion: 2, mediaType: INDEX_TYPE, manifests };
    await files.writeText(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}\n');
    await files.writeText(join(folder, "index.json"), `${JSON.stringify(index, null, 2)}\n`);
  }

  async save(): Promise<void> {
    const { files } = this.#host;
    await this.#writeIndex(this.folder, this.entries());
    const kept = {
      seals: this.#blobs.seals(),
      lastUsed: Object.fromEntries(this.entries().map((entry) => [entry.digest, entry.lastUsed])),
    };
    await files.writeText(this.#keptPath(), JSON.stringify(kept));
  }

  async load(): Promise<void> {
    await removeUnless(this.#host, this.folder, "folder");
    for (const file of [this.#keptPath(), join(this.folder, "index.json")]) {
      await removeUnless(this.#host, file, "file");
    }
    await this.#blobs.prepare();
    const lastUsed = await this.#loadKept();
    for (const entry of await this.#loadIndex()) {
      const isWhole = await this.#isWhole(entry.digest).catch(() => false);
      if (!isWhole) continue;
      // Names are given anew by each run: those that are left over belong to other Dockerfiles.
      const used = lastUsed.get(entry.digest) ?? 0;
      this.#entries.set(entry.digest, { ...entry, names: [], lastUsed: used });
    }
  }

  /** Takes no seal's word for the documents, which are small and which every run needs. */
  async #isWhole(digest: string): Promise<boolean> {
    this.#blobs.distrust(digest);
    if ((await this.blobBytes(digest)) === undefined) return false;
    const { config } = await this.documents(digest);
    this.#blobs.distrust(config.digest);
    return await this.hasImage(digest);
  }

  async #loadIndex(): Promise<readonly Omit<LayoutEntry, "lastUsed" | "names">[]> {
    const path = join(this.folder, "index.json");
    if ((await this.#host.files.stat(path)) === undefined) return [];
    try {
      return listedImages(JSON.parse(await this.#host.files.readText(path)));
    } catch (error) {
      this.#host.log.info(`The kept layout cannot be read and is made anew: ${messageOf(error)}`);
      return [];
    }
  }

  /** Fills the seals; returns when each image was last used. Whatever does not fit is left out. */
  async #loadKept(): Promise<ReadonlyMap<string, number>> {
    const lastUsed = new Map<string, number>();
    try {
      const kept = asRecord(JSON.parse(await this.#host.files.readText(this.#keptPath())));
      for (const [digest, seal] of Object.entries(asRecord(kept.seals))) {
        const { bytes, modified } = asRecord(seal);
        if (typeof bytes === "number" && typeof modified === "number") {
          this.#blobs.seal(digest, { bytes, modified });
        }
      }
      for (const [digest, time] of Object.entries(asRecord(kept.lastUsed))) {
        if (typeof time === "number") lastUsed.set(digest, time);
      }
    } catch {
      // Without it every blob is hashed once more: slower, never wrong.
    }
    return lastUsed;
  }

  /** Beside the layout, not in it: a layout holds nothing but what its specification names. */
  #keptPath(): string {
    return `${this.folder}.json`;
  }
}

/** The manifest, the configuration and the layers. */
function blobsOf(digest: string, { config, layers }: ImageManifest): readonly string[] {
  return [digest, config.digest, ...layers.map((layer) => layer.digest)];
}

/** What is listed without a media type is none of ours. */
function listedImages(
  index: unknown,
): readonly Pick<LayoutEntry, "digest" | "mediaType" | "size">[] {
  const document = parseManifest(index);
  if (document.kind === "image") throw new Error("index.json lists no manifests");
  return document.manifests.flatMap(({ digest, mediaType, size }) =>
    mediaType === undefined ? [] : [{ digest, mediaType, size }],
  );
}

/** One for each name; an image without a name is listed once. */
function descriptorsOf({ digest, mediaType, size, names }: LayoutEntry): readonly object[] {
  const descriptor = { mediaType, digest, size };
  if (names.length === 0) return [descriptor];
  return names.map((name) => ({ ...descriptor, annotations: { [NAME_ANNOTATION]: name } }));
}
