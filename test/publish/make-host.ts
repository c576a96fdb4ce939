import type { GitHubStandIn } from "../../scripts/lab/github/server.ts";
import { createGitHub } from "../../src/host/github.ts";
import type { CiRun, GitHub, Host, Log } from "../../src/host/host.ts";

/** What `publish` uses of a host, and what it did with it. */
export interface RecordingHost
  extends Pick<Host, "github" | "ci" | "log" | "results" | "clock" | "conceal"> {
  /** `warning: text`, `Dockerfile:3 error: title: text`. */
  readonly logged: string[];
  readonly outputs: Map<string, string>;
  readonly summaries: string[];
  /** Milliseconds of every sleep. */
  readonly sleeps: number[];
}

/** A host that writes down what it is told, and sleeps in no time. */
export function makeHost(overrides: Partial<Host> = {}): RecordingHost {
  const logged: string[] = [];
  const outputs = new Map<string, string>();
  const summaries: string[] = [];
  const sleeps: number[] = [];
  return {
    logged,
    outputs,
    summaries,
    sleeps,
    github: undefined,
    ci: makeRun(),
    log: makeLog(logged),
    results: {
      async setOutput(name, value) {
        outputs.set(name, value);
      },
      async writeSummary(markdown) {
        summaries.push(markdown);
      },
    },
    clock: {
      now: () => Date.parse("2026-11-22T10:00:00Z"),
      async sleep(milliseconds) {
        sleeps.push(milliseconds);
      },
    },
    conceal: (text) => text.replaceAll("hunter22", "***"),
    ...overrides,
  };
}

/** A log into a list. */
export function makeLog(logged: string[]): Log {
  const at =
    (level: string): Log["error"] =>
    (text, place) => {
      const where = place === undefined ? "" : `${place.file}:${place.line} `;
      const title = place?.title === undefined ? "" : `${place.title}: `;
      logged.push(`${where}${level}: ${title}${text}`);
    };
  return {
    info: (text) => logged.push(`info: ${text}`),
    debug() {},
    notice: at("notice"),
    warning: at("warning"),
    error: at("error"),
    group() {},
    endGroup() {},
    progress() {},
    showsProgress: false,
  };
}

/** Run 100, first attempt, for pull request 7 of `octo/app`. */
export function makeRun(overrides: Partial<CiRun> = {}): CiRun {
  return {
    event: "pull_request",
    repository: "octo/app",
    commit: "d".repeat(40),
    ref: "refs/pull/7/merge",
    runId: 100,
    runNumber: 10,
    runAttempt: 1,
    serverUrl: "https://github.com",
    pullRequest: {
      number: 7,
      headCommit: "b".repeat(40),
      headRef: "feature",
      baseCommit: "c".repeat(40),
      isFork: false,
    },
    ...overrides,
  };
}

/** Run 101 of a push to `main`. */
export function makePush(overrides: Partial<CiRun> = {}): CiRun {
  const { pullRequest: _, ...run } = makeRun();
  const commit = "c".repeat(40);
  return { ...run, event: "push", ref: "refs/heads/main", commit, runId: 101, ...overrides };
}

/** What the stand-in holds for pull request 7. */
export const SEED = {
  repositories: [
    {
      repository: "octo/app",
      refs: { "refs/heads/main": "c".repeat(40), "refs/tags/v1": "c".repeat(40) },
      pullRequests: [
        {
          number: 7,
          head: { ref: "feature", sha: "b".repeat(40) },
          base: { ref: "main", sha: "c".repeat(40) },
          mergeSha: "d".repeat(40),
        },
      ],
    },
  ],
  tokens: [
    { token: "run", permissions: { "pull-requests": "write", "security-events": "write" } },
    { token: "reader", permissions: { contents: "read" } },
    { token: "octocat", login: "octocat", kind: "user", permissions: { issues: "write" } },
    { token: "app", login: "our-app[bot]", permissions: { issues: "write" } },
  ],
} as const;

/** The stand-in, asked with a token; waits in no time, and for an answer as long as it is told. */
export function connect(server: GitHubStandIn, token: string, patience = 10_000): GitHub {
  return createGitHub({
    token,
    repository: "octo/app",
    apiUrl: server.url,
    signal: new AbortController().signal,
    clock: { now: () => Date.now(), async sleep() {} },
    timings: { request: patience, pauses: [0, 0], longestWait: 60_000 },
    fetch: globalThis.fetch,
  });
}
