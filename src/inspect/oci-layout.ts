import { createHash } from "node:crypto";
import { join } from "node:path";
import { messageOf, ToolError } from "../errors.ts";
import type { Files } from "../host/host.ts";
import {
  type Descriptor,
  type ImageConfig,
  type IndexEntry,
  parseConfig,
  parseManifest,
} from "../oci-documents.ts";

/** An image of one platform, as its documents describe it. */
export interface OciImage {
  /** Of its own manifest. */
  readonly digest: string;
  /** Lowest first, as many as the configuration has diff IDs. */
  readonly layers: readonly Descriptor[];
  readonly config: ImageConfig;
  /** Bytes of the configuration. */
  readonly configSize: number;
}

type LayoutFiles = Pick<Files, "readStream">;

/** Registries take no larger manifest than 4 MiB; a configuration may have a long history. */
const LARGEST_DOCUMENT = 8 * 1024 * 1024;
/** An index may list indexes, though nobody nests them deeper. */
const DEEPEST_INDEX = 3;

/**
 * Reads an image's documents from an OCI layout. `digest` may be that of an index: then the image
 * of `platform` is looked for in it, or the only one that there is.
 * @throws ToolError, naming the document, when one is missing, damaged, or not what it should be.
 */
export async function readImage(
  files: LayoutFiles,
  layout: string,
  digest: string,
  platform: string | undefined,
): Promise<OciImage> {
  let wanted = digest;
  for (let depth = 0; depth <= DEEPEST_INDEX; depth++) {
    const manifest = await readDocument(files, layout, wanted, parseManifest);
    if (manifest.kind === "image") {
      const config = await readDocument(files, layout, manifest.config.digest, parseConfig);
      const image = { digest: wanted, layers: manifest.layers, config };
      return checked({ ...image, configSize: manifest.config.size });
    }
    wanted = chooseImage(manifest.manifests, wanted, platform).digest;
  }
  throw damaged(digest, `indexes are nested more than ${DEEPEST_INDEX} deep`);
}

/**
 * Where a layout keeps a blob.
 * @throws ToolError when this is no SHA-256 digest, and so could be a path to anywhere.
 */
export function blobPath(layout: string, digest: string): string {
  const match = /^sha256:([0-9a-f]{64})$/.exec(digest);
  if (match?.[1] === undefined) throw damaged(digest, "it is not named by a SHA-256 digest");
  return join(layout, "blobs", "sha256", match[1]);
}

/**
 * Reads one JSON document of a layout and checks its bytes.
 * @param parse throws an Error that says what is wrong with the document
 * @throws ToolError, naming the document, when it is missing, damaged, or not what it should be.
 */
export async function readDocument<T>(
  files: LayoutFiles,
  layout: string,
  digest: string,
  parse: (document: unknown) => T,
): Promise<T> {
  const path = blobPath(layout, digest);
  try {
    const bytes = await readBounded(files.readStream(path));
    const actual = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (actual !== digest) throw new Error(`its bytes hash to ${actual}`);
    const document: unknown = JSON.parse(bytes.toString("utf8"));
    return parse(document);
  } catch (error) {
    throw damaged(digest, messageOf(error), error);
  }
}

async function readBounded(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > LARGEST_DOCUMENT) throw new Error(`it is larger than ${LARGEST_DOCUMENT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function checked(image: OciImage): OciImage {
  const { layers, config } = image;
  if (layers.length === config.diffIds.length) return image;
  const counts = `${layers.length} layers where the configuration has ${config.diffIds.length}`;
  throw damaged(image.digest, `it lists ${counts}`);
}

function chooseImage(
  entries: readonly IndexEntry[],
  index: string,
  platform: string | undefined,
): IndexEntry {
  const images = entries.filter((entry) => !entry.isAttestation);
  const [only] = images.length === 1 ? images : [];
  const chosen = only ?? images.find((entry) => isPlatform(entry.platform, platform));
  if (chosen !== undefined) return chosen;
  const found = images.map((entry) => entry.platform ?? "no platform").join(", ");
  throw damaged(index, `it lists no image for ${platform}, but ${found || "none"}`);
}

/** Whether a platform is the wanted one. A variant counts only where both name one. */
export function isPlatform(actual = "", wanted = ""): boolean {
  const [os, architecture, variant] = actual.split("/");
  const [wantedOs, wantedArchitecture, wantedVariant] = wanted.split("/");
  const isVariant =
    variant === undefined || wantedVariant === undefined || variant === wantedVariant;
  return os === wantedOs && architecture === wantedArchitecture && isVariant;
}

function damaged(digest: string, why: string, cause?: unknown): ToolError {
  const message = `The OCI layout's document ${digest} cannot be used: ${why}`;
  return new ToolError(message, { command: `read ${digest}`, cause });
}
