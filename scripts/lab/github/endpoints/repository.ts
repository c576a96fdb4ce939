import { compareCommits, resolveCommit } from "../commits.ts";
import { commitDocument } from "../documents/commit.ts";
import { pullRequestDocument } from "../documents/pull-request.ts";
import { fullRepositoryDocument } from "../documents/repository.ts";
import { workflowRunDocument } from "../documents/workflow-run.ts";
import { type Endpoints, type RepositoryCall, readable } from "../endpoint.ts";
import { repositoryPage, repositoryUrl } from "../links.ts";
import { pageOf } from "../pagination.ts";
import { errorReply, notFound, type Reply } from "../replies.ts";

/** A repository, its pull requests, commits and workflow runs. */
export const repositoryEndpoints: Endpoints = {
  "repos/get": readable("metadata", getRepository),
  "pulls/get": readable("pull-requests", getPullRequest),
  "repos/compare-commits-with-basehead": readable("contents", compare),
  "actions/get-workflow-run": readable("actions", getWorkflowRun),
};

function getRepository(call: RepositoryCall): Reply {
  return { status: 200, body: fullRepositoryDocument(call.links, call.repository) };
}

function getPullRequest(call: RepositoryCall): Reply {
  const pull = call.repository.pullRequests.get(Number(call.parameter("pull_number")));
  if (pull === undefined) return notFound(call.operation);
  const comments = call.repository.comments.filter(({ issue }) => issue === pull.number).length;
  const facts = { pull, repository: call.repository, comments };
  return { status: 200, body: pullRequestDocument(call.links, facts) };
}

function getWorkflowRun(call: RepositoryCall): Reply {
  const run = call.repository.runs.get(Number(call.parameter("run_id")));
  if (run === undefined) return notFound(call.operation);
  return { status: 200, body: workflowRunDocument(call.links, call.repository, run) };
}

function compare(call: RepositoryCall): Reply {
  const { links, repository } = call;
  const basehead = call.parameter("basehead");
  const [baseName = "", headName = ""] = basehead.split("...");
  const base = resolveCommit(repository, baseName);
  const head = resolveCommit(repository, headName);
  if (base === undefined || head === undefined) return notFound(call.operation);
  const comparison = compareCommits(repository, base, head);
  if (comparison === undefined) {
    const message = `No common ancestor between ${baseName} and ${headName}.`;
    return errorReply(call.operation, 404, message);
  }
  const paged = call.query.has("page") || call.query.has("per_page");
  const page = pageOf(comparison.ahead, { query: call.query, url: call.numberedUrl });
  const commits = paged ? page.items : comparison.ahead.slice(-250);
  const web = `${repositoryPage(links, repository)}/compare/${basehead}`;
  const body = {
    url: `${repositoryUrl(links, repository)}/compare/${basehead}`,
    html_url: web,
    permalink_url: web,
    diff_url: `${web}.diff`,
    patch_url: `${web}.patch`,
    base_commit: commitDocument(links, repository, base),
    merge_base_commit: commitDocument(links, repository, comparison.mergeBase),
    status: comparison.status,
    ahead_by: comparison.ahead.length,
    behind_by: comparison.behind.length,
    total_commits: comparison.ahead.length,
    commits: commits.map((commit) => commitDocument(links, repository, commit)),
    files: [],
  };
  return { status: 200, headers: paged ? page.headers : {}, body };
}
