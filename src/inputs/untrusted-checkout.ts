// A build runs what stands in the Dockerfile. On pull_request_target and its like that is done beside
// secrets and a token that may write: only the repository's own code may be built there.
// https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/

import { dirname, join } from "node:path";
import type { Problem } from "../errors.ts";
import type { CiRun, Host } from "../host/host.ts";
import type { Inputs } from "../model/inputs.ts";
import { git } from "./git.ts";
import { isFetched } from "./named-context.ts";
import { listOf, quoted } from "./wording.ts";

type CheckoutHost = Pick<Host, "exec" | "files" | "ci">;

/** What is wrong with building what is checked out; undefined where nothing is, or it is wanted. */
export async function untrustedCheckout(
  host: CheckoutHost,
  inputs: Pick<Inputs, "images" | "build" | "allowUntrustedCheckout">,
): Promise<Problem | undefined> {
  const { ci } = host;
  if (ci?.trustedCommits === undefined || inputs.allowUntrustedCheckout) return undefined;
  const folders = new Set(await checkouts(host, inputs));
  // What is found in one of them is looked at too.
  for (const folder of folders) {
    const found = await strangerIn(host, folder, ci);
    const inside = found === undefined ? await repositoriesIn(host, folder) : [];
    const unknown = `of ${quoted(folder)} it cannot be told which repositories are in it`;
    const what = found ?? (inside === undefined ? unknown : undefined);
    if (what !== undefined) return { where: `event ${ci.event}`, what: `${what}; ${WHY}` };
    for (const one of inside ?? []) folders.add(one);
  }
  return undefined;
}

/**
 * Whether it may be a stranger's code that is built, beside secrets and a token that may write: then nobody
 * has looked whose it is.
 */
export function mayBeStrange(
  { ci }: Pick<Host, "ci">,
  { allowUntrustedCheckout }: Pick<Inputs, "allowUntrustedCheckout">,
): boolean {
  return ci?.trustedCommits !== undefined && allowUntrustedCheckout;
}

/** What in a folder is not of the repository's own commits; undefined where all of it is. */
async function strangerIn(
  host: CheckoutHost,
  folder: string,
  { commit: own, trustedCommits = [] }: CiRun,
): Promise<string | undefined> {
  const commit = await commitOf(host, folder);
  if (commit === undefined) return `of ${quoted(folder)} it cannot be told which commit it is`;
  if (!trustedCommits.includes(commit)) {
    return `${quoted(folder)} is commit ${commit}, which is not known to be the repository's own, as ${own} is`;
  }
  const changed = await changedIn(host, folder);
  if (changed === undefined) return `of ${quoted(folder)} it cannot be told what was changed there`;
  if (changed.length === 0) return undefined;
  const more = changed.length - NAMED;
  const names = listOf([
    ...changed.slice(0, NAMED).map(quoted),
    ...(more > 0 ? [`${more} more`] : []),
  ]);
  return `in ${quoted(folder)} there are files that are not those of commit ${commit}: ${names}`;
}

/** Changed files that are told by name. */
const NAMED = 3;

const WHY =
  "building it may run code of whoever opened the pull request beside the secrets and the token of this " +
  "run; check out github.sha, or use the event pull_request; allow-untrusted-checkout: true is only for " +
  "who wants code of others to be built here";

/** Folders that code is built from, and the repositories that were checked out right in them. */
async function checkouts(
  { files }: CheckoutHost,
  { images, build }: Pick<Inputs, "images" | "build">,
): Promise<readonly string[]> {
  const contexts = Object.values(build.buildContexts).filter((context) => !isFetched(context));
  const folders = images.flatMap(({ context, file }) => [context, dirname(file)]);
  const found = new Set([...folders, ...contexts]);
  for (const folder of [...found]) {
    for (const name of await files.list(folder).catch(() => [])) {
      const below = join(folder, name);
      const repository = await files.stat(join(below, ".git")).catch(() => undefined);
      if (repository !== undefined) found.add(below);
    }
  }
  return [...found];
}

/** Undefined where git says none: there is no git, or no repository. */
async function commitOf(host: CheckoutHost, folder: string): Promise<string | undefined> {
  return (await git(host, folder, ["rev-parse", "--verify", "HEAD"]))?.trim();
}

/** Tracked files that are not as the commit has them; undefined where git does not say. */
async function changedIn(
  host: CheckoutHost,
  folder: string,
): Promise<readonly string[] | undefined> {
  const options = ["--name-only", "-z", "--no-renames", "--ignore-submodules=none", "--relative"];
  const listed = await git(host, folder, ["diff", "HEAD", ...options, "--", "."]);
  return listed?.split("\0").filter((path) => path !== "");
}

/**
 * Repositories that were checked out in another one: into a folder of their own, or over one of its.
 * Undefined where git does not say.
 */
async function repositoriesIn(
  host: CheckoutHost,
  folder: string,
): Promise<readonly string[] | undefined> {
  const listed = await git(host, folder, ["ls-files", "--others", "-z", "--", "."]);
  if (listed === undefined) return undefined;
  const paths = listed.split("\0");
  const apart = paths.flatMap((path) => (path.endsWith("/") ? [path.slice(0, -1)] : []));
  // What lies in one over a folder that is known is listed file by file, as are the folders above.
  const above = new Set(paths.flatMap(foldersAbove));
  const over: string[] = [];
  for (const path of above) {
    const repository = await host.files.stat(join(folder, path, ".git")).catch(() => undefined);
    if (repository !== undefined) over.push(path);
  }
  return [...apart, ...over].map((path) => join(folder, path));
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split("/").slice(0, -1);
  return names.map((_, at) => names.slice(0, at + 1).join("/"));
}
