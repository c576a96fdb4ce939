import { type Links, nodeId, repositoryPage, repositoryUrl } from "../links.ts";
import type { Commit, Repository } from "../state.ts";
import { userDocument } from "./user.ts";

/** Who made every commit of the stand-in, and when: nothing that asks for one looks. */
const person = { name: "Octocat", email: "octocat@github.com", date: "2026-01-01T00:00:00Z" };

/** A commit as GitHub shows it (`commit`). */
export function commitDocument(
  links: Links,
  repository: Pick<Repository, "owner" | "name">,
  commit: Commit,
): Readonly<Record<string, unknown>> {
  const url = `${repositoryUrl(links, repository)}/commits/${commit.sha}`;
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url,
    html_url: `${repositoryPage(links, repository)}/commit/${commit.sha}`,
    comments_url: `${url}/comments`,
    commit: {
      url: `${repositoryUrl(links, repository)}/git/commits/${commit.sha}`,
      author: person,
      committer: person,
      message: commit.message,
      comment_count: 0,
      tree: treeOf(links, repository, commit),
    },
    author: userDocument(links, "octocat"),
    committer: userDocument(links, "octocat"),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${repositoryUrl(links, repository)}/commits/${sha}`,
      html_url: `${repositoryPage(links, repository)}/commit/${sha}`,
    })),
  };
}

/** A commit as a workflow run shows it (`simple-commit`). */
export function simpleCommitDocument(
  commit: Pick<Commit, "sha" | "message">,
): Readonly<Record<string, unknown>> {
  return {
    id: commit.sha,
    tree_id: commit.sha,
    message: commit.message,
    timestamp: person.date,
    author: { name: person.name, email: person.email },
    committer: { name: person.name, email: person.email },
  };
}

/** A commit as the payload of a push shows it. */
export function pushedCommitDocument(
  page: string,
  commit: Pick<Commit, "sha" | "message">,
): Readonly<Record<string, unknown>> {
  const author = { name: person.name, email: person.email, username: "octocat" };
  return {
    ...simpleCommitDocument(commit),
    distinct: true,
    url: `${page}/commit/${commit.sha}`,
    author,
    committer: author,
    added: [],
    removed: [],
    modified: ["Dockerfile"],
  };
}

function treeOf(
  links: Links,
  repository: Pick<Repository, "owner" | "name">,
  commit: Commit,
): Readonly<Record<string, unknown>> {
  return {
    sha: commit.sha,
    url: `${repositoryUrl(links, repository)}/git/trees/${commit.sha}`,
  };
}
