import { posix } from "node:path";
import type { Problem } from "../errors.ts";
import type { Files } from "../host/host.ts";
import type { PlannedImage } from "../model/plan.ts";

/**
 * Ignore files that BuildKit would read, and that are pipes, sockets or devices: it opens a pipe and
 * waits without end for whoever writes into it. It passes over a folder, and so do we.
 */
export async function ignoreFileFaults(
  files: Pick<Files, "stat">,
  images: readonly Pick<PlannedImage, "dockerfile" | "context">[],
): Promise<readonly Problem[]> {
  const found = await Promise.all(images.map((image) => strangeFile(files, image)));
  const paths = new Set(found.filter((path) => path !== undefined));
  return [...paths].map((where) => ({
    where,
    what: "is a pipe, a socket or a device, and no file",
  }));
}

/** https://docs.docker.com/build/concepts/context/#filename-and-location */
async function strangeFile(
  files: Pick<Files, "stat">,
  { dockerfile, context }: Pick<PlannedImage, "dockerfile" | "context">,
): Promise<string | undefined> {
  for (const path of [`${dockerfile}.dockerignore`, posix.join(context, ".dockerignore")]) {
    const status = await files.stat(path).catch(() => undefined);
    if (status?.kind === "file") return undefined;
    if (status?.kind === "other") return path;
  }
  return undefined;
}
