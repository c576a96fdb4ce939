import { afterEach, expect, test } from "vitest";
import type { GitHubStandIn } from "../../../scripts/lab/github/server.ts";
import { ask, startOctoApp } from "./octo-app.ts";

let github: GitHubStandIn;

afterEach(() => github.close());

test("a body that does not fit is refused and remembered", async () => {
  github = await startOctoApp();
  const path = "/repos/octo/app/issues/7/comments" as const;
  const reply = await ask(github, `POST ${path}`, { body: { body: 7 } });
  expect(reply.status).toBe(422);
  expect(reply.at("message")).toBe("Invalid request.\n\nbody/body must be string");
  expect(github.takeViolations()).toEqual([
    {
      method: "POST",
      path,
      operation: "issues/create-comment",
      problems: ["body/body must be string"],
    },
  ]);
});

test("a misspelt member of a body is a violation", async () => {
  github = await startOctoApp();
  const body = { body: "x", in_reply_to: 3 };
  await ask(github, "POST /repos/octo/app/issues/7/comments", { body });
  expect(github.takeViolations()[0]?.problems).toEqual(["body/in_reply_to is not described"]);
});

test("a query parameter that GitHub does not describe is a violation", async () => {
  github = await startOctoApp();
  await ask(github, "GET /repos/octo/app/issues/7/comments?perPage=100");
  expect(github.takeViolations()[0]?.problems).toEqual([
    "query parameter perPage is not described",
  ]);
});

test("a parameter of the wrong type is a violation", async () => {
  github = await startOctoApp();
  await ask(github, "GET /repos/octo/app/issues/seven/comments?page=first");
  expect(github.takeViolations()[0]?.problems).toEqual([
    "path parameter issue_number must be integer",
    "query parameter page must be integer",
  ]);
});

test("a value outside of the allowed ones is named with them", async () => {
  github = await startOctoApp();
  await ask(github, "GET /repos/octo/app/code-scanning/alerts?sort=severity");
  expect(github.takeViolations()[0]?.problems).toEqual([
    "query parameter sort must be equal to one of the allowed values (created, number, updated)",
  ]);
});

test("a short commit hash is a violation of an upload", async () => {
  github = await startOctoApp();
  const body = { commit_sha: "abc", ref: "main", sarif: "x" };
  await ask(github, "POST /repos/octo/app/code-scanning/sarifs", { body });
  const problems = github.takeViolations()[0]?.problems ?? [];
  expect(problems.join("\n")).toMatch(/body\/commit_sha must NOT have fewer than 40 characters/);
  expect(problems.join("\n")).toMatch(/body\/ref must match pattern/);
});

test("a path that leads nowhere is a violation and not found", async () => {
  github = await startOctoApp();
  const reply = await ask(github, "PUT /repos/octo/app/code-scanning/analysis");
  expect(reply.status).toBe(404);
  expect(github.takeViolations()[0]?.problems).toEqual(["not an operation"]);
});

test("an operation that the stand-in leaves out is told apart from none", async () => {
  github = await startOctoApp();
  await ask(github, "GET /repos/octo/app/contents/src/model.ts");
  expect(github.takeViolations()[0]?.problems).toEqual([
    "repos/get-content is an operation of GitHub's that the stand-in does not keep",
  ]);
});

test("a body that is not JSON is a violation", async () => {
  github = await startOctoApp();
  const reply = await fetch(`${github.url}/repos/octo/app/issues/7/comments`, {
    method: "POST",
    body: "{",
    headers: { authorization: "token writer" },
  });
  expect(reply.status).toBe(400);
  expect(github.takeViolations()[0]?.problems).toEqual(["the body is not JSON"]);
});

test("closing fails and names every request that did not fit", async () => {
  github = await startOctoApp();
  await ask(github, "GET /nowhere");
  const closing = github.close();
  await expect(closing).rejects.toThrow("GET /nowhere (no operation): not an operation");
  github = await startOctoApp();
});

test("a reply of the stand-in's own that does not fit is its mistake and an error 500", async () => {
  github = await startOctoApp();
  const repository = github.repository("octo/app");
  const pull = repository.pullRequests.get(7);
  expect(pull).toBeDefined();
  Object.assign(pull ?? {}, { title: 7 });
  const reply = await ask(github, "GET /repos/octo/app/pulls/7");
  expect(reply.status).toBe(500);
  await expect(github.close()).rejects.toThrow(
    "the stand-in itself: pulls/get: reply 200/title must be string",
  );
  github = await startOctoApp();
});
