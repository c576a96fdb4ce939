// The older form of what `docker save` writes: layers and configuration under names of their own,
// and `manifest.json` to tell which belong together. It has no manifest by the OCI's rules, so one
// is made: that of the image as it lies there.
// https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format

import { createHash } from "node:crypto";
import { messageOf, ToolError } from "../errors.ts";
import { asList, asRecord } from "../foreign-json.ts";
import { compressionOf } from "../inspect/layer/decompress.ts";
import { checkLayerCount, LAYER_LIMITS, type LayerLimits } from "../inspect/layer/layer-limits.ts";
import { isPlatform } from "../inspect/oci-layout.ts";
import { type Descriptor, MANIFEST_TYPE, parseConfig } from "../oci-documents.ts";
import { type Blobs, digestOf, withDocuments } from "./blobs.ts";
import { chooseListed, type ListedImage, noSuchPlatform, wrong } from "./choose-image.ts";
import type { SourceSettings } from "./image-source.ts";
import { type Members, readJson, readWhole } from "./members.ts";
import type { ImageChoice } from "./target.ts";

/** An image as `manifest.json` lists it; `digest` is that of its configuration, the image's ID. */
interface ArchivedImage extends ListedImage {
  /** Path of its configuration. */
  readonly config: string;
  /** Paths of its layers, lowest first. */
  readonly layers: readonly string[];
}

/**
 * Finds an image of an archive.
 * @throws UserError when there is not just the one that is meant; ToolError when the archive is
 * damaged
 */
export async function findInDockerArchive(
  members: Members,
  choice: ImageChoice,
  { platform, limits = {} }: Pick<SourceSettings, "platform" | "limits">,
): Promise<{ readonly digest: string; readonly blobs: Blobs }> {
  const images = await readImages(members);
  const [chosen] = chooseListed(images, choice, members.name);
  const image = images.find(({ digest }) => digest === chosen?.digest);
  if (image === undefined) throw wrong(`${members.name} has no such image`);
  const config = await readWhole(members, image.config);
  const { diffIds, platform: actual } = parsedConfig(config, members);
  if (platform.given !== undefined && !isPlatform(actual, platform.given)) {
    throw noSuchPlatform(platform.given, [actual]);
  }
  checkLayers(image, diffIds, { members, limits: { ...LAYER_LIMITS, ...limits } });
  return await withManifest(members, config, { paths: image.layers, diffIds });
}

/** Images of one archive: each configuration may have megabytes. */
const MOST_IMAGES = 1000;

/** Each configuration is read by itself, and those that are not meant are not kept. */
async function readImages(members: Members): Promise<readonly ArchivedImage[]> {
  const manifest = asList(await readJson(members, "manifest.json")).map(asRecord);
  if (manifest.length > MOST_IMAGES) {
    const lists = `manifest.json lists ${manifest.length} images, where ${MOST_IMAGES} are the limit`;
    throw wrong(`${members.name} is no archive of images: its ${lists}`);
  }
  const known = new Map<string, Pick<ArchivedImage, "digest" | "size">>();
  const images: ArchivedImage[] = [];
  for (const { Config, RepoTags, Layers } of manifest) {
    const config = typeof Config === "string" ? Config : "";
    const described = known.get(config) ?? describeConfig(await readWhole(members, config));
    known.set(config, described);
    images.push({
      ...described,
      isAttestation: false,
      names: asList(RepoTags).filter((name) => typeof name === "string"),
      config,
      layers: asList(Layers).filter((path) => typeof path === "string"),
    });
  }
  return images;
}

function describeConfig(config: Buffer): Pick<ArchivedImage, "digest" | "size"> {
  return { digest: digestOf(config), size: config.length };
}

function parsedConfig(config: Buffer, members: Members) {
  try {
    const document: unknown = JSON.parse(config.toString("utf8"));
    return parseConfig(document);
  } catch (cause) {
    const digest = digestOf(config);
    const message = `The configuration ${digest} of ${members.name} cannot be used: ${messageOf(cause)}`;
    throw new ToolError(message, { command: `read ${members.name}`, cause });
  }
}

/** Nothing of a layer is read before it is known that there are as many as there can be. */
function checkLayers(
  { digest, layers }: ArchivedImage,
  diffIds: readonly string[],
  { members, limits }: { readonly members: Members; readonly limits: LayerLimits },
): void {
  const command = `read ${members.name}`;
  try {
    checkLayerCount(layers.length, limits);
  } catch (cause) {
    throw new ToolError(`The image ${digest} is refused: ${messageOf(cause)}`, { command, cause });
  }
  if (layers.length === diffIds.length) return;
  const counts = `${layers.length} layers where the configuration has ${diffIds.length}`;
  throw new ToolError(`The image ${digest} of ${members.name} is damaged: it lists ${counts}`, {
    command,
  });
}

async function withManifest(
  members: Members,
  config: Buffer,
  { paths, diffIds }: { readonly paths: readonly string[]; readonly diffIds: readonly string[] },
): Promise<{ readonly digest: string; readonly blobs: Blobs }> {
  const pathOf = new Map<string, string>();
  const layers: Descriptor[] = [];
  const hashes = new Map<string, string>();
  for (const [layer, path] of paths.entries()) {
    const size = await sizeOf(members, path);
    // One that is not packed is named by what the configuration says that it is.
    const diffId = (await isPacked(members, path)) ? undefined : diffIds[layer];
    const digest = diffId ?? hashes.get(path) ?? (await hashOf(members, path));
    if (diffId === undefined) hashes.set(path, digest);
    pathOf.set(digest, path);
    layers.push({ digest, size });
  }
  const configDigest = digestOf(config);
  const configDescriptor = { digest: configDigest, size: config.length };
  const manifest = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config: configDescriptor, layers };
  const text = Buffer.from(JSON.stringify(manifest));
  const documents = new Map([
    [digestOf(text), text],
    [configDigest, config],
  ]);
  const stored: Blobs = {
    has: async (digest) => pathOf.has(digest),
    read: (digest) => members.read(pathOf.get(digest) ?? digest),
  };
  return { digest: digestOf(text), blobs: withDocuments(stored, documents) };
}

async function sizeOf(members: Members, path: string): Promise<number> {
  const size = await members.bytesOf(path);
  if (size !== undefined) return size;
  const message = `${members.name} lacks the layer ${path}`;
  throw new ToolError(message, { command: `read ${members.name}` });
}

async function hashOf(members: Members, path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of members.read(path)) hash.update(piece);
  return `sha256:${hash.digest("hex")}`;
}

async function isPacked(members: Members, path: string): Promise<boolean> {
  const pieces: Uint8Array[] = [];
  for await (const piece of members.read(path, { start: 0, end: 4 })) pieces.push(piece);
  return compressionOf(Buffer.concat(pieces)) !== "none";
}
