import { type Links, nodeId, repositoryPage, repositoryUrl } from "../links.ts";
import type { Repository, WorkflowRun } from "../state.ts";
import { simpleCommitDocument } from "./commit.ts";
import { repositoryDocument } from "./repository.ts";
import { userDocument } from "./user.ts";

/** A workflow run as GitHub shows it (`workflow-run`). */
export function workflowRunDocument(
  links: Links,
  repository: Repository,
  run: WorkflowRun,
): Readonly<Record<string, unknown>> {
  const commit = repository.commits.get(run.headSha);
  const owner = repositoryDocument(links, repository);
  return {
    id: run.id,
    node_id: nodeId("WorkflowRun", run.id),
    name: "CI",
    display_title: commit?.message ?? run.headBranch,
    head_branch: run.headBranch,
    head_sha: run.headSha,
    head_commit: simpleCommitDocument({ sha: run.headSha, message: commit?.message ?? "" }),
    path: ".github/workflows/ci.yml",
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.event,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: 1,
    pull_requests: [],
    created_at: run.createdAt,
    updated_at: run.createdAt,
    run_started_at: run.createdAt,
    actor: userDocument(links, "octocat"),
    triggering_actor: userDocument(links, "octocat"),
    repository: owner,
    head_repository: owner,
    ...addresses(links, repository, run),
  };
}

function addresses(
  links: Links,
  repository: Repository,
  run: WorkflowRun,
): Readonly<Record<string, unknown>> {
  const url = `${repositoryUrl(links, repository)}/actions/runs/${run.id}`;
  return {
    url,
    html_url: `${repositoryPage(links, repository)}/actions/runs/${run.id}`,
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: null,
    check_suite_url: `${repositoryUrl(links, repository)}/check-suites/${run.id}`,
    workflow_url: `${repositoryUrl(links, repository)}/actions/workflows/1`,
  };
}
