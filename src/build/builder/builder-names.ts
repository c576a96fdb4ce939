// What the builders of ours are called, which is all that tells of one whose it is.

import { createHash } from "node:crypto";
import type { Host } from "../../host/host.ts";

/** Whom builders are told apart by. */
export type Whose = Pick<Host, "env"> & { readonly owner: Pick<Host["owner"], "place"> };

type NamingHost = Pick<Host, "kind" | "env" | "owner">;

/** How buildx names the containers of builders; their volumes have `_state` after it. */
export const CONTAINER = "buildx_buildkit_";

const OF_RUN = "weighbridge-run-";
const OF_JOB = "weighbridge-job-";

/** What a new one is called: steps of a job share one that is made of the same for each of them. */
export function nameFor(host: NamingHost, madeOf: readonly (string | undefined)[]): string {
  const { kind, owner } = host;
  return kind === "local" ? `${OF_RUN}${owner.mark}` : `${jobPrefix(host)}${hash(madeOf)}`;
}

/** Whether it was made here, by a run or a job that is over. */
export function isOfEarlier(host: NamingHost, name: string): boolean {
  if (name.startsWith(OF_RUN)) return host.owner.isGone(name);
  // A runner does one job at a time.
  const isOfRunner = host.kind === "actions" && name.startsWith(runnerPrefix(host));
  return isOfRunner && !name.startsWith(jobPrefix(host));
}

/** Whether a run or a job has made it of which nothing can be known here. */
export function isElsewhere(host: Whose, name: string): boolean {
  if (name.startsWith(OF_RUN)) return !name.includes(`-${host.owner.place}-`);
  return !name.startsWith(runnerPrefix(host));
}

function jobPrefix({ env, owner }: Whose): string {
  const job = hash([env.GITHUB_RUN_ID, env.GITHUB_RUN_ATTEMPT, env.GITHUB_JOB]);
  return `${runnerPrefix({ env, owner })}${job}-`;
}

/**
 * What the names of all builders of one runner begin with. Two runners in containers can have all
 * their variables in common, and one engine: then the place tells them apart. A container's is another
 * one in each container, so that what it left when it was killed is nobody else's to remove.
 */
export function runnerPrefix({ env, owner }: Whose): string {
  const runner = [env.RUNNER_NAME, env.RUNNER_TEMP, env.HOME, env.USER, owner.place];
  return `${OF_JOB}${hash(runner)}-`;
}

function hash(parts: readonly (string | undefined)[]): string {
  const text = JSON.stringify(parts.map((part) => part ?? ""));
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}
