import { commentDocument, commentUrl } from "../documents/comment.ts";
import { type Endpoints, type RepositoryCall, readable, writable } from "../endpoint.ts";
import { member, textOf } from "../json.ts";
import { pageOf } from "../pagination.ts";
import { notFound, type Reply, unprocessable } from "../replies.ts";
import { writeComment } from "../seed.ts";
import { type Comment, timestamp } from "../state.ts";

/** Either permission is enough on a pull request. */
const permissions = ["issues", "pull-requests"];

/** The most characters that a comment may have: 65,536 of at most four bytes. */
const longestBody = 65_536;

/** Comments on pull requests: https://docs.github.com/rest/issues/comments */
export const commentEndpoints: Endpoints = {
  "issues/list-comments": readable(permissions, listComments),
  "issues/get-comment": readable(permissions, getComment),
  "issues/create-comment": writable(permissions, createComment),
  "issues/update-comment": writable(permissions, updateComment),
  "issues/delete-comment": writable(permissions, deleteComment),
};

function listComments(call: RepositoryCall): Reply {
  const issue = Number(call.parameter("issue_number"));
  if (!call.repository.pullRequests.has(issue)) return notFound(call.operation);
  const since = call.query.get("since");
  const comments = call.repository.comments.filter(
    (comment) =>
      comment.issue === issue &&
      (since === null || Date.parse(comment.updatedAt) >= Date.parse(since)),
  );
  const page = pageOf(comments, { query: call.query, url: call.numberedUrl });
  const body = page.items.map((comment) => document(call, comment));
  return { status: 200, headers: page.headers, body };
}

function getComment(call: RepositoryCall): Reply {
  const comment = find(call);
  if (comment === undefined) return notFound(call.operation);
  return { status: 200, body: document(call, comment) };
}

function createComment(call: RepositoryCall): Reply {
  const issue = Number(call.parameter("issue_number"));
  if (!call.repository.pullRequests.has(issue)) return notFound(call.operation);
  const body = bodyOf(call);
  const refused = refuseBody(call, body);
  if (refused !== undefined) return refused;
  const login = call.token?.login ?? "";
  const comment = writeComment(call.repository, { issue, login, body }, call.now);
  const location = commentUrl(call.links, call.repository, comment);
  return { status: 201, headers: { location }, body: document(call, comment) };
}

function updateComment(call: RepositoryCall): Reply {
  const comment = find(call);
  if (comment === undefined) return notFound(call.operation);
  const body = bodyOf(call);
  const refused = refuseBody(call, body);
  if (refused !== undefined) return refused;
  const updated = { ...comment, body, updatedAt: timestamp(call.now) };
  call.repository.comments.splice(call.repository.comments.indexOf(comment), 1, updated);
  return { status: 200, body: document(call, updated) };
}

function deleteComment(call: RepositoryCall): Reply {
  const comment = find(call);
  if (comment === undefined) return notFound(call.operation);
  call.repository.comments.splice(call.repository.comments.indexOf(comment), 1);
  return { status: 204 };
}

function find(call: RepositoryCall): Comment | undefined {
  const id = Number(call.parameter("comment_id"));
  return call.repository.comments.find((comment) => comment.id === id);
}

function document(call: RepositoryCall, comment: Comment): Readonly<Record<string, unknown>> {
  return commentDocument(call.links, call.repository, comment);
}

function bodyOf(call: RepositoryCall): string {
  return textOf(member(call.body, "body")) ?? "";
}

function refuseBody(call: RepositoryCall, body: string): Reply | undefined {
  const problem = { resource: "IssueComment", field: "data" };
  if (body.trim() === "") {
    return unprocessable(call.operation, { ...problem, message: "Body cannot be blank" });
  }
  // Counted as GitHub counts: an emoji is one character.
  if ([...body].length > longestBody) {
    const message = `Body is too long (maximum is ${longestBody} characters)`;
    return unprocessable(call.operation, { ...problem, message });
  }
  return undefined;
}
