// A build runs what stands in the Dockerfile. On pull_request_target and its like that is done beside
// secrets and a token that may write: only the repository's own code may be built there.
// https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/

import { dirname, join } from "node:path";
import { type Problem, ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { Inputs } from "../model/inputs.ts";
import { quoted } from "./wording.ts";

type CheckoutHost = Pick<Host, "exec" | "files" | "ci">;

/** What is wrong with building what is checked out; undefined where nothing is, or it is wanted. */
export async function untrustedCheckout(
  host: CheckoutHost,
  inputs: Pick<Inputs, "images" | "build" | "allowUntrustedCheckout">,
): Promise<Problem | undefined> {
  const { ci } = host;
  if (ci?.trustedCommits === undefined || inputs.allowUntrustedCheckout) return undefined;
  for (const folder of await checkouts(host, inputs)) {
    const commit = await commitOf(host, folder);
    if (commit !== undefined && ci.trustedCommits.includes(commit)) continue;
    const found =
      commit === undefined
        ? `of ${quoted(folder)} it cannot be told which commit it is`
        : `${quoted(folder)} is commit ${commit}, and not the repository's own ${ci.commit}`;
    return { where: `event ${ci.event}`, what: `${found}; ${WHY}` };
  }
  return undefined;
}

const WHY =
  "building it runs code of whoever opened the pull request beside the secrets and the token of this " +
  "run; use the event pull_request, or set allow-untrusted-checkout: true where that is wanted";

/** Folders that code is built from, and the repositories that were checked out right in them. */
async function checkouts(
  { files }: CheckoutHost,
  { images, build }: Pick<Inputs, "images" | "build">,
): Promise<readonly string[]> {
  const contexts = Object.values(build.buildContexts).filter((context) => !/:|^git@/.test(context));
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
  // In a container's job the files belong to another user, which git takes for an attack.
  const args = ["-c", "safe.directory=*", "-C", folder, "rev-parse", "--verify", "HEAD"];
  try {
    const { exitCode, stdout } = await host.exec("git", args, { timeoutSeconds: 60 });
    return exitCode === 0 ? stdout.trim() : undefined;
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}
