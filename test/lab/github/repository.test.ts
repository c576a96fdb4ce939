import { afterEach, beforeEach, expect, test } from "vitest";
import { addCommit, pointRef } from "../../../scripts/lab/github/seed.ts";
import type { GitHubStandIn } from "../../../scripts/lab/github/server.ts";
import { ask, commits, startOctoApp } from "./octo-app.ts";

let github: GitHubStandIn;

beforeEach(async () => {
  github = await startOctoApp();
});
afterEach(() => github.close());

test("a repository tells its name, its owner and its default branch", async () => {
  const { body } = await ask(github, "GET /repos/octo/app");
  expect(body).toMatchObject({
    full_name: "octo/app",
    owner: { login: "octo" },
    default_branch: "main",
    private: false,
  });
});

test("a pull request has its two ends and its merge commit", async () => {
  const { body } = await ask(github, "GET /repos/octo/app/pulls/7");
  expect(body).toMatchObject({
    number: 7,
    merge_commit_sha: commits.merge,
    head: { sha: commits.head, repo: { full_name: "octo/app", fork: false } },
    base: { sha: commits.main, ref: "main" },
  });
});

test("a pull request from a fork has its head in the fork", async () => {
  github.addRepository({
    repository: "octo/other",
    pullRequests: [
      {
        number: 3,
        login: "contributor",
        head: { repository: "contributor/other", ref: "change", sha: commits.head },
        base: { ref: "main", sha: commits.main },
        mergeSha: commits.merge,
      },
    ],
  });
  const reply = await ask(github, "GET /repos/octo/other/pulls/3");
  expect(reply.at("head")).toMatchObject({
    label: "contributor:change",
    repo: { full_name: "contributor/other", fork: true },
  });
});

test("two branches are compared from their merge base", async () => {
  const repository = github.repository("octo/app");
  addCommit(repository, { sha: "d".repeat(40), parents: [commits.main], message: "base moves on" });
  pointRef(repository, "refs/heads/main", "d".repeat(40));
  pointRef(repository, "refs/heads/feature/size", commits.head);
  const { body } = await ask(github, "GET /repos/octo/app/compare/main...feature/size");
  expect(body).toMatchObject({
    status: "diverged",
    ahead_by: 1,
    behind_by: 1,
    total_commits: 1,
    merge_base_commit: { sha: commits.main },
    base_commit: { sha: "d".repeat(40) },
    commits: [{ sha: commits.head }],
  });
});

test("a merge commit is ahead of its base by itself and its head", async () => {
  const path = `/repos/octo/app/compare/${commits.main}...${commits.merge}` as const;
  const { body } = await ask(github, `GET ${path}`);
  expect(body).toMatchObject({
    status: "ahead",
    ahead_by: 2,
    behind_by: 0,
    commits: [{ sha: commits.head }, { sha: commits.merge }],
  });
});

test("commits without a common ancestor cannot be compared", async () => {
  pointRef(github.repository("octo/app"), "refs/heads/orphan", "e".repeat(40));
  const reply = await ask(github, "GET /repos/octo/app/compare/main...orphan");
  expect([reply.status, reply.at("message")]).toEqual([
    404,
    "No common ancestor between main and orphan.",
  ]);
});

test("a workflow run tells its number, its attempt and its commit", async () => {
  github.addRepository({
    repository: "octo/built",
    runs: [{ id: 99, number: 12, attempt: 2, headBranch: "change", headSha: commits.head }],
  });
  const { body } = await ask(github, "GET /repos/octo/built/actions/runs/99");
  expect(body).toMatchObject({
    id: 99,
    run_number: 12,
    run_attempt: 2,
    head_sha: commits.head,
    status: "in_progress",
  });
});

test("what is not there is not found", async () => {
  const statuses = [
    (await ask(github, "GET /repos/octo/none")).status,
    (await ask(github, "GET /repos/octo/app/pulls/9")).status,
    (await ask(github, "GET /repos/octo/app/compare/main...none")).status,
    (await ask(github, "GET /repos/octo/app/actions/runs/1")).status,
  ];
  expect(statuses).toEqual([404, 404, 404, 404]);
});

test("the state is one JSON document", async () => {
  await ask(github, "GET /repos/octo/app");
  const state = await ask(github, "GET /__state");
  expect(state.at("repositories", 0, "refs", "refs/pull/7/merge")).toBe(commits.merge);
  expect(state.at("exchanges")).toMatchObject([{ operation: "repos/get", status: 200 }]);
});
