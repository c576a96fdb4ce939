import { afterEach, beforeEach, expect, test } from "vitest";
import { listOf, member } from "../../../scripts/lab/github/json.ts";
import type { GitHubStandIn } from "../../../scripts/lab/github/server.ts";
import { ask, commits, packedSarif, sarifRun, startOctoApp, upload } from "./octo-app.ts";

let github: GitHubStandIn;

beforeEach(async () => {
  github = await startOctoApp({ pendingPolls: 0 });
});
afterEach(() => github.close());

async function alerts(query = ""): Promise<readonly string[]> {
  const { body } = await ask(github, `GET /repos/octo/app/code-scanning/alerts${query}`);
  return listOf(body).map((alert) =>
    [member(alert, "number"), member(alert, "rule", "id"), member(alert, "state")].join(" "),
  );
}

const category = "weighbridge/app/trivy/";

test("an upload is pending as often as told and then complete", async () => {
  github.processing.pendingPolls = 2;
  const sarif = packedSarif([sarifRun({ id: category })]);
  const body = { commit_sha: commits.merge, ref: "refs/pull/7/merge", sarif };
  const accepted = await ask(github, "POST /repos/octo/app/code-scanning/sarifs", { body });
  const path = `/repos/octo/app/code-scanning/sarifs/${accepted.at("id")}` as const;
  expect([accepted.status, accepted.at("url")]).toEqual([202, `${github.url}${path}`]);
  const states = [
    (await ask(github, `GET ${path}`)).at("processing_status"),
    (await ask(github, `GET ${path}`)).at("processing_status"),
    (await ask(github, `GET ${path}`)).at("processing_status"),
  ];
  expect(states).toEqual(["pending", "pending", "complete"]);
});

test("a result opens an alert with its rule, its tool and its place", async () => {
  const run = {
    ...sarifRun({ id: category }),
    tool: {
      driver: {
        name: "Trivy",
        semanticVersion: "0.73.0",
        rules: [
          {
            id: "CVE-2026-1",
            name: "Overflow",
            shortDescription: { text: "zlib: overflow" },
            fullDescription: { text: "zlib before 2 overflows" },
            help: { text: "plain", markdown: "**rich**" },
            helpUri: "https://example.org/CVE-2026-1",
            properties: { "security-severity": "7.5", tags: ["security"] },
          },
        ],
      },
    },
    results: [
      {
        ruleIndex: 0,
        ruleId: "CVE-2026-1",
        level: "error",
        message: { text: "zlib 1.2 in 2 stages" },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "app/Dockerfile" },
              region: { startLine: 4, startColumn: 1, endColumn: 20 },
            },
          },
        ],
      },
    ],
  };
  await upload(github, [run]);
  const { body } = await ask(github, "GET /repos/octo/app/code-scanning/alerts");
  expect(body).toMatchObject([
    {
      number: 1,
      state: "open",
      fixed_at: null,
      rule: {
        id: "CVE-2026-1",
        name: "Overflow",
        severity: "error",
        security_severity_level: "high",
        description: "zlib: overflow",
        full_description: "zlib before 2 overflows",
        tags: ["security"],
        help: "**rich**",
        help_uri: "https://example.org/CVE-2026-1",
      },
      tool: { name: "Trivy", version: "0.73.0" },
      most_recent_instance: {
        ref: "refs/heads/main",
        category: "weighbridge/app/trivy",
        commit_sha: commits.main,
        message: { text: "zlib 1.2 in 2 stages" },
        location: { path: "app/Dockerfile", start_line: 4, end_line: 4, end_column: 20 },
      },
    },
  ]);
});

test("an alert is fixed when its category is uploaded without it, and opens again", async () => {
  const both = [{ rule: "CVE-1" }, { rule: "CVE-2" }];
  await upload(github, [sarifRun({ id: category, results: both })]);
  await upload(github, [sarifRun({ id: category, results: [{ rule: "CVE-2" }] })]);
  expect(await alerts()).toEqual(["2 CVE-2 open", "1 CVE-1 fixed"]);
  await upload(github, [sarifRun({ id: category, results: both })]);
  expect(await alerts("?state=open&direction=asc")).toEqual(["1 CVE-1 open", "2 CVE-2 open"]);
});

