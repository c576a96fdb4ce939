// The few verbs that we need of GitHub's REST API.

import { promisify } from "node:util";
import { gzip } from "node:zlib";
import {
  parseComment,
  parseComments,
  parseLogin,
  parseStatus,
  parseUpload,
} from "./github-parsers.ts";
import {
  type ApiRequest,
  createSendRequest,
  REQUEST_TIMINGS,
  type RequestSettings,
  type RequestTimings,
  type SendRequest,
} from "./github-requests.ts";
import type { GitHub, IssueComment, Reply, SarifUpload } from "./host.ts";

/** Which repository, with which token. */
export interface GitHubSettings extends Omit<RequestSettings, "timings"> {
  /** `owner/name`. */
  readonly repository: string;
  /** Default: `REQUEST_TIMINGS`. */
  readonly timings?: RequestTimings;
}

/** GitHub, seen from one repository with one token. */
export function createGitHub(settings: GitHubSettings): GitHub {
  const send = createSendRequest({ ...settings, timings: settings.timings ?? REQUEST_TIMINGS });
  const [owner = "", repo = ""] = settings.repository.split("/");
  const where = { owner, repo };
  return {
    login: () => askLogin(send),
    listComments: (pullRequest) => listComments(send, where, pullRequest),
    createComment: (pullRequest, body) => createComment(send, where, pullRequest, body),
    async updateComment(id, body) {
      const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
      const parameters = { ...where, comment_id: id, body };
      return withoutPaging(await send({ route, parameters, repeatable: true }, parseComment));
    },
    deleteComment: (id) => deleteComment(send, where, id),
    uploadSarif: (upload) => uploadSarif(send, where, upload),
    async sarifStatus(id) {
      const route = "GET /repos/{owner}/{repo}/code-scanning/sarifs/{sarif_id}";
      const parameters = { ...where, sarif_id: id };
      return withoutPaging(await send({ route, parameters, repeatable: true }, parseStatus));
    },
  };
}

interface Repository {
  readonly owner: string;
  readonly repo: string;
}

function withoutPaging<T>(reply: Reply<{ readonly value: T }>): Reply<T> {
  return reply.kind === "ok" ? { kind: "ok", value: reply.value.value } : reply;
}

async function askLogin(send: SendRequest): Promise<Reply<string | undefined>> {
  const request = { route: "GET /user", parameters: {}, repeatable: true };
  const reply = withoutPaging(await send(request, parseLogin));
  // The token of a workflow run belongs to an installation, which is no user.
  if (reply.kind === "refused" && reply.status === 403) return { kind: "ok", value: undefined };
  return reply;
}

async function listComments(
  send: SendRequest,
  where: Repository,
  pullRequest: number,
): Promise<Reply<readonly IssueComment[]>> {
  const comments: IssueComment[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
    const parameters = { ...where, issue_number: pullRequest, per_page: 100, page };
    const reply = await send({ route, parameters, repeatable: true }, parseComments);
    if (reply.kind !== "ok") return reply;
    comments.push(...reply.value.value);
    if (!reply.value.hasNextPage) return { kind: "ok", value: comments };
  }
  return { kind: "unreachable", message: `there is no end of comments after ${MOST_PAGES} pages` };
}

/** Of a hundred comments each: several times what a pull request can have. */
const MOST_PAGES = 100;

/**
 * Sent blindly a second time, a comment might stand there twice. So when an answer is lost, we look
 * whether the comment is there, and send it once more only when it is not.
 */
async function createComment(
  send: SendRequest,
  where: Repository,
  pullRequest: number,
  body: string,
): Promise<Reply<IssueComment>> {
  const request: ApiRequest = {
    route: "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
    parameters: { ...where, issue_number: pullRequest, body },
    repeatable: false,
  };
  const first = withoutPaging(await send(request, parseComment));
  if (!isLost(first)) return first;
  const comments = await listComments(send, where, pullRequest);
  if (comments.kind !== "ok") return first;
  const created = comments.value.findLast((comment) => sameText(comment.body, body));
  if (created !== undefined) return { kind: "ok", value: created };
  return withoutPaging(await send(request, parseComment));
}

async function deleteComment(
  send: SendRequest,
  where: Repository,
  id: number,
): Promise<Reply<undefined>> {
  const request: ApiRequest = {
    route: "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}",
    parameters: { ...where, comment_id: id },
    repeatable: true,
  };
  const reply = await send(request, () => "deleted");
  const isGone = reply.kind === "ok" || (reply.kind === "refused" && reply.status === 404);
  return isGone ? { kind: "ok", value: undefined } : reply;
}

function isLost(reply: Reply<unknown>): boolean {
  return reply.kind === "unreachable" || (reply.kind === "refused" && reply.status >= 500);
}

/** GitHub keeps texts as they are but for the white space around them and its kind of line break. */
function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll("\r\n", "\n").trim();
  return plain(a) === plain(b);
}

/** Sent twice, the second replaces the first: the same categories at the same commit. */
async function uploadSarif(
  send: SendRequest,
  where: Repository,
  upload: SarifUpload,
): Promise<Reply<{ readonly id: string }>> {
  const compressed = await promisify(gzip)(upload.sarif, { level: 9 });
  const parameters = {
    ...where,
    commit_sha: upload.commit,
    ref: upload.ref,
    sarif: compressed.toString("base64"),
    started_at: upload.startedAt,
  };
  const route = "POST /repos/{owner}/{repo}/code-scanning/sarifs";
  return withoutPaging(await send({ route, parameters, repeatable: true }, parseUpload));
}
