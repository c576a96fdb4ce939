import { expect, test } from "vitest";
import { readCiRun, summaryUrlOf } from "../../src/host/ci-run.ts";

const environment = {
  GITHUB_EVENT_NAME: "push",
  GITHUB_REPOSITORY: "octo/app",
  GITHUB_SHA: "a".repeat(40),
  GITHUB_REF: "refs/heads/main",
  GITHUB_RUN_ID: "12345678901",
  GITHUB_RUN_NUMBER: "42",
  GITHUB_RUN_ATTEMPT: "2",
  GITHUB_SERVER_URL: "https://github.example",
};

function pullRequestFrom(repository: { readonly full_name: string } | null): unknown {
  return {
    pull_request: {
      number: 7,
      head: { sha: "b".repeat(40), ref: "feature", repo: repository },
      base: { sha: "c".repeat(40), ref: "main", repo: { full_name: "octo/app" } },
    },
  };
}

test("a push is read from the environment", () => {
  expect(readCiRun(environment, { ref: "refs/heads/main" })).toEqual({
    event: "push",
    repository: "octo/app",
    commit: "a".repeat(40),
    ref: "refs/heads/main",
    runId: 12345678901,
    runNumber: 42,
    runAttempt: 2,
    serverUrl: "https://github.example",
  });
});

test.each([
  ["push", "refs/tags/v1.2.3"],
  ["merge_group", "refs/heads/gh-readonly-queue/main/pr-7-abc"],
  ["schedule", "refs/heads/main"],
  ["workflow_dispatch", "refs/heads/feature"],
])("%s on %s has no pull request", (event, ref) => {
  const run = readCiRun({ ...environment, GITHUB_EVENT_NAME: event, GITHUB_REF: ref }, {});
  expect(run).toMatchObject({ event, ref });
  expect(run?.pullRequest).toBeUndefined();
});

test.each(["pull_request", "pull_request_target"])("%s carries its pull request", (event) => {
  const payload = pullRequestFrom({ full_name: "octo/app" });
  expect(readCiRun({ ...environment, GITHUB_EVENT_NAME: event }, payload)?.pullRequest).toEqual({
    number: 7,
    headCommit: "b".repeat(40),
    headRef: "feature",
    baseCommit: "c".repeat(40),
    isFork: false,
  });
});

test.each([
  ["another repository", { full_name: "stranger/app" }],
  ["a fork that was deleted", null],
])("a pull request from %s is a fork's", (_name, repository) => {
  const run = readCiRun(environment, pullRequestFrom(repository));
  expect(run?.pullRequest?.isFork).toBe(true);
});

test.each([undefined, null, "text", [], { pull_request: 7 }, { pull_request: { number: "7" } }])(
  "an event file that holds %j is a run without a pull request",
  (payload) => {
    expect(readCiRun(environment, payload)).not.toHaveProperty("pullRequest");
  },
);

test("without a repository there is no run", () => {
  expect(readCiRun({ ...environment, GITHUB_REPOSITORY: "" }, {})).toBeUndefined();
});

test.each(["", "abc", "12abc", "-12", "1e3", "9".repeat(20)])(
  "a run whose number is %j counts as one before all others, and has no address",
  (id) => {
    const run = readCiRun({ ...environment, GITHUB_RUN_ID: id }, {});
    expect(run?.runId).toBe(0);
    expect(run && summaryUrlOf(run)).toBeUndefined();
  },
);

test("the summary of a run has an address", () => {
  const run = readCiRun(environment, {});
  expect(run && summaryUrlOf(run)).toBe(
    "https://github.example/octo/app/actions/runs/12345678901/attempts/2",
  );
});

/** The commits that a run may build without asking. */
function trustedOn(name: string, payload: unknown): readonly string[] | undefined {
  return readCiRun({ ...environment, GITHUB_EVENT_NAME: name }, payload)?.trustedCommits;
}

test.each(["push", "pull_request", "merge_group", "schedule", "workflow_dispatch"])(
  "on %s whatever is checked out may be built",
  (name) => {
    expect(trustedOn(name, pullRequestFrom({ full_name: "stranger/app" }))).toBeUndefined();
  },
);

test("on pull_request_target the base may be built, and never the head", () => {
  const payload = pullRequestFrom({ full_name: "octo/app" });
  expect(trustedOn("pull_request_target", payload)).toEqual(["a".repeat(40), "c".repeat(40)]);
});

test("on issue_comment what the repository has may be built", () => {
  expect(trustedOn("issue_comment", { issue: { pull_request: {} } })).toEqual(["a".repeat(40)]);
});

test.each([
  ["a push of its own", "push", "octo/app", ["a".repeat(40), "d".repeat(40)]],
  ["a pull request of its own", "pull_request", "octo/app", ["a".repeat(40)]],
  ["a fork's pull request", "pull_request", "stranger/app", ["a".repeat(40)]],
  ["a fork's push", "push", "stranger/app", ["a".repeat(40)]],
])(
  "on workflow_run after %s it depends on whose commit that was",
  (_what, event, head, trusted) => {
    const payload = {
      workflow_run: { event, head_sha: "d".repeat(40), head_repository: { full_name: head } },
      repository: { full_name: "octo/app" },
    };
    expect(trustedOn("workflow_run", payload)).toEqual(trusted);
  },
);
