// An OCI layout, in a folder or in an archive.
// https://github.com/opencontainers/image-spec/blob/v1.1.1/image-layout.md

import { messageOf, ToolError } from "../errors.ts";
import { asList, asRecord } from "../foreign-json.ts";
import { parseManifest } from "../oci-documents.ts";
import { type Blobs, blobsOf } from "./blobs.ts";
import {
  chooseListed,
  choosePlatform,
  type ListedImage,
  type WantedPlatform,
  wrong,
} from "./choose-image.ts";
import { type Members, readJson } from "./members.ts";
import type { ImageChoice } from "./target.ts";

/** What engines note the names of an image under. */
const NAMES = ["org.opencontainers.image.ref.name", "io.containerd.image.name"];

const CREATED = "org.opencontainers.image.created";

/**
 * Finds an image of a layout.
 * @returns the digest of its platform's manifest
 * @throws UserError when there is not just the one that is meant; ToolError when a document is
 * damaged
 */
export async function findInLayout(
  members: Members,
  choice: ImageChoice,
  platform: WantedPlatform,
): Promise<string> {
  const blobs = blobsOf(members);
  const listed = parseListed(await readJson(members, "index.json"), members.name);
  const chosen = chooseListed(listed, choice, members.name);
  if (chosen.length > 0 || choice.kind !== "digest") {
    return await choosePlatform(blobs, chosen, platform);
  }
  // A manifest need not be listed: that of a platform stands in an index.
  await checkPresence(blobs, choice.digest, members.name);
  const entry = { digest: choice.digest, size: 0, isAttestation: false };
  return await choosePlatform(blobs, [entry], platform);
}

function parseListed(index: unknown, place: string): readonly ListedImage[] {
  const { manifests } = asRecord(index);
  try {
    const parsed = parseManifest({ manifests: asList(manifests) });
    if (parsed.kind !== "index") return [];
    return parsed.manifests.map((entry, at) => ({
      ...entry,
      ...annotationsOf(asList(manifests)[at]),
    }));
  } catch (cause) {
    const message = `index.json of ${place} cannot be used: ${messageOf(cause)}`;
    throw new ToolError(message, { command: `read ${place}`, cause });
  }
}

function annotationsOf(entry: unknown): Pick<ListedImage, "names" | "created"> {
  const annotations = asRecord(asRecord(entry).annotations);
  const textsOf = (keys: readonly string[]) =>
    keys.flatMap((key) => {
      const text = annotations[key];
      return typeof text === "string" ? [text] : [];
    });
  const [created] = textsOf([CREATED]);
  return { names: textsOf(NAMES), ...(created !== undefined && { created }) };
}

async function checkPresence(blobs: Blobs, digest: string, place: string): Promise<void> {
  if (!(await blobs.has(digest))) throw wrong(`${place} has no ${digest}`);
}
