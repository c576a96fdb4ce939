import { beforeAll, expect, test } from "vitest";
import { type Contract, contractOf } from "../../../scripts/lab/github/contract.ts";
import { loadDescription } from "../../../scripts/lab/github/description.ts";
import { pullRequestEvent, pushEvent } from "../../../scripts/lab/github/runner/events.ts";
import type { PullRequest } from "../../../scripts/lab/github/state.ts";

const links = { api: "http://127.0.0.1:4567", pages: "https://github.com" };
const repository = { id: 1, owner: "octo", name: "app", private: false, defaultBranch: "main" };
const pull: PullRequest = {
  number: 7,
  title: "Change 7",
  login: "contributor",
  state: "open",
  head: { repository: "contributor/app", ref: "change", sha: "b".repeat(40) },
  base: { repository: "octo/app", ref: "main", sha: "a".repeat(40) },
  mergeSha: "c".repeat(40),
  createdAt: "2026-01-01T00:00:00Z",
};

let contract: Contract;

beforeAll(async () => {
  contract = contractOf(
    await loadDescription({ operations: [], events: ["push", "pull-request-opened"] }),
  );
});

test("a pull request's payload is as GitHub describes it", () => {
  const payload = pullRequestEvent(links, repository, pull);
  expect(contract.eventProblems("pull-request-opened", payload)).toEqual([]);
});

test("a payload that is not as described is told apart", () => {
  const payload = { ...pullRequestEvent(links, repository, pull), number: "seven" };
  expect(contract.eventProblems("pull-request-opened", payload)).toEqual([
    "event/number must be integer",
  ]);
});

test("the payload of a push to a branch is as GitHub describes it", () => {
  const push = { ref: "refs/heads/main", sha: "b".repeat(40), before: "a".repeat(40) };
  const payload = pushEvent(links, repository, push);
  expect(contract.eventProblems("push", payload)).toEqual([]);
  expect(payload).toMatchObject({ before: "a".repeat(40), created: false });
});

test("the payload of a new tag is as GitHub describes it", () => {
  const push = { ref: "refs/tags/v1", sha: "b".repeat(40), before: undefined };
  const payload = pushEvent(links, repository, push);
  expect(contract.eventProblems("push", payload)).toEqual([]);
  expect(payload).toMatchObject({ before: "0".repeat(40), created: true, commits: [] });
});

test("an operation that GitHub does not describe cannot be kept", async () => {
  const loading = loadDescription({ operations: ["repos/get", "repos/conjure"] });
  await expect(loading).rejects.toThrow("GitHub describes no operation repos/conjure");
});
