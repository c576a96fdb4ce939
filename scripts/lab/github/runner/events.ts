import { pushedCommitDocument } from "../documents/commit.ts";
import { pullRequestDocument } from "../documents/pull-request.ts";
import { type RepositoryFacts, repositoryDocument } from "../documents/repository.ts";
import { userDocument } from "../documents/user.ts";
import { type Links, repositoryPage } from "../links.ts";
import type { PullRequest } from "../state.ts";

/** The payload of `pull_request`, as the event file of a workflow run has it. */
export function pullRequestEvent(
  links: Links,
  repository: RepositoryFacts,
  pull: PullRequest,
): Readonly<Record<string, unknown>> {
  return {
    action: "opened",
    number: pull.number,
    pull_request: pullRequestDocument(links, { pull, repository, comments: 0 }),
    repository: repositoryDocument(links, repository),
    sender: userDocument(links, pull.login),
  };
}

/** The commit that a push begins from when it makes the branch or the tag. */
const nothing = "0".repeat(40);

/** The payload of `push`, of a branch or of a new tag. */
export function pushEvent(
  links: Links,
  repository: RepositoryFacts,
  push: { readonly ref: string; readonly sha: string; readonly before: string | undefined },
): Readonly<Record<string, unknown>> {
  const page = repositoryPage(links, repository);
  const before = push.before ?? nothing;
  const commit = pushedCommitDocument(page, { sha: push.sha, message: "Change the image" });
  const isTag = push.ref.startsWith("refs/tags/");
  return {
    ref: push.ref,
    before,
    after: push.sha,
    base_ref: isTag ? `refs/heads/${repository.defaultBranch}` : null,
    created: before === nothing,
    deleted: false,
    forced: false,
    compare: `${page}/compare/${before.slice(0, 12)}...${push.sha.slice(0, 12)}`,
    commits: isTag ? [] : [commit],
    head_commit: commit,
    pusher: { name: "octocat", email: "octocat@github.com" },
    repository: repositoryDocument(links, repository),
    sender: userDocument(links, "octocat"),
  };
}

/** The payload of `merge_group`: the queue asks whether the branch that it made may be merged. */
export function mergeGroupEvent(
  links: Links,
  repository: RepositoryFacts,
  group: { readonly ref: string; readonly sha: string; readonly baseSha: string },
): Readonly<Record<string, unknown>> {
  const page = repositoryPage(links, repository);
  return repositoryEvent(links, repository, {
    action: "checks_requested",
    merge_group: {
      head_sha: group.sha,
      head_ref: group.ref,
      base_sha: group.baseSha,
      base_ref: `refs/heads/${repository.defaultBranch}`,
      head_commit: pushedCommitDocument(page, { sha: group.sha, message: "Merge pull request" }),
    },
  });
}

/** The payload of `workflow_run`, after a workflow that ran for a pull request. */
export function workflowRunEvent(
  links: Links,
  repository: RepositoryFacts,
  pull: PullRequest,
): Readonly<Record<string, unknown>> {
  return repositoryEvent(links, repository, {
    action: "completed",
    workflow_run: {
      event: "pull_request",
      head_branch: pull.head.ref,
      head_sha: pull.head.sha,
      head_repository: { full_name: pull.head.repository },
    },
  });
}

/** The payload of an event that says little beside the repository: `schedule`, `workflow_dispatch`. */
export function repositoryEvent(
  links: Links,
  repository: RepositoryFacts,
  more: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return {
    ...more,
    repository: repositoryDocument(links, repository),
    sender: userDocument(links, "octocat"),
  };
}
