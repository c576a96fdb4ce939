// Where in the workspace the repository is. `actions/checkout` with `path` puts it into a folder of it;
// GitHub knows its files by the paths that they have in the repository.
import type { Host } from "../host/host.ts";
import { git } from "../inputs/git.ts";

/**
 * The folder of the workspace that holds the repository whose run it is, of these files; empty where that
 * is the workspace itself, or cannot be told: others may be checked out beside it.
 * @param paths relative to the workspace, with forward slashes
 */
export async function findCheckout(
  { files, ci }: Pick<Host, "files" | "ci">,
  paths: readonly string[],
): Promise<string> {
  const isRepository = async (folder: string) =>
    (await files.stat(`${folder}/.git`).catch(() => undefined)) !== undefined;
  if (await isRepository(".")) return "";
  const found = new Set<string>();
  for (const path of paths) {
    // What is in a submodule belongs to the repository around it.
    for (const folder of foldersOf(path)) {
      if (!(await isRepository(folder))) continue;
      found.add(folder);
      break;
    }
  }
  if (ci === undefined) return found.size === 1 ? ([...found][0] ?? "") : "";
  for (const folder of found) {
    const settings = await files.readText(`${folder}/.git/config`).catch(() => "");
    if (isFetchedFrom(settings, ci.repository)) return folder;
  }
  return "";
}

/** Whether git's settings have a remote of that name: https://git-scm.com/docs/git-config#_syntax */
function isFetchedFrom(settings: string, repository: string): boolean {
  const addresses = [...settings.matchAll(/^\s*url\s*=\s*(\S+)/gim)];
  return addresses.some(([, address = ""]) => {
    const path = `/${address.replace(/(?:\.git)?\/?$/, "")}`.toLowerCase().replaceAll(":", "/");
    return path.endsWith(`/${repository.toLowerCase()}`);
  });
}

/** The folders on the way to a file, the outermost first; none where it leads out of the workspace. */
function foldersOf(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  if (path.startsWith("/") || names.includes("..")) return [];
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}

/** The path of a file in the repository, of one in the workspace. */
export function pathInRepository(path: string, checkout: string): string {
  const isInside = checkout !== "" && path.startsWith(`${checkout}/`);
  return isInside ? path.slice(checkout.length + 1) : path;
}

/**
 * Those of the files that are not in the workspace as a commit has them: on `pull_request` what is
 * checked out is merged with the base, and its lines may be others than those of the head. None where
 * git does not know: of a checkout of depth 1 the head is no part.
 */
export async function filesUnlike(
  host: Pick<Host, "exec">,
  commit: string,
  checkout: string,
  paths: readonly string[],
): Promise<readonly string[]> {
  if (!/^[0-9a-f]{40,64}$/.test(commit)) return [];
  const inside = new Map(paths.map((path) => [pathInRepository(path, checkout), path]));
  const options = ["--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative"];
  const files = [...inside.keys()].map((path) => `:(literal)${path}`);
  const folder = checkout === "" ? "." : checkout;
  const listed = await git(host, folder, ["diff", ...options, commit, "--", ...files]);
  return (listed?.split("\0") ?? []).flatMap((path) => inside.get(path) ?? []);
}
