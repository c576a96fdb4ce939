import { afterEach, beforeEach, expect, test } from "vitest";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import type { PublishInputs } from "../../src/model/inputs.ts";
import { type Edition, publish } from "../../src/publish/publish.ts";
import { makeFailedReportStage, makeReport, makeReportImage } from "../make-report.ts";
import { connect, makeHost, makeRun, SEED } from "./make-host.ts";
import { makeSarif } from "./make-sarif.ts";

let server: GitHubStandIn;

beforeEach(async () => {
  server = await startGitHub(SEED);
});

afterEach(() => server.close());

const inputs: PublishInputs = {
  name: "app",
  nameIsGiven: false,
  comment: "auto",
  uploadSarif: "auto",
  summary: true,
  fail: true,
  onUnknown: "fail",
};

const edition: Edition = {
  report: makeReport({
    verdict: "fail",
    images: [makeReportImage({ stages: [makeFailedReportStage()] })],
  }),
  comment: "the comment",
  summary: "the summary",
  sarif: [makeSarif("weighbridge/app/trivy")],
  paths: { report: "/out/report.json", sarif: "/out/sarif", layout: "/state/layout" },
};

test("everything is published, and it is told where", async () => {
  const host = makeHost({ github: connect(server, "run") });
  const published = await publish(host, edition, inputs);
  expect(published).toMatchObject({
    comment: { kind: "created" },
    sarif: { kind: "uploaded" },
    summary: { kind: "published" },
    outputs: { kind: "published" },
    annotations: { kind: "published" },
  });
  expect(host.summaries).toEqual(["the summary"]);
  expect(host.outputs.get("comment-url")).toContain("#issuecomment-");
  expect(host.logged[0]).toMatch(/^Dockerfile:3 error: production failed to build/);
});

test("with a token that can only read, the rest is published with one notice a part", async () => {
  const host = makeHost({ github: connect(server, "reader") });
  const published = await publish(host, edition, inputs);
  expect(published).toMatchObject({ comment: { kind: "none" }, sarif: { kind: "none" } });
  expect(host.logged.filter((line) => line.startsWith("notice: "))).toHaveLength(2);
  expect(host.outputs.get("verdict")).toBe("fail");
  expect(host.summaries).toHaveLength(1);
});

test("in a run for a fork one notice, in log and summary, says what is left out and what to do", async () => {
  const run = makeRun();
  if (run.pullRequest === undefined) throw new Error("no pull request");
  const ci = { ...run, pullRequest: { ...run.pullRequest, isFork: true } };
  const host = makeHost({ github: connect(server, "reader"), ci });
  await publish(host, edition, inputs);
  const notices = host.logged.filter((line) => !line.startsWith("Dockerfile:"));
  const notice =
    "Runs for a fork get a token that can only read: no comment on the pull request and no upload " +
    "to code scanning. The job summary has the whole report. To upload the findings, add a step with " +
    "github/codeql-action/upload-sarif that takes the output `sarif` (README, “Pull requests from " +
    "forks”).";
  expect(notices).toEqual([`notice: ${notice}`]);
  expect(host.summaries.at(-1)).toBe(`the summary\n\n${notice}\n`);
});

test("on a laptop there is nothing to publish to, and nothing is said of it", async () => {
  const host = makeHost({ ci: undefined });
  const published = await publish(host, edition, inputs);
  expect(published).toMatchObject({
    comment: { kind: "none" },
    sarif: { kind: "none" },
    annotations: { kind: "none" },
  });
  expect(host.logged).toEqual([]);
});

test("a part that breaks takes no other with it", async () => {
  const host = makeHost({
    github: connect(server, "run"),
    results: {
      setOutput: () => Promise.reject(new Error("the disk is full")),
      writeSummary: () => Promise.reject(new Error("the disk is full")),
    },
  });
  const broken = { ...edition, sarif: [{ ...makeSarif("c"), text: "[" }] };
  const published = await publish(host, broken, inputs);
  expect(published).toMatchObject({
    comment: { kind: "created" },
    sarif: { kind: "none" },
    summary: { kind: "none", reason: "the disk is full" },
    outputs: { kind: "none", reason: "the disk is full" },
    annotations: { kind: "published" },
  });
  expect(host.logged.filter((line) => line.startsWith("warning: "))).toEqual([
    "warning: The job summary could not be published: the disk is full",
    expect.stringMatching(/^warning: SARIF could not be published: /),
    "warning: The outputs could not be published: the disk is full",
  ]);
});

test("a summary that is switched off is not written", async () => {
  const host = makeHost({ ci: undefined });
  await publish(host, edition, { ...inputs, summary: false });
  expect(host.summaries).toEqual([]);
});

test("secrets do not reach the summary", async () => {
  const host = makeHost({ ci: undefined });
  await publish(host, { ...edition, summary: "it is hunter22" }, inputs);
  expect(host.summaries).toEqual(["it is ***"]);
});
