import { afterEach, beforeEach, expect, test } from "vitest";
import { writeComment } from "../../scripts/lab/github/seed.ts";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import type { CiRun } from "../../src/host/host.ts";
import { type PublishedComment, publishComment } from "../../src/publish/comment.ts";
import { writeMarker } from "../../src/publish/comment-marker.ts";
import { connect, makeHost, makePush, makeRun, type RecordingHost, SEED } from "./make-host.ts";

let server: GitHubStandIn;

beforeEach(async () => {
  server = await startGitHub(SEED);
});

afterEach(() => server.close());

/** Publishes "report" for one run, and tells what came of it. */
async function publishAs(
  options: {
    readonly token?: string;
    /** Milliseconds that an answer is waited for. */
    readonly patience?: number;
    readonly run?: Partial<CiRun>;
    readonly mode?: "auto" | "always" | "never";
    readonly name?: string;
    readonly text?: string;
  } = {},
): Promise<{ readonly outcome: PublishedComment; readonly host: RecordingHost }> {
  const github = connect(server, options.token ?? "run", options.patience);
  const host = makeHost({ github, ci: makeRun(options.run) });
  const inputs = { name: options.name ?? "app", comment: options.mode ?? "auto" } as const;
  const outcome = await publishComment(host, options.text ?? "report", inputs);
  return { outcome, host };
}

/** `author: text after the marker` of every comment on the pull request. */
function comments(): readonly string[] {
  return server
    .repository("octo/app")
    .comments.map(({ login, body }) => `${login}: ${body.replace(/^<!-- weigh.*\n/, "")}`);
}

function plant(login: string, name: string, run = 1, attempt = 1): void {
  const body = `${writeMarker({ name, run, attempt })}\nold`;
  writeComment(server.repository("octo/app"), { issue: 7, login, body }, new Date());
}

test("the first run creates the comment, with its marker on top", async () => {
  const { outcome } = await publishAs();
  expect(outcome).toMatchObject({ kind: "created", url: expect.stringContaining("#issuecomment") });
  expect(server.repository("octo/app").comments[0]?.body).toBe(
    '<!-- weighbridge:comment:v1 {"name":"app","run":100,"attempt":1} -->\nreport',
  );
});

test("the next run updates it in place", async () => {
  await publishAs();
  const { outcome } = await publishAs({ run: { runId: 101 }, text: "new report" });
  expect(outcome.kind).toBe("updated");
  expect(comments()).toEqual(["github-actions[bot]: new report"]);
});

test("every name has a comment of its own", async () => {
  await publishAs({ name: "backend" });
  await publishAs({ name: "frontend" });
  await publishAs({ name: "backend", text: "again" });
  expect(comments()).toEqual(["github-actions[bot]: again", "github-actions[bot]: report"]);
});

test("our comment is found behind a hundred others", async () => {
  const repository = server.repository("octo/app");
  for (let number = 1; number <= 150; number += 1) {
    writeComment(repository, { issue: 7, login: "octocat", body: `${number}` }, new Date());
  }
  plant("github-actions[bot]", "app");
  const { outcome } = await publishAs();
  expect(outcome.kind).toBe("updated");
  expect(repository.comments).toHaveLength(151);
});

test("a person's comment that copies our marker is left alone", async () => {
  plant("mallory", "app");
  await publishAs();
  expect(comments()).toEqual(["mallory: old", "github-actions[bot]: report"]);
});

test("a user's token takes over that user's comment only", async () => {
  plant("github-actions[bot]", "app");
  plant("Octocat", "app");
  await publishAs({ token: "octocat" });
  expect(comments()).toEqual(["github-actions[bot]: old", "Octocat: report"]);
});

test("an app's token finds its own comment, though GitHub does not tell its name", async () => {
  await publishAs({ token: "app" });
  await publishAs({ token: "app", text: "again" });
  expect(comments()).toEqual(["our-app[bot]: again"]);
});

test("of another bot's comment and the workflow's own, the own is updated", async () => {
  plant("echo[bot]", "app");
  plant("github-actions[bot]", "app");
  await publishAs();
  expect(comments()).toEqual(["echo[bot]: old", "github-actions[bot]: report"]);
});

test("of several comments of ours the first is updated, and the others are removed", async () => {
  for (const name of ["app", "app", "other", "app"]) plant("github-actions[bot]", name);
  await publishAs();
  expect(comments()).toEqual(["github-actions[bot]: report", "github-actions[bot]: old"]);
});

test("another one that GitHub does not let us remove stays, and is no trouble", async () => {
  plant("github-actions[bot]", "app");
  plant("github-actions[bot]", "app");
  const fault = { kind: "status", status: 403 } as const;
  server.misbehave({ operation: "issues/delete-comment", with: fault });
  const { outcome, host } = await publishAs();
  expect(outcome.kind).toBe("updated");
  expect(comments()).toEqual(["github-actions[bot]: report", "github-actions[bot]: old"]);
  expect(host.logged).toEqual([]);
});

test("of two bots' comments under one name, only the own is removed", async () => {
  plant("our-app[bot]", "app");
  plant("echo[bot]", "app");
  plant("our-app[bot]", "app");
  await publishAs({ token: "app" });
  expect(comments()).toEqual(["our-app[bot]: report", "echo[bot]: old"]);
});

