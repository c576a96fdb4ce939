// Whether a folder that is given as an image layout is one that an image can be had from.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md
import { messageOf } from "../errors.ts";
import type { Files } from "../host/host.ts";
import { type IndexEntry, parseManifest } from "../oci-documents.ts";
import { quoted } from "./wording.ts";

type LayoutFiles = Pick<Files, "stat" | "readText">;

/** Bytes; no `index.json` is larger. */
const MOST_INDEX_BYTES = 4 * 1024 * 1024;

/**
 * What is wrong with a layout, or undefined. Which of several images a tag names is left to buildx, whose
 * versions differ in it.
 * @param digest of the image, where it was given: then nothing need be listed
 */
export async function layoutProblem(
  files: LayoutFiles,
  folder: string,
  digest: string | undefined,
): Promise<string | undefined> {
  if (digest !== undefined) return await blobProblem(files, folder, digest);
  const listed = await readListed(files, folder);
  if (typeof listed === "string") return listed;
  const [first, second] = listed;
  if (first === undefined) return `the index.json of ${quoted(folder)} lists no image`;
  return second === undefined ? await blobProblem(files, folder, first.digest) : undefined;
}

async function blobProblem(
  files: LayoutFiles,
  folder: string,
  digest: string,
): Promise<string | undefined> {
  const [algorithm = "", hash = ""] = digest.split(":");
  const found = await files.stat(`${folder}/blobs/${algorithm}/${hash}`).catch(() => undefined);
  return found?.kind === "file" ? undefined : `the image layout ${quoted(folder)} lacks ${digest}`;
}

/** The images, or what is wrong. */
async function readListed(
  files: LayoutFiles,
  folder: string,
): Promise<readonly IndexEntry[] | string> {
  const path = `${folder}/index.json`;
  const found = await files.stat(path).catch(() => undefined);
  if (found?.kind !== "file") return `${quoted(folder)} is no image layout: it has no index.json`;
  if (found.bytes > MOST_INDEX_BYTES) return `${quoted(path)} is too large for one`;
  try {
    const index = parseManifest(JSON.parse(await files.readText(path)));
    if (index.kind === "index") return index.manifests;
    return `${quoted(path)} lists no images`;
  } catch (error) {
    return `${quoted(path)} cannot be read: ${messageOf(error)}`;
  }
}
