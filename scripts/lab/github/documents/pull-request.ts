import { type Links, nodeId, repositoryPage, repositoryUrl } from "../links.ts";
import type { Branch, PullRequest } from "../state.ts";
import { type RepositoryFacts, repositoryDocument } from "./repository.ts";
import { userDocument } from "./user.ts";

/** A pull request and what is told of it beside its own facts. */
export interface PullRequestFacts {
  readonly pull: PullRequest;
  /** The repository that it is to be merged into. */
  readonly repository: RepositoryFacts;
  /** How many comments it has. */
  readonly comments: number;
}

/** A pull request as `GET` and the event of a workflow show it (`pull-request`). */
export function pullRequestDocument(
  links: Links,
  facts: PullRequestFacts,
): Readonly<Record<string, unknown>> {
  const { pull, repository } = facts;
  return {
    id: pull.number + 2_000_000_000,
    node_id: nodeId("PullRequest", pull.number),
    number: pull.number,
    state: pull.state,
    locked: false,
    title: pull.title,
    user: userDocument(links, pull.login),
    body: null,
    labels: [],
    milestone: null,
    active_lock_reason: null,
    created_at: pull.createdAt,
    updated_at: pull.createdAt,
    closed_at: pull.state === "closed" ? pull.createdAt : null,
    merged_at: null,
    merge_commit_sha: pull.mergeSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    head: endDocument(links, pull.head, repository),
    base: endDocument(links, pull.base, repository),
    author_association: isFromFork(pull) ? "CONTRIBUTOR" : "OWNER",
    auto_merge: null,
    draft: false,
    ...mergeFacts,
    comments: facts.comments,
    maintainer_can_modify: isFromFork(pull),
    ...addresses(links, facts),
  };
}

/** Whether the change comes from another repository, whose runs get a token that can only read. */
export function isFromFork(pull: PullRequest): boolean {
  return pull.head.repository !== pull.base.repository;
}

const mergeFacts = {
  merged: false,
  mergeable: true,
  rebaseable: true,
  mergeable_state: "clean",
  merged_by: null,
  review_comments: 0,
  commits: 1,
  additions: 1,
  deletions: 1,
  changed_files: 1,
};

function endDocument(
  links: Links,
  end: Branch,
  base: RepositoryFacts,
): Readonly<Record<string, unknown>> {
  const [owner = "", name = ""] = end.repository.split("/");
  const own = end.repository === `${base.owner}/${base.name}`;
  const repository = own ? base : { ...base, id: base.id + 1, owner, name, fork: true };
  return {
    label: `${owner}:${end.ref}`,
    ref: end.ref,
    sha: end.sha,
    user: userDocument(links, owner),
    repo: repositoryDocument(links, repository),
  };
}

function addresses(
  links: Links,
  { pull, repository }: PullRequestFacts,
): Readonly<Record<string, unknown>> {
  const api = repositoryUrl(links, repository);
  const url = `${api}/pulls/${pull.number}`;
  const issue = `${api}/issues/${pull.number}`;
  const page = `${repositoryPage(links, repository)}/pull/${pull.number}`;
  const all = {
    comments: `${issue}/comments`,
    commits: `${url}/commits`,
    statuses: `${api}/statuses/${pull.head.sha}`,
    html: page,
    issue,
    review_comments: `${url}/comments`,
    review_comment: `${api}/pulls/comments{/number}`,
    self: url,
  };
  const links_ = Object.entries(all).map(([name, href]) => [name, { href }]);
  return {
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issue,
    commits_url: all.commits,
    review_comments_url: all.review_comments,
    review_comment_url: all.review_comment,
    comments_url: all.comments,
    statuses_url: all.statuses,
    _links: Object.fromEntries(links_),
  };
}
