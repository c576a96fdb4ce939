import {
  type Comment,
  type Commit,
  fullName,
  type Permissions,
  type PullRequest,
  type Repository,
  type Token,
  timestamp,
  type WorkflowRun,
} from "./state.ts";

/** What a repository holds before the first request. */
export interface RepositorySeed {
  /** `owner/name`. */
  readonly repository: string;
  readonly private?: boolean;
  readonly codeScanning?: "enabled" | "disabled";
  /** Default `main`. */
  readonly defaultBranch?: string;
  readonly commits?: readonly CommitSeed[];
  /** Full ref names to commits; commits that are not listed are made up, without parents. */
  readonly refs?: Readonly<Record<string, string>>;
  readonly pullRequests?: readonly PullRequestSeed[];
  readonly comments?: readonly CommentSeed[];
  readonly runs?: readonly RunSeed[];
}

export interface CommitSeed {
  readonly sha: string;
  readonly parents?: readonly string[];
  readonly message?: string;
}

export interface PullRequestSeed {
  readonly number: number;
  readonly title?: string;
  readonly login?: string;
  readonly state?: "open" | "closed";
  /** `repository` names the fork that the change comes from. */
  readonly head: { readonly repository?: string; readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
  readonly mergeSha: string;
}

export interface CommentSeed {
  readonly issue: number;
  readonly login: string;
  readonly body: string;
}

export type RunSeed = Pick<WorkflowRun, "id" | "number" | "headBranch" | "headSha"> &
  Partial<WorkflowRun>;

export interface TokenSeed {
  readonly token: string;
  /** Default `github-actions[bot]`. */
  readonly login?: string;
  /** Default `installation`, as a workflow's own token is. */
  readonly kind?: Token["kind"];
  readonly permissions: Permissions;
}

/**
 * Ids above 2^31, as GitHub's own have long been: whoever keeps them in 32 bits finds out.
 */
const firstRepositoryId = 3_000_000_001;
const firstCommentId = 4_000_000_001;
const firstAnalysisId = 5_000_000_001;

/** Makes a repository. Ids count up from a fixed start, so two runs get the same ones. */
export function plantRepository(
  seed: RepositorySeed,
  place: { readonly index: number; readonly now: Date },
): Repository {
  const [owner = "", name = ""] = seed.repository.split("/");
  const repository: Repository = {
    id: firstRepositoryId + place.index,
    owner,
    name,
    private: seed.private ?? false,
    codeScanning: seed.codeScanning ?? "enabled",
    defaultBranch: seed.defaultBranch ?? "main",
    commits: new Map(),
    refs: new Map(),
    pullRequests: new Map(),
    comments: [],
    uploads: [],
    analyses: [],
    alerts: [],
    runs: new Map(),
    next: {
      commentId: firstCommentId + place.index * 1_000_000,
      analysisId: firstAnalysisId + place.index * 1_000_000,
      alertNumber: 1,
    },
  };
  for (const commit of seed.commits ?? []) addCommit(repository, commit);
  for (const [ref, sha] of Object.entries(seed.refs ?? {})) pointRef(repository, ref, sha);
  for (const pull of seed.pullRequests ?? []) openPullRequest(repository, pull, place.now);
  for (const comment of seed.comments ?? []) writeComment(repository, comment, place.now);
  for (const run of seed.runs ?? []) addRun(repository, run, place.now);
  return repository;
}

/** A token as the stand-in keeps it. */
export function tokenOf(seed: TokenSeed): Token {
  return {
    token: seed.token,
    login: seed.login ?? "github-actions[bot]",
    kind: seed.kind ?? "installation",
    permissions: seed.permissions,
  };
}

/** Adds a commit; a commit that is already there stays as it is. */
export function addCommit(repository: Repository, seed: CommitSeed): Commit {
  const known = repository.commits.get(seed.sha);
  if (known !== undefined) return known;
  const commit = {
    sha: seed.sha,
    parents: seed.parents ?? [],
    message: seed.message ?? `Commit ${seed.sha.slice(0, 7)}`,
  };
  repository.commits.set(commit.sha, commit);
  return commit;
}

/** Points a ref (`refs/heads/main`) at a commit, as a push does. */
export function pointRef(repository: Repository, ref: string, sha: string): void {
  addCommit(repository, { sha });
  repository.refs.set(ref, sha);
}

/** Opens a pull request, with the two refs and the three commits that GitHub keeps for it. */
export function openPullRequest(
  repository: Repository,
  seed: PullRequestSeed,
  now: Date,
): PullRequest {
  const own = fullName(repository);
  const pull: PullRequest = {
    number: seed.number,
    title: seed.title ?? `Change ${seed.number}`,
    login: seed.login ?? "octocat",
    state: seed.state ?? "open",
    head: { repository: seed.head.repository ?? own, ref: seed.head.ref, sha: seed.head.sha },
    base: { repository: own, ref: seed.base.ref, sha: seed.base.sha },
    mergeSha: seed.mergeSha,
    createdAt: timestamp(now),
  };
  addCommit(repository, { sha: pull.base.sha });
  addCommit(repository, { sha: pull.head.sha, parents: [pull.base.sha] });
  addCommit(repository, { sha: pull.mergeSha, parents: [pull.base.sha, pull.head.sha] });
  repository.refs.set(`refs/pull/${pull.number}/head`, pull.head.sha);
  repository.refs.set(`refs/pull/${pull.number}/merge`, pull.mergeSha);
  repository.pullRequests.set(pull.number, pull);
  return pull;
}

/** Writes a comment under a pull request. */
export function writeComment(repository: Repository, seed: CommentSeed, now: Date): Comment {
  const written = timestamp(now);
  const id = repository.next.commentId++;
  const comment = { ...seed, id, createdAt: written, updatedAt: written };
  repository.comments.push(comment);
  return comment;
}

function addRun(repository: Repository, seed: RunSeed, now: Date): void {
  const run: WorkflowRun = {
    attempt: 1,
    event: "pull_request",
    status: "in_progress",
    conclusion: null,
    createdAt: timestamp(now),
    ...seed,
  };
  repository.runs.set(run.id, run);
}