test("a category that is not uploaded keeps its alerts", async () => {
  await upload(github, [sarifRun({ id: "a/trivy/", results: [{ rule: "CVE-1" }] })]);
  await upload(github, [sarifRun({ id: "b/trivy/", results: [{ rule: "CVE-2" }] })]);
  expect(await alerts("?state=open")).toEqual(["2 CVE-2 open", "1 CVE-1 open"]);
});

test("an alert that two categories show is open until neither does", async () => {
  const results = [{ rule: "CVE-1", fingerprint: "abc:1" }];
  await upload(github, [sarifRun({ id: "a/", results }), sarifRun({ id: "b/", results })]);
  await upload(github, [sarifRun({ id: "a/" })]);
  expect(await alerts()).toEqual(["1 CVE-1 open"]);
  await upload(github, [sarifRun({ id: "b/" })]);
  expect(await alerts()).toEqual(["1 CVE-1 fixed"]);
});

test("another tool's upload in the same category closes nothing", async () => {
  await upload(github, [sarifRun({ id: "a/", results: [{ rule: "CVE-1" }] })]);
  await upload(github, [sarifRun({ id: "a/", tool: "Hadolint" })]);
  expect(await alerts()).toEqual(["1 CVE-1 open"]);
});

test("a line that moves keeps its alert by its fingerprint", async () => {
  const at = (line: number) => [{ rule: "DL3008", line, fingerprint: "abc:1" }];
  await upload(github, [sarifRun({ id: category, results: at(3) })]);
  await upload(github, [sarifRun({ id: category, results: at(9) })]);
  const reply = await ask(github, "GET /repos/octo/app/code-scanning/alerts");
  expect(reply.body).toHaveLength(1);
  expect(reply.at(0, "most_recent_instance", "location", "start_line")).toBe(9);
});

test("a line that moves without a fingerprint is another alert", async () => {
  const at = (line: number) => [{ rule: "DL3008", line }];
  await upload(github, [sarifRun({ id: category, results: at(3) })]);
  await upload(github, [sarifRun({ id: category, results: at(9) })]);
  expect(await alerts()).toEqual(["2 DL3008 open", "1 DL3008 fixed"]);
});

test("results of the same rule at the same place are one alert", async () => {
  const results = [{ rule: "CVE-1" }, { rule: "CVE-1" }];
  await upload(github, [sarifRun({ id: category, results })]);
  expect(await alerts()).toEqual(["1 CVE-1 open"]);
});

test("a pull request's alerts are apart from the branch's", async () => {
  await upload(github, [sarifRun({ id: category, results: [{ rule: "CVE-1" }] })]);
  await upload(github, [sarifRun({ id: category })], "refs/pull/7/merge");
  expect(await alerts()).toEqual(["1 CVE-1 open"]);
  expect(await alerts("?ref=refs/pull/7/merge")).toEqual([]);
});

test("there are no alerts to list before the first analysis", async () => {
  const reply = await ask(github, "GET /repos/octo/app/code-scanning/alerts");
  expect([reply.status, reply.at("message")]).toEqual([404, "no analysis found"]);
});

test("an analysis tells its category, which ends at the last slash", async () => {
  await upload(github, [sarifRun({ id: "weighbridge/app/trivy" }), sarifRun({ id: "none" })]);
  const { body } = await ask(github, "GET /repos/octo/app/code-scanning/analyses?direction=asc");
  expect(body).toMatchObject([
    { category: "weighbridge/app", tool: { name: "Trivy" }, analysis_key: "(default)" },
    { category: "", results_count: 0 },
  ]);
});

test("a file with more than 20 runs fails in GitHub's words", async () => {
  const runs = Array.from({ length: 21 }, (_, index) => sarifRun({ id: `stage-${index}/` }));
  const reply = await upload(github, runs);
  expect(reply.body).toEqual({
    processing_status: "failed",
    analyses_url: null,
    errors: ["rejecting SARIF, as there are more runs than allowed (21 > 20)"],
  });
});

