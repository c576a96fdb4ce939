import { isAbsolute, relative, resolve, sep } from "node:path";
import { systemCodeOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { type DanglingLink, danglingLink, linkProblem } from "./dangling-link.ts";
import { byNearness, listOf, quoted } from "./wording.ts";

/** What stands at a path that a user gave. */
export type FoundPath =
  | {
      readonly kind: "file" | "folder" | "other";
      /** Relative to the workspace, with forward slashes; `.` is the workspace itself. */
      readonly path: string;
    }
  /** The path is not in the workspace, or a link on it leads out. */
  | { readonly kind: "outside"; readonly isLink: boolean }
  | { readonly kind: "missing" }
  /** A symbolic link at the path, or on it, leads to nothing. */
  | { readonly kind: "dangling"; readonly link: DanglingLink }
  /** The system will not say: a loop of links, a name too long, no permission. */
  | { readonly kind: "unreadable"; readonly reason: string };

type WorkspaceHost = Pick<Host, "files" | "workspace">;

/** Finds what stands at a path, which may be absolute but must lead into the workspace. */
export async function findInWorkspace(host: WorkspaceHost, given: string): Promise<FoundPath> {
  const path = pathInside(host.workspace, resolve(host.workspace, given));
  try {
    const status = await host.files.stat(given);
    if (status === undefined) {
      if (path === undefined) return { kind: "outside", isLink: false };
      const link = await danglingLink(host, path);
      return link === undefined ? { kind: "missing" } : { kind: "dangling", link };
    }
    const [root, real] = [await host.files.realPath("."), await host.files.realPath(given)];
    const realPath = pathInside(root, real);
    if (realPath === undefined) return { kind: "outside", isLink: path !== undefined };
    return { kind: status.kind, path: path ?? realPath };
  } catch (error) {
    return { kind: "unreadable", reason: systemCodeOf(error) ?? "it cannot be read" };
  }
}

/** One path from a folder to another, with forward slashes; undefined when it leads out of it. */
function pathInside(folder: string, path: string): string | undefined {
  const steps = relative(folder, path);
  if (steps === ".." || steps.startsWith(`..${sep}`) || isAbsolute(steps)) return undefined;
  return steps === "" ? "." : steps.replaceAll(sep, "/");
}

/** What is wrong with a path that should have been something else. */
export function pathProblem(given: string, found: FoundPath, wanted: "file" | "folder"): string {
  const name = quoted(given);
  switch (found.kind) {
    case "outside":
      return `${name} ${found.isLink ? "leads" : "is"} ${OUTSIDE} a ${wanted} inside it`;
    case "missing":
      return `there is no ${wanted} ${name} in the workspace`;
    case "dangling":
      return linkProblem(found.link);
    case "unreadable":
      return `${name} cannot be read: ${found.reason}`;
    case "file":
    case "folder":
    case "other":
      return `${name} is not a ${wanted}`;
  }
}

const OUTSIDE = "outside the workspace; allowed is";

/**
 * Whether a file or folder outside the workspace may be used after all: the workflow may name one
 * of the machine, but no link in the repository may lead there.
 */
export async function isAllowedOutside(
  host: WorkspaceHost,
  given: string,
  found: FoundPath,
  wanted: "file" | "folder",
): Promise<boolean> {
  if (found.kind !== "outside" || found.isLink) return false;
  return (await host.files.stat(given).catch(() => undefined))?.kind === wanted;
}

const NAMED_FILES = 3;

/** What lies beside Dockerfiles, or is written about them, under their names. */
const NO_DOCKERFILE = /\.(?:dockerignore|sarif|json|md|log)$/i;

/** What is a Dockerfile by its name, wherever it is in the workspace. */
export async function dockerfilesIn({
  files,
}: Pick<WorkspaceHost, "files">): Promise<readonly string[]> {
  const all = await files.glob(["**/*Dockerfile*", "**/*dockerfile*", "**/Containerfile*"]);
  return all.filter((file) => !NO_DOCKERFILE.test(file));
}

/** `; nearest is "api/Dockerfile"`, of the Dockerfiles in the workspace, or nothing. */
export async function nearestDockerfiles(host: WorkspaceHost, meant: string): Promise<string> {
  const dockerfiles = await dockerfilesIn(host);
  const near = byNearness(meant, dockerfiles).slice(0, NAMED_FILES).map(quoted);
  if (near.length === 0) return "; there is no Dockerfile in it";
  return near.length === 1 ? `; there is ${near[0]}` : `; nearest are ${listOf(near)}`;
}
