import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeComment } from "../../scripts/lab/github/seed.ts";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import { createGitHub, type GitHubSettings } from "../../src/host/github.ts";
import type { GitHub } from "../../src/host/host.ts";

const sha = (digit: string) => digit.repeat(40);
const pull = {
  number: 7,
  head: { ref: "feature", sha: sha("b") },
  base: { ref: "main", sha: sha("c") },
  mergeSha: sha("d"),
};
const log = JSON.stringify({
  $schema: "https://json.schemastore.org/sarif-2.1.0.json",
  version: "2.1.0",
  runs: [
    {
      tool: { driver: { name: "trivy", rules: [] } },
      automationDetails: { id: "weighbridge/app/trivy/" },
      results: [],
    },
  ],
});
const upload = {
  commit: sha("d"),
  ref: "refs/pull/7/merge",
  sarif: log,
  startedAt: "2026-11-22T10:00:00Z",
};

let server: GitHubStandIn;
let sleeps: number[];

beforeEach(async () => {
  sleeps = [];
  server = await startGitHub({
    repositories: [{ repository: "octo/app", pullRequests: [pull] }],
    tokens: [
      { token: "run", permissions: { "pull-requests": "write", "security-events": "write" } },
      { token: "reader", permissions: { contents: "read" } },
      { token: "person", login: "octocat", kind: "user", permissions: { issues: "write" } },
    ],
  });
});

afterEach(() => server.close());

/** A GitHub whose waits are only written down. */
function github(overrides: Partial<GitHubSettings> = {}): GitHub {
  return createGitHub({
    token: "run",
    repository: "octo/app",
    apiUrl: server.url,
    signal: new AbortController().signal,
    clock: {
      now: () => Date.now(),
      async sleep(milliseconds) {
        sleeps.push(milliseconds);
      },
    },
    timings: { request: 10_000, pauses: [1_000, 3_000], longestWait: 60_000 },
    fetch: globalThis.fetch,
    ...overrides,
  });
}

function writtenComments(): readonly string[] {
  return server.repository("octo/app").comments.map((comment) => comment.body);
}

function requestCount(): number {
  return server.exchanges.length;
}

test("a user's token tells who it speaks for", async () => {
  expect(await github({ token: "person" }).login()).toEqual({ kind: "ok", value: "octocat" });
});

test("a workflow's token belongs to nobody that GitHub would tell", async () => {
  expect(await github().login()).toEqual({ kind: "ok", value: undefined });
});

test("comments are listed over all pages", async () => {
  const repository = server.repository("octo/app");
  for (let number = 1; number <= 250; number += 1) {
    const comment = { issue: 7, login: "github-actions[bot]", body: `comment ${number}` };
    writeComment(repository, comment, new Date());
  }
  const reply = await github().listComments(7);
  if (reply.kind !== "ok") throw new Error(reply.message);
  expect(reply.value).toHaveLength(250);
  expect(reply.value.at(-1)).toMatchObject({ author: "github-actions[bot]", authorIsBot: true });
  expect(reply.value.at(-1)?.body).toBe("comment 250");
});

test("a comment is created, found and changed in place", async () => {
  const created = await github().createComment(7, "first");
  if (created.kind !== "ok") throw new Error(created.message);
  expect(created.value.url).toContain(`#issuecomment-${created.value.id}`);
  const updated = await github().updateComment(created.value.id, "second");
  expect(updated).toMatchObject({ kind: "ok", value: { id: created.value.id, body: "second" } });
  expect(writtenComments()).toEqual(["second"]);
});

test("a comment is removed, and it is well where somebody was faster", async () => {
  const created = await github().createComment(7, "first");
  if (created.kind !== "ok") throw new Error(created.message);
  expect(await github().deleteComment(created.value.id)).toMatchObject({ kind: "ok" });
  expect(writtenComments()).toEqual([]);
  expect(await github().deleteComment(created.value.id)).toMatchObject({ kind: "ok" });
});

