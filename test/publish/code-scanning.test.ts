import { afterEach, beforeEach, expect, test } from "vitest";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import type { CiRun } from "../../src/host/host.ts";
import {
  type PublishedSarif,
  publishSarif,
  uploadTarget,
} from "../../src/publish/code-scanning.ts";
import type { SarifFile } from "../../src/publish/sarif-bundles.ts";
import { connect, makeHost, makePush, makeRun, type RecordingHost, SEED } from "./make-host.ts";
import { makeSarif } from "./make-sarif.ts";

let server: GitHubStandIn;

beforeEach(async () => {
  server = await startGitHub({ ...SEED, pendingPolls: 0 });
});

afterEach(() => server.close());

const TRIVY = "weighbridge/app/trivy";
const HADOLINT = "weighbridge/app/hadolint";

async function publishAs(
  options: {
    readonly token?: string;
    /** Milliseconds that an answer is waited for. */
    readonly patience?: number;
    readonly run?: CiRun;
    readonly files?: readonly SarifFile[];
    readonly mode?: "auto" | "never";
  } = {},
): Promise<{ readonly outcome: PublishedSarif; readonly host: RecordingHost }> {
  const github = connect(server, options.token ?? "run", options.patience);
  const host = makeHost({ github, ci: options.run ?? makeRun() });
  const files = options.files ?? [makeSarif(TRIVY), makeSarif(HADOLINT)];
  const edition = { files, startedAt: Date.parse("2026-11-22T09:59:00Z") };
  const inputs = { uploadSarif: options.mode ?? "auto" } as const;
  return { outcome: await publishSarif(host, edition, inputs), host };
}

function uploads() {
  return server.repository("octo/app").uploads;
}

test("all categories of a run are one upload, for the merge commit of the pull request", async () => {
  const { outcome, host } = await publishAs();
  expect(outcome).toMatchObject({
    kind: "uploaded",
    uploads: [{ categories: [TRIVY, HADOLINT], processing: { kind: "complete" } }],
    refused: [],
  });
  expect(uploads()).toMatchObject([{ ref: "refs/pull/7/merge", commitSha: "d".repeat(40) }]);
  expect(server.repository("octo/app").analyses.map((analysis) => analysis.category)).toEqual([
    TRIVY,
    HADOLINT,
  ]);
  expect(server.exchanges[0]?.body).toMatchObject({ started_at: "2026-11-22T09:59:00.000Z" });
  expect(host.logged).toEqual([`info: SARIF of ${TRIVY}, ${HADOLINT}: uploaded and processed.`]);
});

test("twenty-one categories are two uploads", async () => {
  const files = Array.from({ length: 21 }, (_, index) => makeSarif(`weighbridge/${index}/trivy`));
  const { outcome } = await publishAs({ files });
  if (outcome.kind !== "uploaded") throw new Error(outcome.reason);
  expect(outcome.uploads.map(({ categories }) => categories.length)).toEqual([20, 1]);
  expect(server.repository("octo/app").analyses).toHaveLength(21);
});

test("the first look is at once, the next ones after ever longer pauses", async () => {
  server.processing.pendingPolls = 4;
  const { outcome, host } = await publishAs();
  expect(outcome).toMatchObject({ uploads: [{ processing: { kind: "complete" } }] });
  expect(host.sleeps).toEqual([1_000, 2_000, 4_000, 8_000]);
});

test("after two minutes it is said that GitHub is still at it", async () => {
  server.processing.pendingPolls = 99;
  const { outcome, host } = await publishAs({ files: [makeSarif(TRIVY)] });
  expect(outcome).toMatchObject({ uploads: [{ processing: { kind: "pending" } }] });
  expect(host.sleeps.reduce((sum, sleep) => sum + sleep, 0)).toBe(120_000);
  expect(host.logged).toEqual([
    `info: SARIF of ${TRIVY}: uploaded, and still being processed by GitHub.`,
  ]);
});

test("errors of processing are a warning in GitHub's words", async () => {
  server.processing.failures.push(["rejecting SARIF: too many logical alerts"]);
  const { outcome, host } = await publishAs({ files: [makeSarif(TRIVY)] });
  expect(outcome).toMatchObject({
    uploads: [
      { processing: { kind: "failed", errors: ["rejecting SARIF: too many logical alerts"] } },
    ],
  });
  expect(host.logged).toEqual([
    `warning: SARIF of ${TRIVY}: GitHub could not process it: rejecting SARIF: too many logical alerts.`,
  ]);
});

test("a status that GitHub will not tell is a warning, and the upload stands", async () => {
  server.misbehave({
    operation: "code-scanning/get-sarif",
    times: 9,
    with: { kind: "status", status: 500 },
  });
  const { outcome, host } = await publishAs({ files: [makeSarif(TRIVY)] });
  expect(outcome).toMatchObject({ uploads: [{ processing: { kind: "unknown" } }] });
  expect(host.logged[0]).toMatch(/^warning: SARIF of .*: uploaded; what became of it is not known/);
});

