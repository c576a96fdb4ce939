import { afterEach, beforeEach, expect, test } from "vitest";
import type { GitHubStandIn } from "../../../scripts/lab/github/server.ts";
import { ask, commits, packedSarif, startOctoApp } from "./octo-app.ts";

let github: GitHubStandIn;

beforeEach(async () => {
  github = await startOctoApp();
});
afterEach(() => github.close());

const comment = { body: { body: "hello" } };
const comments = "/repos/octo/app/issues/7/comments";

test("a token without permission to comment is refused in GitHub's words", async () => {
  const reply = await ask(github, `POST ${comments}`, { ...comment, token: "reader" });
  expect(reply.status).toBe(403);
  expect(reply.body).toEqual({
    message: "Resource not accessible by integration",
    documentation_url: "https://docs.github.com/rest/issues/comments#create-an-issue-comment",
    status: "403",
  });
  expect(reply.headers.get("x-accepted-github-permissions")).toBe(
    "issues=write; pull_requests=write",
  );
});

test("either of the two permissions is enough for a comment", async () => {
  github.addToken({ token: "issues", permissions: { issues: "write" } });
  const byIssues = await ask(github, `POST ${comments}`, { ...comment, token: "issues" });
  const byPulls = await ask(github, `POST ${comments}`, { ...comment, token: "writer" });
  expect([byIssues.status, byPulls.status]).toEqual([201, 201]);
});

test("permission to read is not permission to write", async () => {
  github.addToken({ token: "issues", permissions: { issues: "read" } });
  const reply = await ask(github, `POST ${comments}`, { ...comment, token: "issues" });
  expect(reply.status).toBe(403);
});

test("a token that nobody knows is a bad credential", async () => {
  const reply = await ask(github, "GET /repos/octo/app", { token: "stolen" });
  expect(reply.status).toBe(401);
  expect(reply.at("message")).toBe("Bad credentials");
});

test("anybody reads a public repository and nobody writes to it unnamed", async () => {
  const read = await ask(github, `GET ${comments}`, { token: "" });
  const written = await ask(github, `POST ${comments}`, { ...comment, token: "" });
  expect([read.status, written.status]).toEqual([200, 401]);
});

test("a private repository is not there for somebody without a token", async () => {
  github.addRepository({ repository: "octo/secret", private: true });
  const unnamed = await ask(github, "GET /repos/octo/secret", { token: "" });
  const named = await ask(github, "GET /repos/octo/secret");
  expect([unnamed.status, named.status]).toEqual([404, 200]);
});

test("code scanning is closed to a token that can only read, in a public repository too", async () => {
  const sarif = packedSarif([]);
  const body = { commit_sha: commits.main, ref: "refs/heads/main", sarif };
  const path = "/repos/octo/app/code-scanning" as const;
  const uploaded = await ask(github, `POST ${path}/sarifs`, { body, token: "reader" });
  const listed = await ask(github, `GET ${path}/alerts`, { token: "reader" });
  expect([uploaded.status, listed.status]).toEqual([403, 403]);
});

test("a workflow's token is nobody and a person's is that person", async () => {
  const workflow = await ask(github, "GET /user");
  const person = await ask(github, "GET /user", { token: "person" });
  expect([workflow.status, workflow.at("message")]).toEqual([
    403,
    "Resource not accessible by integration",
  ]);
  expect([person.status, person.at("login")]).toEqual([200, "octocat"]);
});

test("the name of a repository may be written in any case", async () => {
  const reply = await ask(github, "GET /repos/Octo/App");
  expect(reply.at("full_name")).toBe("octo/app");
});
