import type { CiRun, Reply } from "../host/host.ts";

/** Why something was not published, and how loudly to say so. */
export interface Hindrance {
  /** A `notice` where the user may have wanted it so, a `warning` where nobody does. */
  readonly level: "notice" | "warning";
  /** A clause: `the token may not …`. */
  readonly reason: string;
  /** The run is for a fork, whose token may not: told once for all that it keeps from being done. */
  readonly isOfFork?: true;
}

/** What a token needs to be allowed to. */
export interface NeededPermission {
  /** As in a workflow: `pull-requests: write`. */
  readonly permission: string;
  /** What it allows: `comment on pull requests`. */
  readonly allows: string;
}

type NoReply = Exclude<Reply<never>, { kind: "ok" }>;

/** What a refusal of GitHub's, or its silence, means. */
export function hindranceOf(
  reply: NoReply,
  needed: NeededPermission,
  ci: CiRun | undefined,
): Hindrance {
  if (reply.kind === "unreachable") {
    return { level: "warning", reason: `GitHub could not be reached: ${reply.message}` };
  }
  const { status, message } = reply;
  if (status === 401) return { level: "warning", reason: "GitHub does not accept the token" };
  // What a token may not see does not exist for it.
  const isForbidden = status === 403 && /resource not accessible/i.test(message);
  if (isForbidden || status === 404) return lackOf(needed, ci);
  return { level: "warning", reason: `GitHub answers ${status}: ${message}` };
}

function lackOf(needed: NeededPermission, ci: CiRun | undefined): Hindrance {
  const { permission, allows } = needed;
  if (ci?.pullRequest?.isFork === true) {
    const reason = `the token may not ${allows}: runs for a fork get one that can only read`;
    return { level: "notice", reason, isOfFork: true };
  }
  const advice = `the job needs \`permissions: ${permission}\``;
  return { level: "notice", reason: `the token may not ${allows}: ${advice}` };
}
