// GitHub's cache as a runner offers it to its jobs: an address and a token, in variables.
// https://github.com/actions/toolkit/blob/main/packages/cache/README.md

import { asList, asRecord } from "../../foreign-json.ts";
import type { Host } from "../../host/host.ts";

/** What a job may do with GitHub's cache. */
export type RunnerCache =
  | {
      readonly kind: "offered";
      readonly reads: boolean;
      readonly writes: boolean;
      /** Why it may not do both. */
      readonly because?: string;
    }
  | { readonly kind: "none"; readonly because: string };

/** What BuildKit needs to reach the cache. None of it is for any other program. */
const CREDENTIALS = [
  "ACTIONS_RUNTIME_TOKEN",
  "ACTIONS_RESULTS_URL",
  "ACTIONS_CACHE_URL",
  "ACTIONS_CACHE_SERVICE_V2",
] as const;

/** Finds out what this job may do, as far as the runner says. */
export function findRunnerCache({ env, ci }: Pick<Host, "env" | "ci">): RunnerCache {
  const missing = missingVariable(env);
  if (missing !== undefined) return { kind: "none", because: `${missing} is not set` };
  switch (env.ACTIONS_CACHE_MODE) {
    case "none":
      return { kind: "none", because: "the workflow says cache-mode: none" };
    case "read":
      return readOnly("the workflow says cache-mode: read");
    case "write-only":
      return offered(false, "the workflow says cache-mode: write-only");
  }
  if (ci?.pullRequest?.isFork === true) return readOnly("the pull request comes from a fork");
  if (!mayWrite(env.ACTIONS_RUNTIME_TOKEN ?? "")) return readOnly("the job's token may only read");
  return { kind: "offered", reads: true, writes: true };
}

/** Texts that must never be shown. */
export function cacheSecrets({ env }: Pick<Host, "env">): readonly string[] {
  const addresses = [env.ACTIONS_RESULTS_URL, env.ACTIONS_CACHE_URL];
  return [env.ACTIONS_RUNTIME_TOKEN, ...addresses].flatMap((text) => text || []);
}

/** An environment in which nobody finds the cache. */
export function withoutCredentials(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !CREDENTIALS.some((known) => known === name)),
  );
}

/**
 * Whether the cache is asked by the second version of its protocol, which GitHub's own has had alone
 * since 2025. A runner says so, and may name the address of the first all the same; an Enterprise
 * Server names only that.
 */
export function speaksSecondVersion(env: Readonly<Record<string, string>>): boolean {
  if (!env.ACTIONS_RESULTS_URL) return false;
  return /^(?:1|t|true)$/i.test(env.ACTIONS_CACHE_SERVICE_V2 ?? "") || !env.ACTIONS_CACHE_URL;
}

/**
 * An environment in which buildx finds the cache.
 * https://github.com/docker/buildx/blob/v0.36.1/build/opt.go
 */
export function withCredentials(
  env: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return speaksSecondVersion(env) ? { ...env, ACTIONS_CACHE_SERVICE_V2: "true" } : env;
}

function missingVariable(env: Readonly<Record<string, string>>): string | undefined {
  if (!env.ACTIONS_RUNTIME_TOKEN) return "ACTIONS_RUNTIME_TOKEN";
  return env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL ? undefined : "ACTIONS_RESULTS_URL";
}

function readOnly(because: string): RunnerCache {
  return { kind: "offered", reads: true, writes: false, because };
}

function offered(reads: boolean, because: string): RunnerCache {
  return { kind: "offered", reads, writes: true, because };
}

/** The bit of `Permission` in the token's claim `ac` that lets write; 1 lets read. */
const WRITE = 2;

/**
 * Whether a scope of the token may be written. Of a token that cannot be read nothing is known: then
 * it is tried.
 */
function mayWrite(token: string): boolean {
  try {
    const claims = asRecord(JSON.parse(decode(token.split(".")[1] ?? "")));
    if (typeof claims.ac !== "string") return true;
    const scopes = asList(JSON.parse(claims.ac)).map(asRecord);
    return scopes.some(({ Permission }) => (Number(Permission) & WRITE) !== 0);
  } catch {
    return true;
  }
}

function decode(base64: string): string {
  return Buffer.from(base64, "base64url").toString("utf8");
}
