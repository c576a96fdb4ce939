import { type Links, nodeId, repositoryPage, repositoryUrl } from "../links.ts";
import type { Comment, Repository } from "../state.ts";
import { actionsAppDocument, userDocument } from "./user.ts";

/** A comment on a pull request as GitHub shows it (`issue-comment`). */
export function commentDocument(
  links: Links,
  repository: Repository,
  comment: Comment,
): Readonly<Record<string, unknown>> {
  const url = commentUrl(links, repository, comment);
  const page = `${repositoryPage(links, repository)}/pull/${comment.issue}`;
  const byWorkflow = comment.login === "github-actions[bot]";
  return {
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(links, repository)}/issues/${comment.issue}`,
    user: userDocument(links, comment.login),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: byWorkflow ? "NONE" : "CONTRIBUTOR",
    performed_via_github_app: byWorkflow ? actionsAppDocument(links) : null,
    reactions: noReactions(`${url}/reactions`),
  };
}

/** The address of a comment in the API. */
export function commentUrl(links: Links, repository: Repository, comment: Comment): string {
  return `${repositoryUrl(links, repository)}/issues/comments/${comment.id}`;
}

function noReactions(url: string): Readonly<Record<string, unknown>> {
  return {
    url,
    total_count: 0,
    "+1": 0,
    "-1": 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