test("SARIF arrives whole, and its processing can be followed", async () => {
  const reply = await github().uploadSarif(upload);
  if (reply.kind !== "ok") throw new Error(reply.message);
  expect(server.repository("octo/app").uploads[0]).toMatchObject({
    sarif: log,
    ref: "refs/pull/7/merge",
    commitSha: sha("d"),
  });
  const { id } = reply.value;
  expect(await github().sarifStatus(id)).toMatchObject({ value: { status: "pending" } });
  expect(await github().sarifStatus(id)).toEqual({
    kind: "ok",
    value: { status: "complete", errors: [] },
  });
});

test("SARIF is sent compressed", async () => {
  await github().uploadSarif(upload);
  const body = server.exchanges[0]?.body;
  if (typeof body !== "object" || body === null || !("sarif" in body)) throw new Error("no body");
  expect(gunzipSync(Buffer.from(String(body.sarif), "base64")).toString()).toBe(log);
});

test("errors of processing are handed on", async () => {
  server.processing.failures.push(["rejecting SARIF, as there are more runs than allowed"]);
  server.processing.pendingPolls = 0;
  const reply = await github().uploadSarif(upload);
  if (reply.kind !== "ok") throw new Error(reply.message);
  expect(await github().sarifStatus(reply.value.id)).toEqual({
    kind: "ok",
    value: { status: "failed", errors: ["rejecting SARIF, as there are more runs than allowed"] },
  });
});

test.each([400, 401, 403, 404, 410, 413, 422])("%i is asked once", async (status) => {
  server.misbehave({ times: 9, with: { kind: "status", status } });
  expect(await github().listComments(7)).toMatchObject({ kind: "refused", status });
  expect([requestCount(), sleeps]).toEqual([1, []]);
});

test("a missing permission is refused in GitHub's words", async () => {
  expect(await github({ token: "reader" }).createComment(7, "x")).toMatchObject({
    kind: "refused",
    status: 403,
    message: expect.stringContaining("Resource not accessible by integration"),
  });
});

test.each([500, 502, 503])("%i is tried again, with pauses, until it answers", async (status) => {
  server.misbehave({ times: 2, with: { kind: "status", status } });
  expect(await github().listComments(7)).toEqual({ kind: "ok", value: [] });
  expect(sleeps).toEqual([1_000, 3_000]);
});

test("a server error that stays is refused in the end", async () => {
  server.misbehave({ times: 9, with: { kind: "status", status: 503 } });
  expect(await github().listComments(7)).toMatchObject({ kind: "refused", status: 503 });
  expect(requestCount()).toBe(3);
});

test("half a reply is asked for again", async () => {
  server.misbehave({ with: { kind: "half a reply" } });
  expect(await github().listComments(7)).toEqual({ kind: "ok", value: [] });
  expect(sleeps).toEqual([1_000]);
});

test("nothing but half replies is unreachable", async () => {
  server.misbehave({ times: 9, with: { kind: "half a reply" } });
  expect(await github().listComments(7)).toEqual({
    kind: "unreachable",
    message: "the answer was not whole",
  });
});

test("a server that accepts and never answers is unreachable after three tries", async () => {
  server.misbehave({ times: 9, with: { kind: "silence" } });
  const timings = { request: 100, pauses: [1, 1], longestWait: 0 };
  expect(await github({ timings }).listComments(7)).toEqual({
    kind: "unreachable",
    message: "no answer within 0.1 s",
  });
  expect(requestCount()).toBe(3);
});

test("where nobody listens is unreachable", async () => {
  const reply = await github({ apiUrl: "http://127.0.0.1:1" }).listComments(7);
  expect(reply.kind).toBe("unreachable");
});

test.each([403, 429] as const)("a %i that asks to wait is waited for", async (status) => {
  server.misbehave({ with: { kind: "secondary rate limit", retryAfter: 20, status } });
  expect(await github().createComment(7, "x")).toMatchObject({ kind: "ok" });
  expect(sleeps).toEqual([20_000]);
  expect(writtenComments()).toEqual(["x"]);
});