test("an older run leaves a newer one's comment as it is", async () => {
  plant("github-actions[bot]", "app", 101);
  const { outcome, host } = await publishAs();
  expect(outcome).toMatchObject({
    kind: "kept",
    reason: "it is of run 101, which is newer",
  });
  expect(comments()).toEqual(["github-actions[bot]: old"]);
  expect(host.logged).toEqual([
    "notice: The comment on the pull request is left as it is: it is of run 101, which is newer.",
  ]);
});

test("an older attempt of the same run leaves the newer one's comment", async () => {
  plant("github-actions[bot]", "app", 100, 2);
  expect((await publishAs()).outcome.kind).toBe("kept");
});

test("a run that is started again updates its own comment", async () => {
  plant("github-actions[bot]", "app", 100, 1);
  expect((await publishAs({ run: { runAttempt: 2 } })).outcome.kind).toBe("updated");
});

test("an old run that is started again does not overwrite a newer run", async () => {
  plant("github-actions[bot]", "app", 101, 1);
  expect((await publishAs({ run: { runAttempt: 5 } })).outcome.kind).toBe("kept");
});

test("a comment that is deleted while we look at it is created anew", async () => {
  plant("github-actions[bot]", "app");
  const fault = { kind: "status", status: 404 } as const;
  server.misbehave({ operation: "issues/update-comment", with: fault });
  const { outcome } = await publishAs();
  expect(outcome.kind).toBe("created");
});

test("a comment is never longer than GitHub takes", async () => {
  const text = `<details>\n\n${"漢字 and a long line of text\n".repeat(4_000)}</details>`;
  await publishAs({ text });
  const [comment] = server.repository("octo/app").comments;
  expect(comment?.body.length).toBeLessThanOrEqual(65_536);
  expect(comment?.body.length).toBeGreaterThan(65_000);
  expect(comment?.body.slice(-100)).toMatch(/<\/details>\n\n\*Cut here: .*\*\n$/);
});

test("secrets do not reach the comment", async () => {
  await publishAs({ text: "it said hunter22" });
  expect(comments()).toEqual(["github-actions[bot]: it said ***"]);
});

test("without the permission there is one notice that names it", async () => {
  const { outcome, host } = await publishAs({ token: "reader" });
  expect(outcome.kind).toBe("none");
  expect(host.logged).toEqual([
    "notice: No comment on the pull request: the token may not comment on the pull request: " +
      "the job needs `permissions: pull-requests: write`.",
  ]);
});

test("what a fork's token may not is told by whoever tells all of it", async () => {
  const fork = { pullRequest: { ...pullRequestOf(makeRun()), isFork: true } };
  const { host, outcome } = await publishAs({ token: "reader", run: fork });
  expect(host.logged).toEqual([]);
  expect(outcome).toMatchObject({ kind: "none", isOfFork: true });
});

test("a repository that the token may not see is a lack of permission", async () => {
  server.misbehave({ operation: "issues/list-comments", with: { kind: "status", status: 404 } });
  const { host } = await publishAs();
  expect(host.logged[0]).toContain("notice: ");
  expect(host.logged[0]).toContain("pull-requests: write");
});

test.each([
  ["a wrong token", { kind: "status", status: 401 }, "GitHub does not accept the token"],
  ["a refused text", { kind: "status", status: 422 }, "GitHub answers 422: Validation Failed"],
  ["too many requests", { kind: "status", status: 429 }, "GitHub answers 429: Too many requests"],
  ["an outage", { kind: "status", status: 500 }, "GitHub answers 500: Server Error"],
  [
    "half replies",
    { kind: "half a reply" },
    "GitHub could not be reached: the answer was not whole",
  ],
  ["silence", { kind: "silence" }, "GitHub could not be reached: no answer within 0.2 s"],
] as const)("%s is one warning, and no exception", async (_name, fault, reason) => {
  server.misbehave({ operation: "issues/list-comments", times: 9, with: fault });
  const { outcome, host } = await publishAs(fault.kind === "silence" ? { patience: 200 } : {});
  expect(outcome.kind).toBe("none");
  expect(host.logged).toHaveLength(1);
  expect(host.logged[0]).toContain(`warning: No comment on the pull request: ${reason}`);
});

test("where comments must be, their absence is a warning", async () => {
  const { host } = await publishAs({ token: "reader", mode: "always" });
  expect(host.logged).toHaveLength(1);
  expect(host.logged[0]).toMatch(/^warning: No comment/);
});

test("a run for no pull request is quiet, unless a comment must be", async () => {
  const quiet = makeHost({ github: connect(server, "run"), ci: makePush() });
  await publishComment(quiet, "report", { name: "app", comment: "auto" });
  expect(quiet.logged).toEqual([]);
  const loud = makeHost({ github: connect(server, "run"), ci: makePush() });
  await publishComment(loud, "report", { name: "app", comment: "always" });
  expect(loud.logged).toEqual([
    "warning: No comment on the pull request: this run is for no pull request.",
  ]);
});

test("comments that are switched off are not even looked for", async () => {
  const { outcome } = await publishAs({ mode: "never" });
  expect(outcome).toEqual({ kind: "none", reason: "comments are switched off" });
  expect(server.exchanges).toEqual([]);
});

test("without a token there is a notice", async () => {
  const host = makeHost();
  await publishComment(host, "report", { name: "app", comment: "auto" });
  expect(host.logged).toEqual(["notice: No comment on the pull request: there is no token."]);
});

function pullRequestOf(run: CiRun): NonNullable<CiRun["pullRequest"]> {
  if (run.pullRequest === undefined) throw new Error("no pull request");
  return run.pullRequest;
}
