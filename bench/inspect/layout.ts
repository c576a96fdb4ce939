// A layout on disk with the images of the bench. What was made once is used again: the layers of a
// small image are those of a large one too.

import { createHash, type Hash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { archiveOf } from "./archive.ts";
import { blobPath } from "./blob-path.ts";
import type { ImageRecipe, LayerRecipe } from "./recipe.ts";

/** A layer's blob, and the archive in it. */
interface CraftedLayer {
  readonly digest: string;
  readonly size: number;
  readonly diffId: string;
}

/** An image of the layout. */
export interface CraftedImage {
  readonly name: string;
  /** Of its manifest, as are the bytes. */
  readonly digest: string;
  readonly size: number;
  /** Digest of its configuration. */
  readonly config: string;
  readonly layers: readonly CraftedLayer[];
}

const TYPES = "application/vnd.oci.image";

/** Makes a layout with these images alone; layers that it had from an earlier time are used. */
export async function craftLayout(
  folder: string,
  recipes: readonly ImageRecipe[],
): Promise<readonly CraftedImage[]> {
  await mkdir(join(folder, "blobs", "sha256"), { recursive: true });
  await mkdir(join(folder, "recipes"), { recursive: true });
  const images: CraftedImage[] = [];
  for (const recipe of recipes) images.push(await craftImage(folder, recipe));
  await writeFile(join(folder, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}\n');
  const manifests = images.map((image) => ({
    ...descriptorOf(image),
    annotations: { "org.opencontainers.image.ref.name": image.name },
  }));
  const index = { schemaVersion: 2, manifests };
  await writeFile(join(folder, "index.json"), JSON.stringify(index));
  return images;
}

/** An image as an index lists it. */
export function descriptorOf({ digest, size }: CraftedImage): object {
  return { mediaType: `${TYPES}.manifest.v1+json`, digest, size };
}

async function craftImage(folder: string, recipe: ImageRecipe): Promise<CraftedImage> {
  const layers: CraftedLayer[] = [];
  for (const layer of recipe.layers) layers.push(await craftLayer(folder, layer));
  const config = await putJson(folder, {
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map((_, layer) => ({ created_by: `COPY layer-${layer} /` })),
  });
  const manifest = await putJson(folder, {
    schemaVersion: 2,
    mediaType: `${TYPES}.manifest.v1+json`,
    config: { mediaType: `${TYPES}.config.v1+json`, ...config },
    layers: layers.map(({ digest: blob, size }, layer) => ({
      mediaType: typeOf(recipe.layers[layer]),
      digest: blob,
      size,
    })),
  });
  return { name: recipe.name, ...manifest, config: config.digest, layers };
}

function typeOf(layer: LayerRecipe | undefined): string {
  return `${TYPES}.layer.v1.tar${layer?.compression === "gzip" ? "+gzip" : ""}`;
}

async function putJson(
  folder: string,
  document: object,
): Promise<{ readonly digest: string; readonly size: number }> {
  const bytes = Buffer.from(JSON.stringify(document));
  const digest = digestOf(createHash("sha256").update(bytes));
  await writeFile(blobPath(folder, digest), bytes);
  return { digest, size: bytes.length };
}

async function craftLayer(folder: string, recipe: LayerRecipe): Promise<CraftedLayer> {
  const key = createHash("sha256").update(JSON.stringify(recipe)).digest("hex");
  const note = join(folder, "recipes", `${key}.json`);
  try {
    return JSON.parse(await readFile(note, "utf8"));
  } catch {
    const layer = await writeLayer(folder, recipe);
    await writeFile(note, JSON.stringify(layer));
    return layer;
  }
}

async function writeLayer(folder: string, recipe: LayerRecipe): Promise<CraftedLayer> {
  const beside = join(folder, "layer.tmp");
  const archive = createHash("sha256");
  const blob = createHash("sha256");
  let size = 0;
  const hashed = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      blob.update(piece);
      size += piece.length;
      yield piece;
    }
  };
  const pieces = Readable.from(noted(archiveOf(recipe), archive));
  const packed = recipe.compression === "gzip" ? pieces.pipe(createGzip({ level: 1 })) : pieces;
  await pipeline(packed, hashed, createWriteStream(beside));
  const digest = digestOf(blob);
  await rename(beside, blobPath(folder, digest));
  return { digest, size, diffId: digestOf(archive) };
}

function* noted(pieces: Iterable<Uint8Array>, hash: Hash): Generator<Uint8Array> {
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}

function digestOf(hash: Hash): string {
  return `sha256:${hash.digest("hex")}`;
}