test("a quota that comes back within the minute is waited for", async () => {
  const resetsAt = Math.floor(Date.now() / 1000) + 30;
  server.misbehave({ with: { kind: "primary rate limit", resetsAt } });
  expect(await github().listComments(7)).toEqual({ kind: "ok", value: [] });
  expect(sleeps[0]).toBeGreaterThan(25_000);
  expect(sleeps[0]).toBeLessThanOrEqual(30_000);
});

test("who wants us to wait for longer than a minute in all is not waited for", async () => {
  server.misbehave({ times: 9, with: { kind: "secondary rate limit", retryAfter: 40 } });
  const reply = await github().listComments(7);
  expect(reply).toMatchObject({ kind: "refused", status: 403 });
  expect(reply).toMatchObject({
    message: expect.stringMatching(/; it can be asked again in 40 s$/),
  });
  expect(sleeps).toEqual([40_000]);
});

test("a quota that comes back later is not waited for, and it is said when it does", async () => {
  const resetsAt = Math.floor(Date.now() / 1000) + 37 * 60;
  server.misbehave({ with: { kind: "primary rate limit", resetsAt } });
  const message = expect.stringMatching(/; it can be asked again in 37 min$/);
  expect(await github().listComments(7)).toMatchObject({ kind: "refused", message });
  expect(sleeps).toEqual([]);
});

test("a limit that names no time is waited for as long as anything else", async () => {
  server.misbehave({ with: { kind: "status", status: 429 } });
  expect(await github().listComments(7)).toEqual({ kind: "ok", value: [] });
  expect(sleeps).toEqual([1_000]);
});

test("a comment whose confirmation was cut off is not written twice", async () => {
  server.misbehave({ operation: "issues/create-comment", with: { kind: "half a reply" } });
  expect(await github().createComment(7, "once\r\n")).toMatchObject({ kind: "ok" });
  expect(writtenComments()).toHaveLength(1);
});

test("a comment that was written behind an error is not written twice", async () => {
  const fault = { kind: "status", status: 502 } as const;
  server.misbehave({ operation: "issues/create-comment", applied: true, with: fault });
  expect(await github().createComment(7, "once")).toMatchObject({ kind: "ok" });
  expect(writtenComments()).toEqual(["once"]);
});

test("a comment that an error kept out is written all the same", async () => {
  const fault = { kind: "status", status: 502 } as const;
  server.misbehave({ operation: "issues/create-comment", with: fault });
  expect(await github().createComment(7, "once")).toMatchObject({ kind: "ok" });
  expect(writtenComments()).toEqual(["once"]);
});

test("a comment whose answer is lost twice is unreachable", async () => {
  const fault = { kind: "silence" } as const;
  server.misbehave({ operation: "issues/create-comment", times: 9, with: fault });
  const timings = { request: 100, pauses: [1, 1], longestWait: 0 };
  expect(await github({ timings }).createComment(7, "x")).toMatchObject({ kind: "unreachable" });
  expect(writtenComments()).toEqual([]);
});

test("a cancelled run asks no more", async () => {
  server.misbehave({ times: 9, with: { kind: "silence" } });
  const cancelled = new AbortController();
  const reply = github({ signal: cancelled.signal }).listComments(7);
  setTimeout(() => cancelled.abort(), 50);
  expect(await reply).toMatchObject({ kind: "unreachable" });
  expect(requestCount()).toBe(1);
});

test("comments that have no end are not read for ever", async () => {
  let asked = 0;
  const endless = createServer((_, response) => {
    asked++;
    response.setHeader("link", '<http://127.0.0.1/?page=2>; rel="next"');
    response.setHeader("content-type", "application/json").end("[]");
  });
  await new Promise<void>((resolve) => {
    endless.listen(0, "127.0.0.1", resolve);
  });
  const { port } = endless.address() as AddressInfo;
  const reply = await github({ apiUrl: `http://127.0.0.1:${port}` }).listComments(7);
  endless.close();
  expect(reply).toMatchObject({ kind: "unreachable" });
  expect(asked).toBe(100);
});
