// An image in a folder or in an archive, whichever form it has there.

import { join } from "node:path";
import { messageOf, systemCodeOf, ToolError } from "../errors.ts";
import type { Files } from "../host/host.ts";
import { quoted } from "../inputs/wording.ts";
import { compressionOf, decompress } from "../inspect/layer/decompress.ts";
import {
  checkFrames,
  checkUnpacked,
  LAYER_LIMITS,
  LimitError,
} from "../inspect/layer/layer-limits.ts";
import { blobsOf } from "./blobs.ts";
import { BUILD_FIRST, wrong } from "./choose-image.ts";
import { findInDockerArchive } from "./docker-archive.ts";
import {
  type FoundImage,
  type ImageSource,
  keepNothing,
  type SourceSettings,
} from "./image-source.ts";
import { folderMembers, type Members } from "./members.ts";
import { findInLayout } from "./oci-layout-source.ts";
import { openTar } from "./tar-members.ts";
import type { ImageChoice, Target } from "./target.ts";

/** What is needed of a host to read images from files. */
export interface FilesHost {
  readonly files: Pick<Files, "stat" | "readStream" | "writeStream" | "temporaryFolder">;
}

/**
 * Opens an image that lies in files. An archive is read where it is; one that is packed is unpacked
 * to the scratch folder first, for only then can be looked into it here and there.
 * @throws UserError when it is no image, or not the one that is meant; ToolError when it is damaged
 */
export async function openFiles(
  host: FilesHost,
  target: Extract<Target, { kind: "files" }>,
  settings: SourceSettings,
): Promise<ImageSource> {
  if (target.is === "folder") {
    const members = folderMembers(host, target.path);
    await checkNoState(host, members);
    const found = await findImage(members, target.image, settings);
    return { ...found, [Symbol.asyncDispose]: keepNothing };
  }
  const archive = await openArchive(host, target.path, settings);
  try {
    const found = await findImage(archive.members, target.image, settings);
    return { ...found, [Symbol.asyncDispose]: archive.close };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

/** The folder that is kept between runs has its images one folder further in. */
async function checkNoState({ files }: FilesHost, members: Members): Promise<void> {
  if ((await members.bytesOf("index.json")) !== undefined) return;
  if ((await files.stat(join(members.name, "memory")))?.kind !== "folder") return;
  const isBuilt = (await members.bytesOf("layout/index.json")) !== undefined;
  const how = isBuilt
    ? `what was built is in ${quoted(join(members.name, "layout"))}`
    : `nothing has been built into it; ${BUILD_FIRST}`;
  throw wrong(`${quoted(members.name)} is a folder that weighbridge keeps between runs; ${how}`);
}

/**
 * Finds an image among files that are a layout, or that `docker save` has written.
 * @throws UserError when they are neither, or it is not the one that is meant
 */
export async function findImage(
  members: Members,
  choice: ImageChoice,
  settings: Pick<SourceSettings, "platform" | "limits">,
): Promise<FoundImage> {
  const isSaved = (await members.bytesOf("manifest.json")) !== undefined;
  // Newer archives are both. As layouts they say more.
  if ((await members.bytesOf("index.json")) !== undefined) {
    const digest = await findInLayout(members, choice, settings.platform);
    return { digest, blobs: blobsOf(members), isSaved };
  }
  if (isSaved) return { ...(await findInDockerArchive(members, choice, settings)), isSaved };
  throw wrong(
    `${quoted(members.name)} has neither index.json nor manifest.json: it is no OCI layout, and ` +
      "not what `docker save` writes",
  );
}

interface OpenArchive {
  readonly members: Members;
  close(): Promise<void>;
}

async function openArchive(
  host: FilesHost,
  path: string,
  settings: SourceSettings,
): Promise<OpenArchive> {
  const start: Uint8Array[] = [];
  for await (const piece of host.files.readStream(path, { start: 0, end: 4 })) start.push(piece);
  if (compressionOf(Buffer.concat(start)) === "none") {
    return { members: await openTar(host, path), close: keepNothing };
  }
  const folder = await host.files.temporaryFolder("archive", settings.scratch);
  const close = async () => await folder[Symbol.asyncDispose]();
  try {
    const unpacked = join(folder.path, "archive.tar");
    await unpack(host, path, unpacked, settings);
    return { members: { ...(await openTar(host, unpacked)), name: path }, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function unpack(
  { files }: FilesHost,
  from: string,
  to: string,
  settings: SourceSettings,
): Promise<void> {
  try {
    await files.writeStream(to, unpacked(files.readStream(from), settings));
  } catch (error) {
    if (systemCodeOf(error) !== undefined) throw error;
    const what = error instanceof LimitError ? "is refused" : "cannot be unpacked";
    const message = `The archive ${from} ${what}: ${messageOf(error)}`;
    throw new ToolError(message, { command: `read ${from}`, cause: error });
  }
}

/** An archive is held to the bounds of a layer: whoever made it could fill the disk. */
async function* unpacked(
  packed: AsyncIterable<Uint8Array>,
  settings: SourceSettings,
): AsyncGenerator<Uint8Array> {
  const limits = { ...LAYER_LIMITS, ...settings.limits };
  let blobBytes = 0;
  let archiveBytes = 0;
  const blob = counted(packed, (bytes) => {
    blobBytes += bytes;
  });
  const { pieces } = await decompress(blob, (frames) => checkFrames(frames, limits));
  for await (const piece of pieces) {
    archiveBytes += piece.length;
    checkUnpacked({ blobBytes, archiveBytes }, limits);
    yield piece;
  }
}

async function* counted(
  pieces: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) {
    onBytes(piece.length);
    yield piece;
  }
}
