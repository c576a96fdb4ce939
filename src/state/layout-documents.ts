// The two JSON documents of an OCI layout that say which blobs belong together.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md

import { asRecord } from "../foreign-json.ts";

/** A blob as a document names it. */
export interface BlobReference {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** What a manifest says, and the manifest itself as a blob. */
export interface ImageDocuments {
  readonly mediaType: string;
  /** Bytes of the manifest. */
  readonly size: number;
  readonly config: BlobReference;
  readonly layers: readonly BlobReference[];
}

/** Media type of the manifest of one platform's image. */
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/**
 * Reads a manifest of one platform.
 * @throws Error when it is anything else, such as an index.
 */
export function parseManifest(text: string, digest: string): ImageDocuments {
  const manifest = asRecord(JSON.parse(text));
  // BuildKit writes `null` for an image without layers, such as `FROM scratch` alone.
  const layers = manifest.layers === null ? [] : manifest.layers;
  const config = parseReference(manifest.config);
  if (!Array.isArray(layers) || config === undefined) {
    throw new Error(`${digest} is not an image manifest`);
  }
  const mediaType = manifest.mediaType;
  return {
    mediaType: typeof mediaType === "string" ? mediaType : MANIFEST_TYPE,
    size: Buffer.byteLength(text),
    config,
    layers: layers.map((layer) => parseReference(layer)).filter((layer) => layer !== undefined),
  };
}

/** Reads the images that an `index.json` lists; what is not a descriptor is left out. */
export function parseIndex(
  text: string,
): readonly { digest: string; mediaType: string; size: number }[] {
  const { manifests } = asRecord(JSON.parse(text));
  if (!Array.isArray(manifests)) throw new Error("index.json lists no manifests");
  return manifests.flatMap((value: unknown) => {
    const reference = parseReference(value);
    const { mediaType } = asRecord(value);
    return reference === undefined || typeof mediaType !== "string"
      ? []
      : [{ ...reference, mediaType }];
  });
}

function parseReference(value: unknown): BlobReference | undefined {
  const { digest, size } = asRecord(value);
  if (typeof digest !== "string" || typeof size !== "number") return undefined;
  return { digest, size };
}