test("a run with more than 25,000 results fails", async () => {
  const results = Array.from({ length: 25_001 }, () => ({ rule: "CVE-1" }));
  const reply = await upload(github, [sarifRun({ id: category, results })]);
  expect(reply.at("errors")).toEqual([
    "rejecting SARIF, as there are more results per run than allowed (25001 > 25000)",
  ]);
});

test("two runs of one tool in one category fail and change no alert", async () => {
  const results = [{ rule: "CVE-1" }];
  const reply = await upload(github, [
    sarifRun({ id: "a/one", results }),
    sarifRun({ id: "a/two", results }),
  ]);
  expect(reply.at("errors")).toHaveLength(1);
  expect(reply.at("errors", 0)).toMatch(
    /^A delivery cannot contain multiple runs with the same category/,
  );
  expect(github.repository("octo/app").alerts).toEqual([]);
});

test("a result without a location fails the file", async () => {
  const run = { ...sarifRun({}), results: [{ ruleId: "X", message: { text: "x" } }] };
  const reply = await upload(github, [run]);
  expect(reply.at("errors")).toEqual(["locationFromSarifResult: expected at least one location"]);
});

test.each([
  ["a space", "my app/Dockerfile"],
  ["a backslash", "app\\Dockerfile"],
  ["a broken escape", "app%zz/Dockerfile"],
])("a location with %s is no address", async (_, uri) => {
  const reply = await upload(github, [sarifRun({ results: [{ rule: "X", uri }] })]);
  expect(reply.at("errors")).toEqual([`an invalid URI was provided as a SARIF location: ${uri}`]);
});

test("a location with a scheme does not match the checkout", async () => {
  const uri = "file:///home/runner/work/app/Dockerfile";
  const reply = await upload(github, [sarifRun({ results: [{ rule: "X", uri }] })]);
  expect(reply.at("errors")).toEqual([
    'SARIF URI scheme "file" did not match the checkout URI scheme ""',
  ]);
});

test("an escaped location is shown as the path that it means", async () => {
  const uri = "my%20app/Dockerfile";
  await upload(github, [sarifRun({ id: category, results: [{ rule: "X", uri }] })]);
  const reply = await ask(github, "GET /repos/octo/app/code-scanning/alerts");
  expect(reply.at(0, "most_recent_instance", "location", "path")).toBe("my app/Dockerfile");
});

test("processing fails with the errors that it was told", async () => {
  const errors = ["rejecting delivery as the repository has too many logical alerts"];
  github.processing.failures.push(errors);
  const failed = await upload(github, [sarifRun({ id: category })]);
  const complete = await upload(github, [sarifRun({ id: category })]);
  expect([failed.at("errors"), complete.at("processing_status")]).toEqual([errors, "complete"]);
});

test.each([
  ["an unknown commit", { commit_sha: "f".repeat(40) }, 404, "commit not found"],
  [
    "an unknown ref",
    { ref: "refs/heads/gone" },
    404,
    "ref 'refs/heads/gone' not found in this repository",
  ],
  [
    "what is not packed",
    { sarif: Buffer.from("{}").toString("base64") },
    400,
    "Invalid SARIF. It is not a gzip file in Base64",
  ],
  ["more than 10 MB", { sarif: "A".repeat(13_400_000) }, 413, "Payload Too Large"],
])("an upload of %s is refused at once", async (_, change, status, message) => {
  const sarif = packedSarif([sarifRun({ id: category })]);
  const body = { commit_sha: commits.main, ref: "refs/heads/main", sarif, ...change };
  const reply = await ask(github, "POST /repos/octo/app/code-scanning/sarifs", { body });
  expect([reply.status, reply.at("message")]).toEqual([status, message]);
});

test("a repository without code scanning refuses everything about it", async () => {
  github.addRepository({
    repository: "octo/plain",
    codeScanning: "disabled",
    refs: { "refs/heads/main": commits.main },
  });
  const sarif = packedSarif([]);
  const body = { commit_sha: commits.main, ref: "refs/heads/main", sarif };
  const reply = await ask(github, "POST /repos/octo/plain/code-scanning/sarifs", { body });
  expect([reply.status, reply.at("message")]).toEqual([
    403,
    "Code Security must be enabled for this repository to use code scanning.",
  ]);
});
