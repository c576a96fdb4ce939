import { describe, expect, it } from "vitest";
import {
  cacheSecrets,
  findRunnerCache,
  withCredentials,
  withoutCredentials,
} from "../../../src/build/cache/runner-cache.ts";
import type { CiRun } from "../../../src/host/host.ts";

/** A runner's token: only what is between its dots is looked at. */
function token(...permissions: readonly number[]): string {
  const ac = permissions.map((Permission) => ({ Scope: "refs/heads/main", Permission }));
  const claims = Buffer.from(JSON.stringify({ ac: JSON.stringify(ac) })).toString("base64url");
  return `head.${claims}.signature`;
}

const ADDRESS = { ACTIONS_RESULTS_URL: "https://results.example/" };

function found(env: Readonly<Record<string, string>>, ci?: CiRun) {
  return findRunnerCache({ env: { ...ADDRESS, ...env }, ci });
}

const RUN: CiRun = {
  event: "pull_request",
  repository: "acme/shop",
  commit: "1".repeat(40),
  ref: "refs/pull/7/merge",
  runId: 1,
  runNumber: 1,
  runAttempt: 1,
  serverUrl: "https://github.com",
};

function pullRequest(isFork: boolean): CiRun {
  const commits = { headCommit: "2".repeat(40), headRef: "change", baseCommit: "3".repeat(40) };
  return { ...RUN, pullRequest: { number: 7, ...commits, isFork } };
}

describe("the cache that a runner offers", () => {
  it("is read and written where one scope of the token may be written", () => {
    const env = { ACTIONS_RUNTIME_TOKEN: token(1, 3) };
    expect(found(env)).toEqual({ kind: "offered", reads: true, writes: true });
    expect(found(env, pullRequest(false))).toMatchObject({ writes: true });
  });

  it("is only read where no scope of the token may be written", () => {
    expect(found({ ACTIONS_RUNTIME_TOKEN: token(1, 1) })).toEqual({
      kind: "offered",
      reads: true,
      writes: false,
      because: "the job's token may only read",
    });
  });

  it("is only read by a pull request from a fork", () => {
    const cache = found({ ACTIONS_RUNTIME_TOKEN: token(3) }, pullRequest(true));
    expect(cache).toMatchObject({ writes: false, because: "the pull request comes from a fork" });
  });

  it.each([
    ["read", { reads: true, writes: false }],
    ["write", { reads: true, writes: true }],
    ["write-only", { reads: false, writes: true }],
    ["none", { kind: "none" }],
  ])("is what the workflow says by cache-mode: %s", (mode, expected) => {
    const env = { ACTIONS_RUNTIME_TOKEN: token(3), ACTIONS_CACHE_MODE: mode };
    expect(found(env)).toMatchObject(expected);
  });

  it("is tried with a token that nobody can read", () => {
    for (const text of ["opaque", "a.b.c", `a.${btoa("{}")}.c`]) {
      expect(found({ ACTIONS_RUNTIME_TOKEN: text })).toMatchObject({ writes: true });
    }
  });

  it("is none without the variables, and the reason names the first that is missing", () => {
    expect(found({})).toEqual({ kind: "none", because: "ACTIONS_RUNTIME_TOKEN is not set" });
    const env = { ACTIONS_RUNTIME_TOKEN: token(3) };
    expect(findRunnerCache({ env, ci: undefined })).toEqual({
      kind: "none",
      because: "ACTIONS_RESULTS_URL is not set",
    });
  });
});

describe("the credentials of the cache", () => {
  const env = { ...ADDRESS, ACTIONS_RUNTIME_TOKEN: "secret", PATH: "/bin" };

  it("are kept from whoever does not use it", () => {
    expect(withoutCredentials(env)).toEqual({ PATH: "/bin" });
  });

  it("say which version of the protocol is spoken where the runner does not", () => {
    expect(withCredentials(env)).toEqual({ ...env, ACTIONS_CACHE_SERVICE_V2: "true" });
    const first = { ...env, ACTIONS_CACHE_URL: "https://cache.example/" };
    expect(withCredentials(first)).toEqual(first);
  });

  it("are never shown", () => {
    expect(cacheSecrets({ env })).toEqual(["secret", "https://results.example/"]);
  });
});