test.each([
  makePush(),
  makePush({ ref: "refs/tags/v1" }),
  makePush({ event: "schedule" }),
  makePush({ event: "workflow_dispatch" }),
])("$event on $ref is uploaded for that ref", async (run) => {
  const { outcome } = await publishAs({ run });
  expect(outcome.kind).toBe("uploaded");
  expect(uploads()).toMatchObject([{ ref: run.ref, commitSha: run.commit }]);
});

test.each([
  makePush({ event: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-7-abc" }),
  makeRun({ event: "pull_request_target", ref: "refs/heads/main" }),
  makePush({ event: "workflow_run" }),
  makePush({ event: "issue_comment" }),
])("$event is not uploaded, and it is said why", async (run) => {
  const { outcome, host } = await publishAs({ run });
  expect(outcome.kind).toBe("none");
  expect(host.logged).toEqual([expect.stringMatching(/^info: SARIF is not uploaded: ./)]);
  expect(server.exchanges).toEqual([]);
});

test.each(["", "main", "refs/heads/", "refs/pull/7", "refs/notes/x"])(
  "code scanning knows no ref %j",
  (ref) => {
    expect(uploadTarget(makePush({ ref })).kind).toBe("none");
  },
);

test("without the permission there is one notice that names it, however many uploads", async () => {
  const files = Array.from({ length: 21 }, (_, index) => makeSarif(`weighbridge/${index}/trivy`));
  const { outcome, host } = await publishAs({ token: "reader", files });
  expect(outcome.kind).toBe("none");
  expect(host.logged).toEqual([
    "notice: SARIF is not uploaded: the token may not upload to code scanning: " +
      "the job needs `permissions: security-events: write`. The output `sarif` names the folder of the files.",
  ]);
});

test("an upload of many categories is one short line of the log", async () => {
  const host = makeHost({ github: connect(server, "run") });
  const files = ["a", "b", "c", "d", "e"].map((name) => makeSarif(`weighbridge/${name}/trivy`));
  await publishSarif(host, { files, startedAt: 0 }, { uploadSarif: "auto" });
  expect(host.logged).toHaveLength(1);
  expect(host.logged[0]).toMatch(/^info: SARIF of weighbridge\/a\/trivy, .* 2 more: uploaded/);
});

test("what a fork's token may not is told by whoever tells all of it", async () => {
  const run = makeRun();
  if (run.pullRequest === undefined) throw new Error("no pull request");
  const fork = { ...run, pullRequest: { ...run.pullRequest, isFork: true } };
  const { host, outcome } = await publishAs({ token: "reader", run: fork });
  expect(host.logged).toEqual([]);
  expect(outcome).toMatchObject({ kind: "none", isOfFork: true });
});

test("code scanning that is not enabled is a notice, and the files stay", async () => {
  const other = { ...SEED.repositories[0], codeScanning: "disabled" } as const;
  const disabled = await startGitHub({ ...SEED, repositories: [other] });
  const host = makeHost({ github: connect(disabled, "run") });
  const edition = { files: [makeSarif(TRIVY)], startedAt: 0 };
  await publishSarif(host, edition, { uploadSarif: "auto" });
  expect(host.logged).toEqual([
    "notice: SARIF is not uploaded: code scanning is not enabled for this repository. " +
      "The output `sarif` names the folder of the files.",
  ]);
  await disabled.close();
});

test.each([
  ["a wrong token", { kind: "status", status: 401 }, "warning", "does not accept the token"],
  ["no such repository", { kind: "status", status: 404 }, "notice", "security-events: write"],
  ["too large a file", { kind: "status", status: 413 }, "warning", "no more than 10 MB"],
  ["bad SARIF", { kind: "status", status: 400 }, "warning", "GitHub answers 400"],
  ["an outage", { kind: "status", status: 503 }, "warning", "GitHub answers 503"],
  ["half replies", { kind: "half a reply" }, "warning", "could not be reached"],
  ["silence", { kind: "silence" }, "warning", "could not be reached"],
] as const)("%s is one message, and no exception", async (_name, fault, level, text) => {
  server.misbehave({ operation: "code-scanning/upload-sarif", times: 9, with: fault });
  const { outcome, host } = await publishAs(fault.kind === "silence" ? { patience: 200 } : {});
  expect(outcome.kind).toBe("none");
  expect(host.logged).toHaveLength(1);
  expect(host.logged[0]).toMatch(new RegExp(`^${level}: SARIF is not uploaded: .*${text}`));
});

test("a document that GitHub refuses does not keep the next one back", async () => {
  const fault = { kind: "status", status: 413 } as const;
  server.misbehave({ operation: "code-scanning/upload-sarif", with: fault });
  const files = Array.from({ length: 21 }, (_, index) => makeSarif(`weighbridge/${index}/trivy`));
  const { outcome } = await publishAs({ files });
  expect(outcome).toMatchObject({
    uploads: [{ categories: ["weighbridge/20/trivy"] }],
    refused: [{ reason: "GitHub takes no more than 10 MB" }],
  });
});

test("uploads that are switched off, or of nothing, are not tried", async () => {
  expect((await publishAs({ mode: "never" })).outcome.kind).toBe("none");
  expect((await publishAs({ files: [] })).outcome.kind).toBe("none");
  expect(server.exchanges).toEqual([]);
});
