import { asRecord } from "../foreign-json.ts";
import type { CiRun, PullRequest } from "./host.ts";

/**
 * The run that the environment describes, undefined when it describes none. `event` is the parsed
 * event file (https://docs.github.com/webhooks/webhook-events-and-payloads); the variables are
 * https://docs.github.com/actions/reference/variables-reference.
 */
export function readCiRun(
  env: Readonly<Record<string, string>>,
  event: unknown,
): CiRun | undefined {
  const { GITHUB_EVENT_NAME, GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF } = env;
  if (!GITHUB_EVENT_NAME || !GITHUB_REPOSITORY || !GITHUB_SHA) return undefined;
  const pullRequest = parsePullRequest(event);
  const trustedCommits = trustedCommitsOf(GITHUB_EVENT_NAME, GITHUB_SHA, event);
  return {
    event: GITHUB_EVENT_NAME,
    repository: GITHUB_REPOSITORY,
    commit: GITHUB_SHA,
    // Events that belong to no branch leave it empty.
    ref: GITHUB_REF || "",
    runId: numberIn(env.GITHUB_RUN_ID, 0),
    runNumber: numberIn(env.GITHUB_RUN_NUMBER, 0),
    runAttempt: numberIn(env.GITHUB_RUN_ATTEMPT, 1),
    serverUrl: env.GITHUB_SERVER_URL || "https://github.com",
    ...(pullRequest !== undefined && { pullRequest }),
    ...(trustedCommits !== undefined && { trustedCommits }),
  };
}

/** What is no number counts as not given: a runner of another make may number its runs otherwise. */
function numberIn(text: string | undefined, otherwise: number): number {
  const number = /^\d+$/.test(text ?? "") ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : otherwise;
}

/** Where a person finds the summary of a run; undefined where the run has no number. */
export function summaryUrlOf(run: CiRun): string | undefined {
  const { serverUrl, repository, runId, runAttempt } = run;
  if (runId === 0) return undefined;
  return `${serverUrl}/${repository}/actions/runs/${runId}/attempts/${runAttempt}`;
}

/** Of the events that carry a whole pull request: `pull_request`, `pull_request_target`, reviews. */
function parsePullRequest(event: unknown): PullRequest | undefined {
  const { number, head, base } = asRecord(asRecord(event).pull_request);
  const { sha: headCommit, ref: headRef, repo: headRepository } = asRecord(head);
  const { sha: baseCommit, repo: baseRepository } = asRecord(base);
  if (typeof number !== "number" || typeof headCommit !== "string") return undefined;
  if (typeof headRef !== "string" || typeof baseCommit !== "string") return undefined;
  // The repository of a head is null when a fork was deleted.
  const isFork = asRecord(headRepository).full_name !== asRecord(baseRepository).full_name;
  return { number, headCommit, headRef, baseCommit, isFork };
}

/**
 * On these events anybody can start a run that has the repository's secrets and a token that may
 * write. GITHUB_SHA is the repository's own then, whatever it is that started the run.
 * https://docs.github.com/actions/reference/events-that-trigger-workflows
 */
function trustedCommitsOf(
  name: string,
  commit: string,
  event: unknown,
): readonly string[] | undefined {
  const { pull_request, workflow_run, repository } = asRecord(event);
  switch (name) {
    case "issue_comment":
      return [commit];
    case "pull_request_target": {
      const { sha } = asRecord(asRecord(pull_request).base);
      return typeof sha === "string" ? [commit, sha] : [commit];
    }
    case "workflow_run": {
      const { event: startedBy, head_sha: sha, head_repository: head } = asRecord(workflow_run);
      const isOwn = asRecord(head).full_name === asRecord(repository).full_name;
      const isReviewed = isOwn && !String(startedBy).startsWith("pull_request");
      return isReviewed && typeof sha === "string" ? [commit, sha] : [commit];
    }
    default:
      return undefined;
  }
}
