// The older form of what `docker save` writes: layers and configuration under names of their own,
// and `manifest.json` to tell which belong together. It has no manifest by the OCI's rules, so one
// is made: that of the image as it lies there.
// https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format

import { createHash } from "node:crypto";
import { messageOf, ToolError } from "../errors.ts";
import { asList, asRecord } from "../foreign-json.ts";
import { compressionOf } from "../inspect/layer/decompress.ts";
import { isPlatform } from "../inspect/oci-layout.ts";
import { type Descriptor, MANIFEST_TYPE, parseConfig } from "../oci-documents.ts";
import { type Blobs, digestOf, withDocuments } from "./blobs.ts";
import {
  chooseListed,
  type ListedImage,
  noSuchPlatform,
  type WantedPlatform,
  wrong,
} from "./choose-image.ts";
import { type Members, readJson, readWhole } from "./members.ts";
import type { ImageChoice } from "./target.ts";

/** An image as `manifest.json` lists it; `digest` is that of its configuration, the image's ID. */
interface ArchivedImage extends ListedImage {
  readonly config: Buffer;
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
  platform: WantedPlatform,
): Promise<{ readonly digest: string; readonly blobs: Blobs }> {
  const images = await readImages(members);
  const [chosen] = chooseListed(images, choice, members.name);
  const image = images.find(({ digest }) => digest === chosen?.digest);
  if (image === undefined) throw wrong(`${members.name} has no such image`);
  const { diffIds, platform: actual } = configOf(image, members);
  if (platform.given !== undefined && !isPlatform(actual, platform.given)) {
    throw noSuchPlatform(platform.given, [actual]);
  }
  return await withManifest(members, image, diffIds);
}

async function readImages(members: Members): Promise<readonly ArchivedImage[]> {
  const manifest = asList(await readJson(members, "manifest.json")).map(asRecord);
  return await Promise.all(
    manifest.map(async ({ Config, RepoTags, Layers }) => {
      const config = await readWhole(members, typeof Config === "string" ? Config : "");
      return {
        digest: digestOf(config),
        size: config.length,
        isAttestation: false,
        names: asList(RepoTags).filter((name) => typeof name === "string"),
        config,
        layers: asList(Layers).filter((path) => typeof path === "string"),
      };
    }),
  );
}

function configOf({ config, digest }: ArchivedImage, members: Members) {
  try {
    const document: unknown = JSON.parse(config.toString("utf8"));
    return parseConfig(document);
  } catch (cause) {
    const message = `The configuration ${digest} of ${members.name} cannot be used: ${messageOf(cause)}`;
    throw new ToolError(message, { command: `read ${members.name}`, cause });
  }
}

async function withManifest(
  members: Members,
  { config, digest: configDigest, layers: paths }: ArchivedImage,
  diffIds: readonly string[],
): Promise<{ readonly digest: string; readonly blobs: Blobs }> {
  const pathOf = new Map<string, string>();
  const layers: Descriptor[] = [];
  for (const [layer, path] of paths.entries()) {
    const descriptor = await describeLayer(members, path, diffIds[layer]);
    pathOf.set(descriptor.digest, path);
    layers.push(descriptor);
  }
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

/** A layer that is not packed is named by what the configuration says that it is. */
async function describeLayer(
  members: Members,
  path: string,
  diffId: string | undefined,
): Promise<Descriptor> {
  const size = await members.bytesOf(path);
  if (size === undefined) {
    throw new ToolError(`${members.name} lacks the layer ${path}`, {
      command: `read ${members.name}`,
    });
  }
  if (diffId !== undefined && !(await isPacked(members, path))) return { digest: diffId, size };
  const hash = createHash("sha256");
  for await (const piece of members.read(path)) hash.update(piece);
  return { digest: `sha256:${hash.digest("hex")}`, size };
}

async function isPacked(members: Members, path: string): Promise<boolean> {
  const pieces: Uint8Array[] = [];
  for await (const piece of members.read(path, { start: 0, end: 4 })) pieces.push(piece);
  return compressionOf(Buffer.concat(pieces)) !== "none";
}
