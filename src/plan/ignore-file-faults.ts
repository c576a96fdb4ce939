import { posix } from "node:path";
import type { Problem } from "../errors.ts";
import type { Files } from "../host/host.ts";
import type { PlannedImage } from "../model/plan.ts";

/**
 * Ignore files that BuildKit would read, and that are pipes, sockets or devices: it opens a pipe and
 * waits without end for whoever writes into it. It passes over a folder, and so do we.
 */
export async function ignoreFileFaults(
  files: Pick<Files, "stat" | "linkTarget">,
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
  files: Pick<Files, "stat" | "linkTarget">,
  { dockerfile, context }: Pick<PlannedImage, "dockerfile" | "context">,
): Promise<string | undefined> {
  for (const path of [`${dockerfile}.dockerignore`, posix.join(context, ".dockerignore")]) {
    const status = await files.stat(path).catch(() => undefined);
    if (status?.kind === "file") return undefined;
    if (status?.kind === "other" && !(await leadsOut(files, path))) return path;
  }
  return undefined;
}

/** Whether it is a link to `/dev/null`, say: BuildKit looks for that inside of the context. */
async function leadsOut(files: Pick<Files, "linkTarget">, path: string): Promise<boolean> {
  return (await files.linkTarget(path))?.startsWith("/") === true;
}
