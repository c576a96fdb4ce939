import type { Alert } from "./alerts.ts";
import type { Analysis } from "./sarif.ts";

/** What GitHub's workflow syntax calls `permissions:`, by its names: `pull-requests`, `issues`. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** A token that the stand-in accepts. */
export interface Token {
  readonly token: string;
  /** Who writes with it: `github-actions[bot]` for the token of a workflow run. */
  readonly login: string;
  /** A workflow's token belongs to an installation and is nobody's: `GET /user` refuses it. */
  readonly kind: "installation" | "user";
  readonly permissions: Permissions;
}

/** One commit of a repository. */
export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly message: string;
}

/** One end of a pull request. */
export interface Branch {
  /** `owner/name`: another repository than the pull request's own when it comes from a fork. */
  readonly repository: string;
  readonly ref: string;
  readonly sha: string;
}

/** A pull request, whose number an issue comment is kept under. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly login: string;
  readonly state: "open" | "closed";
  readonly head: Branch;
  readonly base: Branch;
  /** The commit of `refs/pull/N/merge`, which a workflow for the pull request checks out. */
  readonly mergeSha: string;
  readonly createdAt: string;
}

/** A comment on a pull request. Times are ISO 8601 in UTC, to the second. */
export interface Comment {
  readonly id: number;
  readonly issue: number;
  readonly login: string;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A file of findings as it was uploaded, and what came of it. */
export interface SarifUpload {
  readonly id: string;
  readonly commitSha: string;
  readonly ref: string;
  /** The unpacked text. */
  readonly sarif: string;
  readonly outcome:
    | { readonly kind: "complete"; readonly analyses: readonly Analysis[] }
    | { readonly kind: "failed"; readonly errors: readonly string[] };
  /** How many more times a question for its status is answered `pending`. */
  pendingPolls: number;
  readonly createdAt: string;
}

/** A workflow run, as far as an action asks for one. */
export interface WorkflowRun {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly event: string;
  readonly status: "queued" | "in_progress" | "completed";
  readonly conclusion: string | null;
  readonly headBranch: string;
  readonly headSha: string;
  readonly createdAt: string;
}

/** A repository and everything that belongs to it. Tests read it; requests change it. */
export interface Repository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly private: boolean;
  /** Without it, whatever has to do with code scanning is refused with 403. */
  readonly codeScanning: "enabled" | "disabled";
  readonly defaultBranch: string;
  readonly commits: Map<string, Commit>;
  /** Full names, `refs/heads/main`, to the commit they point to. */
  readonly refs: Map<string, string>;
  readonly pullRequests: Map<number, PullRequest>;
  /** In the order of their ids. */
  readonly comments: Comment[];
  readonly uploads: SarifUpload[];
  /** Every analysis that was processed, oldest first. */
  readonly analyses: Analysis[];
  readonly alerts: Alert[];
  readonly runs: Map<number, WorkflowRun>;
  /** Never given out again, even when what had the last one is deleted. */
  readonly next: { commentId: number; analysisId: number; alertNumber: number };
}

/** `owner/name`. */
export function fullName(repository: Pick<Repository, "owner" | "name">): string {
  return `${repository.owner}/${repository.name}`;
}

/** The time as GitHub writes it: UTC, to the second. */
export function timestamp(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}
