// One comment a pull request and name, found again by its hidden marker and its author, and
// brought up to date in place.

import { COMMENT_CHARACTERS, fitMarkdown } from "../host/fit-markdown.ts";
import type { GitHub, Host, IssueComment, Reply } from "../host/host.ts";
import type { PublishInputs } from "../model/inputs.ts";
import { type CommentMarker, readMarker, writeMarker } from "./comment-marker.ts";
import { type Hindrance, hindranceOf, type NeededPermission } from "./refusal.ts";

/** What became of the comment. */
export type PublishedComment =
  | { readonly kind: "created" | "updated"; readonly url: string }
  /** A newer run was faster: its comment stays. */
  | { readonly kind: "kept"; readonly url: string; readonly reason: string }
  | { readonly kind: "none"; readonly reason: string; readonly isOfFork?: true };

const PERMISSION: NeededPermission = {
  permission: "pull-requests: write",
  allows: "comment on the pull request",
};

const LIMIT = {
  most: COMMENT_CHARACTERS,
  unit: "characters",
  note: "*Cut here: a comment may be no longer than this. The job summary has the rest.*",
} as const;

/**
 * Creates or updates the comment. Never throws for what GitHub answers; says it in the log, but for
 * what a fork's token may not.
 */
export async function publishComment(
  host: Pick<Host, "github" | "ci" | "log" | "conceal">,
  markdown: string,
  inputs: Pick<PublishInputs, "name" | "comment">,
): Promise<PublishedComment> {
  const { github, ci } = host;
  if (inputs.comment === "never") return { kind: "none", reason: "comments are switched off" };
  if (ci?.pullRequest === undefined) {
    return without(host, inputs, { level: "quiet", reason: "this run is for no pull request" });
  }
  if (github === undefined) {
    return without(host, inputs, { level: "notice", reason: "there is no token" });
  }
  const marker = { name: inputs.name, run: ci.runId, attempt: ci.runAttempt };
  const body = `${writeMarker(marker)}\n${host.conceal(markdown)}`;
  const text = fitMarkdown(body, LIMIT);
  const outcome = await write(github, ci.pullRequest.number, marker, text);
  if (outcome.kind === "refused" || outcome.kind === "unreachable") {
    return without(host, inputs, hindranceOf(outcome, PERMISSION, ci));
  }
  if (outcome.kind === "kept") {
    host.log.notice(`The comment on the pull request is left as it is: ${outcome.reason}.`);
  }
  return outcome;
}

function without(
  host: Pick<Host, "log">,
  { comment }: Pick<PublishInputs, "comment">,
  hindrance: Omit<Hindrance, "level"> & { readonly level: Hindrance["level"] | "quiet" },
): PublishedComment {
  const { reason, isOfFork } = hindrance;
  if (isOfFork && comment !== "always") return { kind: "none", reason, isOfFork };
  const level = comment === "always" ? "warning" : hindrance.level;
  if (level !== "quiet") host.log[level](`No comment on the pull request: ${reason}.`);
  return { kind: "none", reason };
}

type NoReply = Exclude<Reply<never>, { kind: "ok" }>;

async function write(
  github: GitHub,
  pullRequest: number,
  marker: CommentMarker,
  text: string,
): Promise<PublishedComment | NoReply> {
  const found = await findOurs(github, pullRequest, marker.name);
  if (found.kind !== "ok") return found;
  const newer = found.value.find(({ marker: theirs }) => isNewer(theirs, marker));
  if (newer !== undefined) {
    const reason = `it is of run ${newer.marker.run}, which is newer`;
    return { kind: "kept", url: newer.comment.url, reason };
  }
  const [first] = found.value;
  if (first !== undefined) {
    const updated = await github.updateComment(first.comment.id, text);
    if (updated.kind === "ok") {
      await removeOthers(github, found.value);
      return { kind: "updated", url: updated.value.url };
    }
    // Deleted since we looked: as if it had never been.
    if (updated.kind !== "refused" || updated.status !== 404) return updated;
  }
  const created = await github.createComment(pullRequest, text);
  return created.kind === "ok" ? { kind: "created", url: created.value.url } : created;
}

/**
 * Two runs that began a pull request's first comment at the same moment have left two. Those after the
 * first are removed, if the same author wrote them; what GitHub refuses is tried by the next run.
 */
async function removeOthers(
  github: GitHub,
  [first, ...others]: readonly OurComment[],
): Promise<void> {
  for (const { comment } of others) {
    if (comment.author === first?.comment.author) await github.deleteComment(comment.id);
  }
}

interface OurComment {
  readonly comment: IssueComment;
  readonly marker: CommentMarker;
}

/** Oldest first. Should there be several, the first is the one that is brought up to date. */
async function findOurs(
  github: GitHub,
  pullRequest: number,
  name: string,
): Promise<Reply<readonly OurComment[]>> {
  const login = await github.login();
  if (login.kind !== "ok") return login;
  const comments = await github.listComments(pullRequest);
  if (comments.kind !== "ok") return comments;
  const ours = comments.value.flatMap((comment) => {
    const marker = readMarker(comment.body);
    const isOurs = marker?.name === name && isAuthor(comment, login.value);
    return isOurs ? [{ comment, marker }] : [];
  });
  return { kind: "ok", value: preferred(ours, login.value) };
}

/**
 * Anybody can copy a marker, so the author counts too. Of a workflow's own token, or another
 * app's, GitHub does not tell who it speaks for: then it must have been a bot. People cannot write
 * as one, and a bot that repeats what people write would have to begin its comment with our marker.
 */
function isAuthor(comment: IssueComment, login: string | undefined): boolean {
  if (login === undefined) return comment.authorIsBot;
  return comment.author.toLowerCase() === login.toLowerCase();
}

/** Where GitHub does not tell who we are, we are most likely the workflow's own bot. */
function preferred(ours: readonly OurComment[], login: string | undefined): readonly OurComment[] {
  if (login !== undefined) return ours;
  const byWorkflow = ours.filter(({ comment }) => comment.author === "github-actions[bot]");
  return byWorkflow.length > 0 ? byWorkflow : ours;
}

/** A run that was started again is newer than itself, and older than every later run. */
function isNewer(theirs: CommentMarker, ours: CommentMarker): boolean {
  return theirs.run === ours.run ? theirs.attempt > ours.attempt : theirs.run > ours.run;
}
