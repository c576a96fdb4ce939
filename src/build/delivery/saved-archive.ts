// What `docker save` writes since Docker Engine 25: an OCI layout in an archive. Its blobs are taken
// into the layout as they pass by, so that it is never on disk itself.
// https://docs.docker.com/engine/release-notes/25.0/

import { asRecord } from "../../foreign-json.ts";
import { parseManifest } from "../../oci-documents.ts";
import type { Layout } from "../../state/layout.ts";
import { type TarFile, tarFiles } from "../../tar/tar-files.ts";

/** What is needed of a layout to take images in. */
export type TakingLayout = Pick<Layout, "blobBytes" | "takeBlob" | "documents" | "hasImage">;

/** The list of an archive's images is not larger, in bytes. */
const LARGEST_INDEX = 8 * 1024 * 1024;

/**
 * Takes all images of an archive into the layout. Blobs that it has are passed over.
 * @returns the digest of each image's manifest, by that of its configuration; undefined where the
 * archive is no layout
 * @throws Error saying what is wrong with the archive
 */
export async function takeArchive(
  layout: TakingLayout,
  archive: AsyncIterable<Uint8Array>,
): Promise<ReadonlyMap<string, string> | undefined> {
  let index: unknown;
  for await (const file of tarFiles(archive)) {
    const digest = digestIn(file.path);
    if (digest !== undefined) await takeBlob(layout, file, digest);
    if (file.path === "index.json") index = JSON.parse(await readBounded(file.content));
  }
  return index === undefined ? undefined : await imagesOf(layout, index);
}

/** Undefined for a file that is no blob. */
function digestIn(path: string): string | undefined {
  const [, hash] = /^(?:\.\/)?blobs\/sha256\/([0-9a-f]{64})$/.exec(path) ?? [];
  return hash === undefined ? undefined : `sha256:${hash}`;
}

async function takeBlob(layout: TakingLayout, file: TarFile, digest: string): Promise<void> {
  if ((await layout.blobBytes(digest)) !== undefined) return;
  const actual = await layout.takeBlob(file.content);
  if (actual !== digest) throw new Error(`${digest} is damaged: its bytes hash to ${actual}`);
}

async function readBounded(content: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    bytes += piece.length;
    if (bytes > LARGEST_INDEX) throw new Error(`its list of images has more than ${bytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

async function imagesOf(
  layout: TakingLayout,
  index: unknown,
): Promise<ReadonlyMap<string, string>> {
  const list = parseManifest({ manifests: asRecord(index).manifests });
  const images = new Map<string, string>();
  for (const { digest } of list.kind === "index" ? list.manifests : []) {
    if (!(await layout.hasImage(digest))) throw new Error(`${digest} is not whole`);
    const { config } = await layout.documents(digest);
    images.set(config.digest, digest);
  }
  return images;
}
