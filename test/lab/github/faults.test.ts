import { afterEach, beforeEach, expect, test } from "vitest";
import type { GitHubStandIn } from "../../../scripts/lab/github/server.ts";
import { ask, startOctoApp } from "./octo-app.ts";

let github: GitHubStandIn;

beforeEach(async () => {
  github = await startOctoApp();
});
afterEach(() => github.close());

const path = "/repos/octo/app/issues/7/comments";
const comment = { body: { body: "hello" } };

test("an operation fails as often as it was told to and then works", async () => {
  github.misbehave({
    operation: "issues/create-comment",
    times: 2,
    with: { kind: "status", status: 502 },
  });
  const statuses = [
    (await ask(github, `POST ${path}`, comment)).status,
    (await ask(github, `POST ${path}`, comment)).status,
    (await ask(github, `POST ${path}`, comment)).status,
  ];
  expect(statuses).toEqual([502, 502, 201]);
  expect(github.repository("octo/app").comments).toHaveLength(1);
});

test("other operations are left alone", async () => {
  github.misbehave({ operation: "issues/create-comment", with: { kind: "status", status: 500 } });
  const reply = await ask(github, `GET ${path}`);
  expect(reply.status).toBe(200);
});

test("a fault without an operation hits whatever comes next", async () => {
  github.misbehave({ with: { kind: "status", status: 401 } });
  const reply = await ask(github, "GET /repos/octo/app");
  expect([reply.status, reply.at("message")]).toEqual([401, "Bad credentials"]);
});

test("a fault can spare the first requests", async () => {
  const operation = "issues/list-comments";
  github.misbehave({ operation, after: 1, with: { kind: "status", status: 500 } });
  const statuses = [
    (await ask(github, `GET ${path}`)).status,
    (await ask(github, `GET ${path}`)).status,
    (await ask(github, `GET ${path}`)).status,
  ];
  expect(statuses).toEqual([200, 500, 200]);
});

test("too many requests say when to come back", async () => {
  github.misbehave({ with: { kind: "status", status: 429, retryAfter: 3 } });
  const reply = await ask(github, "GET /repos/octo/app");
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([429, "3"]);
});

test("a secondary rate limit is a 403 in GitHub's words", async () => {
  github.misbehave({ with: { kind: "secondary rate limit", retryAfter: 60 } });
  const reply = await ask(github, "GET /repos/octo/app");
  expect([reply.status, reply.headers.get("retry-after")]).toEqual([403, "60"]);
  expect(reply.at("message")).toMatch(/^You have exceeded a secondary rate limit\./);
});

test("a used-up hour says when the next one begins", async () => {
  github.misbehave({ with: { kind: "primary rate limit", resetsAt: 1_900_000_000 } });
  const reply = await ask(github, "GET /repos/octo/app");
  expect(reply.at("message")).toMatch(/^API rate limit exceeded/);
  expect(reply.headers.get("x-ratelimit-remaining")).toBe("0");
  expect(reply.headers.get("x-ratelimit-reset")).toBe("1900000000");
});

test("an error can come after the work was done", async () => {
  github.misbehave({
    operation: "issues/create-comment",
    applied: true,
    with: { kind: "status", status: 502 },
  });
  const reply = await ask(github, `POST ${path}`, comment);
  expect(reply.status).toBe(502);
  expect(github.repository("octo/app").comments).toHaveLength(1);
});

test("half a reply breaks off in the middle and the work was done", async () => {
  github.misbehave({ operation: "issues/create-comment", with: { kind: "half a reply" } });
  const response = await fetch(`${github.url}${path}`, {
    method: "POST",
    headers: { authorization: "token writer" },
    body: JSON.stringify({ body: "hello" }),
  });
  expect(response.status).toBe(201);
  await expect(response.text()).rejects.toThrow("terminated");
  expect(github.repository("octo/app").comments).toHaveLength(1);
});

test("silence lasts until the caller gives up", async () => {
  github.misbehave({ with: { kind: "silence" } });
  const request = fetch(`${github.url}/repos/octo/app`, { signal: AbortSignal.timeout(100) });
  await expect(request).rejects.toThrow("timeout");
  expect(github.exchanges.at(-1)).toMatchObject({ status: undefined, fault: "silence" });
});

test("closing does not wait for those who were left in silence", async () => {
  github.misbehave({ with: { kind: "silence" } });
  const request = fetch(`${github.url}/repos/octo/app`);
  request.catch(() => undefined);
  while (github.exchanges.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await github.close();
  await expect(request).rejects.toThrow("fetch failed");
  github = await startOctoApp();
});

test("a slow reply is the right one, late", async () => {
  github.misbehave({ with: { kind: "slow", milliseconds: 150 } });
  const before = performance.now();
  const reply = await ask(github, "GET /repos/octo/app");
  expect(reply.at("full_name")).toBe("octo/app");
  expect(performance.now() - before).toBeGreaterThanOrEqual(149);
});

test("faults that are still to come can be called off", async () => {
  github.misbehave({ times: 5, with: { kind: "status", status: 500 } });
  github.behave();
  const reply = await ask(github, "GET /repos/octo/app");
  expect(reply.status).toBe(200);
});
