// The upload half of the distribution protocol, for one artifact of one layer.
// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#push

import { createHash } from "node:crypto";
import type { Registry } from "./registry.ts";

export interface Blob {
  readonly type: string;
  readonly bytes: Uint8Array;
  /** A file's name, for those who unpack it by hand. */
  readonly title?: string;
}

export interface Artifact {
  readonly config: Blob;
  readonly layer: Blob;
}

/** Pushes an artifact under each of these tags. @throws Error with what the registry answered. */
export async function pushArtifact(
  registry: Registry,
  name: string,
  tags: readonly string[],
  { config, layer }: Artifact,
): Promise<void> {
  const base = `http://${registry.host}/v2/${name}`;
  await pushBlob(base, config);
  await pushBlob(base, layer);
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: describe(config),
    layers: [describe(layer)],
  });
  for (const tag of tags) await send("PUT", `${base}/manifests/${tag}`, mediaType, manifest);
}

async function pushBlob(base: string, blob: Blob): Promise<void> {
  const begun = await send("POST", `${base}/blobs/uploads/`, "application/octet-stream", "");
  const place = new URL(begun.headers.get("location") ?? "", base);
  place.searchParams.set("digest", digestOf(blob));
  await send("PUT", place.href, "application/octet-stream", blob.bytes);
}

function describe(blob: Blob) {
  const { type: mediaType, bytes, title } = blob;
  const annotations = title && { "org.opencontainers.image.title": title };
  return {
    mediaType,
    digest: digestOf(blob),
    size: bytes.length,
    ...(annotations && { annotations }),
  };
}

function digestOf({ bytes }: Blob): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function send(
  method: string,
  url: string,
  type: string,
  body: string | Uint8Array,
): Promise<Response> {
  const content = typeof body === "string" ? body : Uint8Array.from(body);
  const response = await fetch(url, { method, headers: { "content-type": type }, body: content });
  if (response.ok) return response;
  throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
}
