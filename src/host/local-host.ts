import { resolve } from "node:path";
import { listenForCancellation } from "./cancellation.ts";
import { createClock } from "./clock.ts";
import { createDownload } from "./downloads.ts";
import { createFiles } from "./files.ts";
import type { Host } from "./host.ts";
import { createHttp } from "./http.ts";
import { removeLeftovers } from "./leftovers.ts";
import { createLoopback } from "./loopback.ts";
import { containerPlatform, environmentOf } from "./machine.ts";
import { createOwner } from "./owner.ts";
import { createExec } from "./processes.ts";
import { createSecrets } from "./secrets.ts";
import { temporaryProblems } from "./temporary.ts";
import { createTerminalLog, type TerminalStream } from "./terminal-log.ts";

/** What differs between a command line and a test. */
export interface LocalHostOptions {
  /** Folder that relative paths start from. Default: the current one. */
  readonly workspace?: string;
  /** Default: the process's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the log goes. Default: standard error, so that standard output is the result's alone. */
  readonly stream?: TerminalStream;
  /** Whether `log.debug` is shown. Default: no. */
  readonly verbose?: boolean;
}

/** A laptop: no run, no GitHub; the summary and the outputs are for the caller to print. */
export function createLocalHost(options: LocalHostOptions = {}): Host & Disposable {
  const env = options.env ?? environmentOf(process.env);
  const workspace = resolve(options.workspace ?? process.cwd());
  const cancellation = listenForCancellation();
  const { signal } = cancellation;
  const { add, conceal } = createSecrets();
  const stream = options.stream ?? process.stderr;
  const log = createTerminalLog({ stream, env, verbose: options.verbose ?? false, conceal });
  const files = createFiles({ workspace, env, signal });
  removeLeftovers(env);
  return {
    kind: "local",
    problems: temporaryProblems(env),
    exec: createExec({ workspace, env, signal, conceal }),
    files,
    loopback: createLoopback((message) => log.debug(message)),
    download: createDownload({ files, signal }),
    http: createHttp(signal),
    log,
    clock: createClock(signal),
    owner: createOwner(),
    results: { async setOutput() {}, async writeSummary() {} },
    cache: undefined,
    github: undefined,
    ci: undefined,
    env,
    workspace,
    platform: containerPlatform(),
    signal,
    mask(secret) {
      add(secret);
    },
    conceal,
    [Symbol.dispose]() {
      log.close();
      cancellation[Symbol.dispose]();
    },
  };
}
