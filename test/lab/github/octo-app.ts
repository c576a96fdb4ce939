import { gzipSync } from "node:zlib";
import { listOf, member } from "../../../scripts/lab/github/json.ts";
import {
  type GitHubOptions,
  type GitHubStandIn,
  startGitHub,
} from "../../../scripts/lab/github/server.ts";

/** Commits of the repository that every test here works with. */
export const commits = {
  main: "a".repeat(40),
  head: "b".repeat(40),
  merge: "c".repeat(40),
};

/** A stand-in with one repository, `octo/app`, pull request 7, and a workflow's token. */
export async function startOctoApp(options: GitHubOptions = {}): Promise<GitHubStandIn> {
  return startGitHub({
    repositories: [
      {
        repository: "octo/app",
        refs: { "refs/heads/main": commits.main },
        pullRequests: [
          {
            number: 7,
            head: { ref: "change", sha: commits.head },
            base: { ref: "main", sha: commits.main },
            mergeSha: commits.merge,
          },
        ],
      },
    ],
    tokens: [
      {
        token: "writer",
        permissions: {
          contents: "read",
          "pull-requests": "write",
          "security-events": "write",
        },
      },
      { token: "reader", permissions: { contents: "read" } },
      { token: "person", login: "octocat", kind: "user", permissions: {} },
    ],
    ...options,
  });
}

/** What came back. */
export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  /** What stands in the body at a path of member names and list positions. */
  readonly at: (...path: readonly (string | number)[]) => unknown;
}

/** Sends a request with a token (none for an empty one) and reads the JSON that comes back. */
export async function ask(
  github: GitHubStandIn,
  line: `${"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} /${string}`,
  more: { readonly token?: string; readonly body?: unknown } = {},
): Promise<Answered> {
  const [method, path] = line.split(" ");
  const { token = "writer", body } = more;
  const response = await fetch(`${github.url}${path}`, {
    ...(method === undefined ? {} : { method }),
    headers: token === "" ? {} : { authorization: `token ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const read: unknown = text === "" ? undefined : JSON.parse(text);
  return {
    status: response.status,
    headers: response.headers,
    body: read,
    at: (...path) =>
      path.reduce<unknown>(
        (value, step) => (typeof step === "number" ? listOf(value)[step] : member(value, step)),
        read,
      ),
  };
}

/** One result of a run, at a line of a file. */
export interface ResultSeed {
  readonly rule: string;
  readonly line?: number;
  readonly fingerprint?: string;
  readonly uri?: string;
}

/** A run as a scanner's adapter would write it. */
export function sarifRun(seed: {
  readonly id?: string;
  readonly tool?: string;
  readonly results?: readonly ResultSeed[];
}): Readonly<Record<string, unknown>> {
  return {
    tool: { driver: { name: seed.tool ?? "Trivy", rules: [] } },
    ...(seed.id === undefined ? {} : { automationDetails: { id: seed.id } }),
    results: (seed.results ?? []).map(({ rule, line, fingerprint, uri }) => ({
      ruleId: rule,
      level: "error",
      message: { text: `${rule} is there` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uri ?? "Dockerfile" },
            region: { startLine: line ?? 1 },
          },
        },
      ],
      ...(fingerprint === undefined
        ? {}
        : { partialFingerprints: { primaryLocationLineHash: fingerprint } }),
    })),
  };
}

/** A file of runs, packed as GitHub wants it. */
export function packedSarif(runs: readonly unknown[], version = "2.1.0"): string {
  return gzipSync(JSON.stringify({ version, runs })).toString("base64");
}

/** Uploads runs for a ref and returns the state that GitHub then shows for the file. */
export async function upload(
  github: GitHubStandIn,
  runs: readonly unknown[],
  ref = "refs/heads/main",
): Promise<Answered> {
  const sarif = packedSarif(runs);
  const body = { commit_sha: commits.main, ref, sarif };
  const accepted = await ask(github, "POST /repos/octo/app/code-scanning/sarifs", { body });
  if (accepted.status !== 202) return accepted;
  return ask(github, `GET /repos/octo/app/code-scanning/sarifs/${accepted.at("id")}`);
}
