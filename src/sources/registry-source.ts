// An image of a registry. Nothing is kept of its layers: they are read as they arrive.

import { ToolError } from "../errors.ts";
import { quoted, suggestion, thereIs } from "../inputs/wording.ts";
import { parseManifest } from "../oci-documents.ts";
import type { ImageReference } from "../plan/image-reference.ts";
import { type Blobs, digestOf } from "./blobs.ts";
import { choosePlatform, wrong } from "./choose-image.ts";
import { type ImageSource, keepNothing, type SourceSettings } from "./image-source.ts";
import { type RegistryHost, Repository } from "./registry.ts";

/**
 * Opens an image of a registry.
 * @throws UserError when it is not there or may not be read; ToolError when the registry does not
 * do its work
 */
export async function openRegistryImage(
  host: RegistryHost,
  reference: ImageReference,
  { platform }: SourceSettings,
): Promise<ImageSource> {
  const repository = new Repository(host, reference);
  const name = reference.digest ?? reference.tag ?? "latest";
  const root = await repository.manifest(name);
  if (root === undefined) throw await notThere(repository, reference, name);
  const digest = digestOf(root);
  if (reference.digest !== undefined && digest !== reference.digest) {
    const message = `${reference.registry} gave ${digest} where ${reference.digest} was asked for`;
    throw new ToolError(message, { command: `GET ${name}` });
  }
  const blobs = blobsOf(repository, root);
  const entry = { digest, size: root.length, isAttestation: false };
  return {
    blobs,
    digest: await choosePlatform(blobs, [entry], platform),
    isSaved: false,
    [Symbol.asyncDispose]: keepNothing,
  };
}

/** Manifests are asked for in another place than all other blobs: an index names them. */
function blobsOf(repository: Repository, root: Buffer): Blobs {
  const manifests = new Map<string, Buffer | undefined>();
  const takeIn = (bytes: Buffer) => {
    manifests.set(digestOf(bytes), bytes);
    for (const digest of digestsIn(bytes)) {
      if (!manifests.has(digest)) manifests.set(digest, undefined);
    }
  };
  takeIn(root);
  return {
    has: async () => true,
    async *read(digest) {
      if (!manifests.has(digest)) return yield* repository.blob(digest);
      const manifest = manifests.get(digest) ?? (await repository.manifest(digest));
      if (manifest === undefined) throw new Error(`the registry has no ${digest}`);
      takeIn(manifest);
      yield manifest;
    },
  };
}

/** Digests of the manifests that an index lists; none of anything else. */
function digestsIn(bytes: Buffer): readonly string[] {
  try {
    const manifest = parseManifest(JSON.parse(bytes.toString("utf8")));
    return manifest.kind === "index" ? manifest.manifests.map(({ digest }) => digest) : [];
  } catch {
    // Whoever reads it as a manifest is told what is wrong with it.
    return [];
  }
}

async function notThere(
  repository: Repository,
  { registry, path }: ImageReference,
  name: string,
): Promise<Error> {
  const tags = await repository.tags();
  const there = tags.length > 0 ? `; ${thereIs(name, tags)}` : "";
  return wrong(`${registry}/${path} has no ${quoted(name)}${there}${suggestion(name, tags)}`);
}
