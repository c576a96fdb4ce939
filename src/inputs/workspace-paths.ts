import { isAbsolute, relative, resolve, sep } from "node:path";
import type { Host } from "../host/host.ts";
import { byNearness, listOf, quoted } from "./wording.ts";

/** What stands at a path that a user gave. */
export type FoundPath =
  | {
      readonly kind: "file" | "folder" | "other";
      /** Relative to the workspace, with forward slashes; `.` is the workspace itself. */
      readonly path: string;
    }
  /** The path, or what a link on it points to, is not in the workspace. */
  | { readonly kind: "outside" }
  | { readonly kind: "missing" }
  /** The system will not say: a loop of links, a name too long, no permission. */
  | { readonly kind: "unreadable"; readonly reason: string };

type WorkspaceHost = Pick<Host, "files" | "workspace">;

/** Finds what stands at a path, which may be absolute but must lead into the workspace. */
export async function findInWorkspace(host: WorkspaceHost, given: string): Promise<FoundPath> {
  const path = pathInside(host.workspace, resolve(host.workspace, given));
  try {
    const status = await host.files.stat(given);
    if (status === undefined) return { kind: path === undefined ? "outside" : "missing" };
    const [root, real] = [await host.files.realPath("."), await host.files.realPath(given)];
    const realPath = pathInside(root, real);
    if (realPath === undefined) return { kind: "outside" };
    return { kind: status.kind, path: path ?? realPath };
  } catch (error) {
    return { kind: "unreadable", reason: codeOf(error) };
  }
}

/** One path from a folder to another, with forward slashes; undefined when it leads out of it. */
function pathInside(folder: string, path: string): string | undefined {
  const steps = relative(folder, path);
  if (steps === ".." || steps.startsWith(`..${sep}`) || isAbsolute(steps)) return undefined;
  return steps === "" ? "." : steps.replaceAll(sep, "/");
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "it cannot be read";
}

/** What is wrong with a path that should have been something else. */
export function pathProblem(given: string, found: FoundPath, wanted: "file" | "folder"): string {
  const name = quoted(given);
  switch (found.kind) {
    case "outside":
      return `${name} is outside the workspace; allowed is a ${wanted} inside it`;
    case "missing":
      return `there is no ${wanted} ${name} in the workspace`;
    case "unreadable":
      return `${name} cannot be read: ${found.reason}`;
    case "file":
    case "folder":
    case "other":
      return `${name} is not a ${wanted}`;
  }
}

const NAMED_FILES = 3;

/** `; nearest is "api/Dockerfile"`, of the Dockerfiles in the workspace, or nothing. */
export async function nearestDockerfiles(host: WorkspaceHost, meant: string): Promise<string> {
  const files = await host.files.glob(["**/*Dockerfile*", "**/*dockerfile*", "**/Containerfile*"]);
  const dockerfiles = files.filter((file) => !file.endsWith(".dockerignore"));
  const near = byNearness(meant, dockerfiles).slice(0, NAMED_FILES).map(quoted);
  if (near.length === 0) return "; there is no Dockerfile in it";
  return near.length === 1 ? `; there is ${near[0]}` : `; nearest are ${listOf(near)}`;
}
