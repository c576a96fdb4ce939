import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as core from "@actions/core";
import { createActionsLog } from "./actions-log.ts";
import { listenForCancellation } from "./cancellation.ts";
import { readCiRun } from "./ci-run.ts";
import { createClock } from "./clock.ts";
import { createDownload } from "./downloads.ts";
import { createFiles } from "./files.ts";
import { fitMarkdown, SUMMARY_BYTES } from "./fit-markdown.ts";
import { createGitHub } from "./github.ts";
import type { CiRun, Clock, GitHub, Host, Results } from "./host.ts";
import { createLoopback } from "./loopback.ts";
import { containerPlatform, environmentOf } from "./machine.ts";
import { createExec } from "./processes.ts";
import { createSecrets } from "./secrets.ts";

/** What the environment of a runner does not say. */
export interface ActionsHostOptions {
  /** Speaks for us at GitHub. Default: the input `token`. Empty: there is no GitHub. */
  readonly token?: string;
}

/** A runner of GitHub Actions, as its environment variables describe it. */
export function createActionsHost(options: ActionsHostOptions = {}): Host & Disposable {
  const env = withoutInputs(environmentOf(process.env));
  const workspace = resolve(env.GITHUB_WORKSPACE || process.cwd());
  const cancellation = listenForCancellation();
  const { signal } = cancellation;
  const { add, conceal } = createSecrets();
  const mask = (secret: string) => {
    for (const part of add(secret)) core.setSecret(part);
  };
  const log = createActionsLog(conceal);
  const clock = createClock(signal);
  const token = options.token ?? core.getInput("token");
  mask(token);
  const ci = readCiRun(env, readEvent(env.GITHUB_EVENT_PATH));
  const files = createFiles({ workspace, env });
  return {
    kind: "actions",
    exec: createExec({ workspace, env, signal, conceal }),
    files,
    loopback: createLoopback((message) => log.debug(message)),
    download: createDownload({ files, signal }),
    log,
    clock,
    results: createResults(conceal),
    github: connect(token, ci, env, clock, signal),
    ci,
    env,
    workspace,
    platform: containerPlatform(),
    signal,
    mask,
    conceal,
    [Symbol.dispose]: () => cancellation[Symbol.dispose](),
  };
}

function connect(
  token: string,
  ci: CiRun | undefined,
  env: Readonly<Record<string, string>>,
  clock: Clock,
  signal: AbortSignal,
): GitHub | undefined {
  if (token === "" || ci === undefined) return undefined;
  const apiUrl = env.GITHUB_API_URL || "https://api.github.com";
  return createGitHub({ token, repository: ci.repository, apiUrl, clock, signal });
}

/** Inputs reach an action as `INPUT_*`: the token and all secrets, in reach of any child. */
function withoutInputs(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("INPUT_")));
}

function readEvent(path: string | undefined): unknown {
  try {
    return path ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  } catch {
    // Without its event a run is still one: it only knows of no pull request.
    return undefined;
  }
}

function createResults(conceal: (text: string) => string): Results {
  return {
    async setOutput(name, value) {
      core.setOutput(name, value);
    },
    async writeSummary(markdown) {
      const text = fitMarkdown(conceal(markdown), SUMMARY_LIMIT);
      await core.summary.emptyBuffer().addRaw(text).write({ overwrite: true });
    },
  };
}

const SUMMARY_LIMIT = {
  most: SUMMARY_BYTES,
  unit: "bytes",
  note: "*Cut here: a job summary may be no larger than 1 MiB. The JSON report has the rest.*",
} as const;
