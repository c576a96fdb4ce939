// The JSON documents of an image: manifests, indexes that list them, configurations.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/spec.md

import { asList, asRecord } from "./foreign-json.ts";

/** A blob as a document names it. */
export interface Descriptor {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** A manifest that an index lists. */
export interface IndexEntry extends Descriptor {
  /** Where it says. */
  readonly mediaType?: string;
  /** `os/arch[/variant]`, where it says. */
  readonly platform?: string;
  /** Says something about another manifest, such as where that came from; no image. */
  readonly isAttestation: boolean;
}

/** What the manifest of one platform says. */
export interface ImageManifest {
  readonly kind: "image";
  readonly mediaType: string;
  readonly config: Descriptor;
  /** Lowest first. */
  readonly layers: readonly Descriptor[];
}

/** What a manifest can turn out to be. */
export type Manifest =
  | ImageManifest
  | { readonly kind: "index"; readonly manifests: readonly IndexEntry[] };

/** One instruction of the past, as the builder noted it. Hostile text; it can hold secrets. */
export interface HistoryEntry {
  readonly createdBy: string;
  readonly comment: string;
  /** Made no layer. */
  readonly isEmpty: boolean;
}

/** An image's configuration, as far as we need it. */
export interface ImageConfig {
  /** `os/arch[/variant]`. */
  readonly platform: string;
  /** Digests of the layers' archives, lowest first. */
  readonly diffIds: readonly string[];
  /** Oldest first; empty where there is none. */
  readonly history: readonly HistoryEntry[];
}

/** Of an image's manifest, where it does not say another. */
export const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

/**
 * Reads an image manifest or an index, Docker's or OCI's own.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md and image-index.md there
 * @throws Error saying what is missing.
 */
export function parseManifest(document: unknown): Manifest {
  const { manifests, config, layers, mediaType = MANIFEST_TYPE } = asRecord(document);
  if (Array.isArray(manifests)) return { kind: "index", manifests: manifests.map(parseIndexEntry) };
  if (!isListOrNull(layers) || typeof mediaType !== "string") {
    throw new Error("it is neither an image manifest nor an index");
  }
  const layerList = asList(layers).map(parseDescriptor);
  return { kind: "image", mediaType, config: parseDescriptor(config), layers: layerList };
}

/**
 * Reads a manifest of one platform.
 * @throws Error when it is anything else, such as an index.
 */
export function parseImageManifest(document: unknown): ImageManifest {
  const manifest = parseManifest(document);
  if (manifest.kind === "image") return manifest;
  throw new Error("it is no image manifest, but an index");
}

/**
 * Reads an image configuration.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md
 * @throws Error saying what is missing.
 */
export function parseConfig(document: unknown): ImageConfig {
  const { rootfs, history } = asRecord(document);
  const { diff_ids: diffIds } = asRecord(rootfs);
  const platform = parsePlatform(document);
  if (platform === undefined) throw new Error("it names no platform");
  const digests = asList(diffIds);
  if (!isListOrNull(diffIds) || !digests.every((id) => typeof id === "string")) {
    throw new Error("it lists no layers");
  }
  return { platform, diffIds: digests, history: asList(history).map(parseHistory) };
}

/** An image without any layer has `null` for its list: that is how Go writes an empty one. */
function isListOrNull(value: unknown): boolean {
  return value === null || Array.isArray(value);
}

function parseIndexEntry(value: unknown): IndexEntry {
  const { mediaType, platform: platformFields, annotations } = asRecord(value);
  const platform = parsePlatform(platformFields);
  const isAttestation =
    platform === "unknown/unknown" || "vnd.docker.reference.type" in asRecord(annotations);
  return {
    ...parseDescriptor(value),
    ...(typeof mediaType === "string" && { mediaType }),
    ...(platform !== undefined && { platform }),
    isAttestation,
  };
}

function parsePlatform(value: unknown): string | undefined {
  const { os, architecture, variant } = asRecord(value);
  if (typeof os !== "string" || typeof architecture !== "string") return undefined;
  const hasVariant = typeof variant === "string" && variant !== "";
  return [os, architecture, ...(hasVariant ? [variant] : [])].join("/");
}

function parseDescriptor(value: unknown): Descriptor {
  const { digest, size } = asRecord(value);
  if (typeof digest !== "string" || typeof size !== "number" || !Number.isSafeInteger(size)) {
    throw new Error("it names a blob without a digest or a size");
  }
  return { digest, size };
}

function parseHistory(value: unknown): HistoryEntry {
  const { created_by: createdBy, comment, empty_layer: isEmpty } = asRecord(value);
  return {
    createdBy: typeof createdBy === "string" ? createdBy : "",
    comment: typeof comment === "string" ? comment : "",
    isEmpty: isEmpty === true,
  };
}
