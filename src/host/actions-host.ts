import { resolve } from "node:path";
import * as core from "@actions/core";
import { createActionsLog } from "./actions-log.ts";
import { listenForCancellation } from "./cancellation.ts";
import { createClock } from "./clock.ts";
import { createDownload } from "./downloads.ts";
import { createFiles } from "./files.ts";
import { fitMarkdown, SUMMARY_BYTES } from "./fit-markdown.ts";
import { createGitHub } from "./github.ts";
import type { Clock, GitHub, Host, Results } from "./host.ts";
import { createHttp } from "./http.ts";
import { removeLeftovers } from "./leftovers.ts";
import { createLoopback } from "./loopback.ts";
import { containerPlatform, environmentOf } from "./machine.ts";
import { createOwner } from "./owner.ts";
import { createExec } from "./processes.ts";
import { createRemoteCache } from "./remote-cache.ts";
import { type RunnerFacts, readRunnerFacts } from "./runner-facts.ts";
import { createSecrets } from "./secrets.ts";
import { temporaryProblems } from "./temporary.ts";

/** What the environment of a runner does not say. */
export interface ActionsHostOptions {
  /** Speaks for us at GitHub. Default: the input `token`. Empty: there is no GitHub. */
  readonly token?: string;
}

/** A runner of GitHub Actions, as its environment variables describe it. */
export function createActionsHost(options: ActionsHostOptions = {}): Host & Disposable {
  const env = withoutInputs(environmentOf(process.env));
  const facts = readRunnerFacts(env);
  removeLeftovers(env);
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
  const files = createFiles({ workspace, env, signal });
  return {
    kind: "actions",
    problems: [...facts.problems, ...temporaryProblems(env)],
    exec: createExec({ workspace, env, signal, conceal }),
    files,
    loopback: createLoopback((message) => log.debug(message)),
    download: createDownload({ files, signal }),
    http: createHttp(signal),
    log,
    clock,
    owner: createOwner(),
    results: createResults(conceal),
    cache: createRemoteCache({ files, log, env, ci: facts.ci, signal }),
    github: connect(token, facts, clock, signal),
    ci: facts.ci,
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
  { ci, apiUrl }: RunnerFacts,
  clock: Clock,
  signal: AbortSignal,
): GitHub | undefined {
  if (token === "" || ci === undefined) return undefined;
  return createGitHub({ token, repository: ci.repository, apiUrl, clock, signal });
}

/** Inputs reach an action as `INPUT_*`: the token and all secrets, in reach of any child. */
function withoutInputs(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("INPUT_")));
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
