// Which ignore file counts for a Dockerfile, and for which others: what is written there changes what
// all of them are built of.

import { posix } from "node:path";
import type { Files } from "../host/host.ts";
import type { PlannedImage } from "../model/plan.ts";
import { type PlanInputs, planBuilds } from "./plan.ts";

/** What looking for Dockerfiles needs of a host. */
export interface FolderHost {
  readonly files: Pick<Files, "list" | "readText" | "stat">;
}

/** Dockerfiles that are read beside those that are built, of each folder: they are only read for advice. */
const MOST_OTHERS = 20;

const DOCKERFILE = /^(?:Docker|Container)file(?:\..+)?$|\.dockerfile$/i;

/**
 * Images with what is known of their ignore files. What shares a context is what the run builds of it,
 * and what else there is called a Dockerfile in the folder of the context or of the Dockerfile.
 */
export async function withIgnoreRules(
  host: FolderHost,
  images: readonly PlannedImage[],
  inputs: PlanInputs,
  platform: string,
): Promise<readonly PlannedImage[]> {
  try {
    return await Promise.all(
      images.map(async (image) => {
        const isOwn = await hasOwnFile(host, image);
        const sharers = isOwn ? [] : await sharersOf(host, image, images, { inputs, platform });
        return { ...image, ignoreRules: { isOwn, sharers } };
      }),
    );
  } catch {
    // It is not known then, which is told in words of its own.
    return images;
  }
}

/** https://docs.docker.com/build/concepts/context/#filename-and-location */
async function hasOwnFile(
  { files }: FolderHost,
  { dockerfile }: Pick<PlannedImage, "dockerfile">,
): Promise<boolean> {
  return (await files.stat(`${dockerfile}.dockerignore`))?.kind === "file";
}

async function sharersOf(
  host: FolderHost,
  image: PlannedImage,
  images: readonly PlannedImage[],
  { inputs, platform }: { readonly inputs: PlanInputs; readonly platform: string },
): Promise<readonly PlannedImage[]> {
  const [context, own] = [folderPath(image.context), posix.normalize(image.dockerfile)];
  const built = images.filter((other) => posix.normalize(other.dockerfile) !== own);
  const known = new Set([own, ...built.map(({ dockerfile }) => posix.normalize(dockerfile))]);
  const folders = new Set([context, posix.dirname(own)]);
  const found = await Promise.all([...folders].map((folder) => dockerfilesIn(host, folder)));
  const others = found
    .flat()
    .filter((file) => !known.has(file))
    .map((file) => ({ name: file, file, context: image.context, where: "" }));
  const read = await planBuilds(host, { ...inputs, images: others, targets: [] }, { platform });
  const all = [
    ...built.filter((other) => folderPath(other.context) === context),
    ...read.plan.images.filter(({ stages }) => stages.length > 0),
  ];
  const areApart = await Promise.all(all.map((other) => hasOwnFile(host, other)));
  return all.filter((_, at) => !areApart[at]);
}

/** Without a slash in the end. */
function folderPath(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, "");
}

async function dockerfilesIn({ files }: FolderHost, folder: string): Promise<readonly string[]> {
  const names = await files.list(folder);
  return names
    .filter((name) => DOCKERFILE.test(name) && !name.endsWith(".dockerignore"))
    .slice(0, MOST_OTHERS)
    .map((name) => posix.join(folder, name));
}
