import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Files } from "../../src/host/host.ts";
import { archive, type CraftedEntry } from "../tar/tar-writer.ts";

/** A blob of a crafted layout. */
export interface CraftedBlob {
  readonly digest: string;
  readonly size: number;
}

/** What an image is crafted from. */
export interface CraftedImage {
  /** Blobs as they are stored, lowest first. */
  readonly layers: readonly CraftedLayer[];
  readonly history?: readonly object[];
  readonly platform?: { os: string; architecture: string; variant?: string };
}

export interface CraftedLayer {
  readonly blob: Uint8Array;
  /** Digest of the archive inside. */
  readonly diffId: string;
}

const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

/** An OCI layout in memory: what a room reads of one, and nothing else. */
export class CraftedLayout {
  readonly #blobs = new Map<string, Uint8Array>();
  /** How often each blob was read. */
  readonly reads = new Map<string, number>();

  /** Gives the blobs in pieces of 1000 bytes. */
  readonly files: Pick<Files, "readStream"> = {
    readStream: (path) => this.#read(`sha256:${basename(path)}`),
  };

  /** All that was put, by digest. */
  get blobs(): ReadonlyMap<string, Uint8Array> {
    return this.#blobs;
  }

  put(bytes: Uint8Array): CraftedBlob {
    const digest = digestOf(bytes);
    this.#blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  putJson(document: unknown): CraftedBlob {
    return this.put(Buffer.from(JSON.stringify(document)));
  }

  /** Stores an image, and gives its manifest. */
  putImage({ layers, history, platform }: CraftedImage): CraftedBlob {
    const config = this.putJson({
      ...(platform ?? { os: "linux", architecture: "amd64" }),
      rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
      ...(history === undefined ? {} : { history }),
    });
    return this.putJson({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: { mediaType: "application/vnd.oci.image.config.v1+json", ...config },
      layers: layers.map(({ blob }) => ({ mediaType: LAYER_TYPE, ...this.put(blob) })),
    });
  }

  /** An archive that an engine loads: a layout of one image, and what it is called. */
  archiveOf(image: CraftedImage, name: string): Uint8Array {
    const annotations = { "io.containerd.image.name": `docker.io/library/${name}` };
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const manifests = [{ mediaType, ...this.putImage(image), annotations }];
    return archive(
      { path: "oci-layout", content: '{"imageLayoutVersion":"1.0.0"}' },
      { path: "index.json", content: JSON.stringify({ schemaVersion: 2, manifests }) },
      ...[...this.#blobs].map(([digest, content]) => ({
        path: `blobs/${digest.replace(":", "/")}`,
        content,
      })),
    );
  }

  /** Puts other bytes in the place of a blob. */
  damage(digest: string, bytes: Uint8Array): void {
    this.#blobs.set(digest, bytes);
  }

  async *#read(digest: string): AsyncGenerator<Uint8Array> {
    const bytes = this.#blobs.get(digest);
    if (bytes === undefined) throw new Error(`ENOENT: no such file or directory, ${digest}`);
    this.reads.set(digest, (this.reads.get(digest) ?? 0) + 1);
    for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
  }
}

/** A layer that is stored as it is. */
export function plainLayer(...entries: readonly (CraftedEntry | Uint8Array)[]): CraftedLayer {
  const blob = archive(...entries);
  return { blob, diffId: digestOf(blob) };
}

/** A layer of an archive that is stored in some packed form. */
export function packedLayer(
  pack: (archive: Uint8Array) => Uint8Array,
  ...entries: readonly (CraftedEntry | Uint8Array)[]
): CraftedLayer {
  const bytes = archive(...entries);
  return { blob: pack(bytes), diffId: digestOf(bytes) };
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
