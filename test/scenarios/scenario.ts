// The action as a runner runs it, and the command as a shell does: the bundles, in a workspace,
// against the lab's engines and tools and a GitHub on loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { latestInstance, stateOn } from "../../scripts/lab/github/alerts.ts";
import { machineVariables } from "../../scripts/lab/github/runner/environment.ts";
import {
  type ActionRun,
  type Runner,
  type RunnerEvent,
  runAction,
  runnerEnvironment,
} from "../../scripts/lab/github/runner.ts";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import type { Repository } from "../../scripts/lab/github/state.ts";
import type { Report } from "../../src/model/report.ts";
import { type EngineName, engineEnvironment, labInputs, USUAL_ENGINE } from "./engines.ts";
import { readReport } from "./reading.ts";

const root = join(import.meta.dirname, "..", "..");

/** The bundles. Another folder than `dist/` can be tried without touching that one. */
const dist = process.env.WEIGHBRIDGE_DIST ?? join(root, "dist");

export const MAIN = "1".repeat(40);
export const HEAD = "2".repeat(40);
export const MERGE = "3".repeat(40);
const QUEUE = "refs/heads/gh-readonly-queue/main/pr-7-2222222";
const ENTERPRISE = "https://github.acme.example";
const REPOSITORY = "acme/shop";
const TOKEN = "token-of-the-run";

/** Whoever may comment and upload. */
export const ALL_PERMISSIONS = {
  contents: "read",
  "pull-requests": "write",
  "security-events": "write",
} as const;

export interface ScenarioOptions {
  /** Default: the usual one. */
  readonly engine?: EngineName;
  /** Files of the workspace, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder that is the workspace, in place of `files`. */
  readonly workspace?: string;
  readonly permissions?: Readonly<Record<string, "read" | "write">>;
  /** A GitHub Enterprise Server: its API is below a path, its pages are elsewhere. */
  readonly enterprise?: boolean;
  readonly codeScanning?: "enabled" | "disabled";
}

/** One run of the action. */
export interface RunOptions {
  readonly event?: RunnerEvent;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly runId?: number;
  readonly runAttempt?: number;
  readonly fork?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the runner: two runs at the same time need two. */
  readonly machine?: string;
  /** Cancels the run as a person does at GitHub. */
  readonly cancel?: AbortSignal;
  /** Ends it with SIGKILL. */
  readonly kill?: AbortSignal;
}

/** One run of the command. */
export interface CommandOptions {
  /** Ends it with SIGINT, as a person does. */
  readonly cancel?: AbortSignal;
  /** Ends it with SIGKILL. */
  readonly kill?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that has ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One step of a workflow that has ended. */
export interface StepResult extends ActionRun {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The JSON report, checked against its schema; undefined when none was made. */
  readonly report: Report | undefined;
  readonly runner: Runner;
}

/** The ref and the commit of a run. */
function placeOf(event: RunnerEvent): { readonly ref: string; readonly sha: string } {
  switch (event) {
    case "pull_request":
      return { ref: "refs/pull/7/merge", sha: MERGE };
    case "tag":
      return { ref: "refs/tags/v1.0.0", sha: MAIN };
    case "merge_group":
      return { ref: QUEUE, sha: MERGE };
    case "push":
    case "schedule":
    case "workflow_dispatch":
    case "pull_request_target":
    case "workflow_run":
      return { ref: "refs/heads/main", sha: MAIN };
  }
}

/** A repository at GitHub and its workspace on a runner. */
export class Scenario implements AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly workspace: string;
  readonly #folder: string;
  readonly #engine: EngineName;
  readonly #serverUrl: string;

  private constructor(github: GitHubStandIn, folder: string, options: ScenarioOptions) {
    this.github = github;
    this.workspace = options.workspace ?? join(folder, "workspace");
    this.#folder = folder;
    this.#engine = options.engine ?? USUAL_ENGINE;
    this.#serverUrl = options.enterprise === true ? ENTERPRISE : "https://github.com";
  }

  static async start(options: ScenarioOptions): Promise<Scenario> {
    const folder = await mkdtemp(join(tmpdir(), "weighbridge-scenario-"));
    const github = await startGitHub({
      ...(options.enterprise === true && { apiPath: "/api/v3", pages: ENTERPRISE }),
      repositories: [
        {
          repository: REPOSITORY,
          codeScanning: options.codeScanning ?? "enabled",
          refs: {
            "refs/heads/main": MAIN,
            "refs/tags/v1.0.0": MAIN,
            "refs/pull/7/merge": MERGE,
          },
          pullRequests: [
            {
              number: 7,
              head: { ref: "change", sha: HEAD },
              base: { ref: "main", sha: MAIN },
              mergeSha: MERGE,
            },
          ],
        },
      ],
      tokens: [{ token: TOKEN, permissions: options.permissions ?? ALL_PERMISSIONS }],
      pendingPolls: 0,
    });
    const scenario = new Scenario(github, folder, options);
    await scenario.write(options.files ?? {});
    return scenario;
  }

  /** Writes files of the workspace, by path. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    await mkdir(this.workspace, { recursive: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(this.workspace, path)), { recursive: true });
      await writeFile(join(this.workspace, path), content);
    }
  }

  /** A folder of the scenario's own, outside of the workspace. */
  folder(name: string): string {
    return join(this.#folder, name);
  }

  /** Makes such a folder. */
  async makeFolder(name: string): Promise<string> {
    await mkdir(this.folder(name), { recursive: true });
    return this.folder(name);
  }

  /** Runs the main step. */
  async run(options: RunOptions = {}): Promise<StepResult> {
    const event = options.event ?? "pull_request";
    const runner = await runnerEnvironment({
      event,
      repository: REPOSITORY,
      ...placeOf(event),
      prNumber: 7,
      headSha: HEAD,
      baseSha: MAIN,
      serverUrl: this.#serverUrl,
      workspace: this.workspace,
      token: TOKEN,
      inputs: { ...labInputs(this.#engine), ...options.inputs },
      actionFile: join(root, "action.yml"),
      githubUrl: this.github.url,
      folder: join(this.#folder, options.machine ?? "runner"),
      fork: options.fork ?? false,
      runId: options.runId ?? 100,
      runAttempt: options.runAttempt ?? 1,
      env: { ...engineEnvironment(this.#engine), ...options.env },
    });
    const { cancel, kill } = options;
    const run = await runAction({
      env: runner.env,
      entry: join(dist, "index.js"),
      ...(cancel !== undefined && { cancel }),
      ...(kill !== undefined && { kill }),
    });
    const outputs = await runner.readOutputs();
    return {
      ...run,
      runner,
      outputs,
      summary: await runner.readSummary(),
      report: await readReport(outputs.report),
    };
  }

  /** Runs the post step that follows a main step. */
  async post({ runner }: Pick<StepResult, "runner">): Promise<ActionRun> {
    const { env } = await runner.postStep();
    return runAction({ env, entry: join(dist, "index.js") });
  }

  /** Runs the command in the workspace. It keeps its state in a folder of the scenario. */
  async command(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const env = {
      ...machineVariables(process.env),
      XDG_CACHE_HOME: this.folder("cache"),
      ...engineEnvironment(this.#engine),
      ...options.env,
    };
    const child = spawn(process.execPath, [join(dist, "cli.js"), ...args], {
      cwd: this.workspace,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    options.cancel?.addEventListener("abort", () => child.kill("SIGINT"));
    options.kill?.addEventListener("abort", () => child.kill("SIGKILL"));
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { exitCode: child.exitCode, stdout, stderr };
  }

  /** Runs the command at a terminal, which shows both of its streams. */
  async terminal(args: readonly string[]): Promise<CommandResult> {
    const words = [process.execPath, join(dist, "cli.js"), ...args];
    const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    const child = spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
      cwd: this.workspace,
      env: {
        ...machineVariables(process.env),
        XDG_CACHE_HOME: this.folder("cache"),
        ...engineEnvironment(this.#engine),
        TERM: "xterm",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { exitCode: child.exitCode, stdout, stderr };
  }

  /** Options that name the lab's parts. */
  labOptions(): readonly string[] {
    return Object.entries(labInputs(this.#engine)).map(([name, value]) => `--${name}=${value}`);
  }

  /** What the pull request shows: our comment's text. */
  comments(): readonly string[] {
    return this.repository().comments.map((comment) => comment.body);
  }

  /** Categories that code scanning has an analysis of. */
  categories(): readonly string[] {
    const names = this.repository().analyses.map((analysis) => analysis.category ?? "");
    return [...new Set(names)].toSorted();
  }

  /** Problems that code scanning shows as open on a ref: rule and line. */
  openAlerts(ref: string): readonly string[] {
    const open = this.repository().alerts.filter((alert) => stateOn(alert, ref) === "open");
    return open
      .map((alert) => `${alert.rule.id}:${latestInstance(alert, ref)?.location.startLine}`)
      .toSorted();
  }

  /** The repository as GitHub has it. */
  repository(): Repository {
    return this.github.repository(REPOSITORY);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    // Throws when a request, or a reply of the stand-in's own, did not fit GitHub's description.
    await this.github.close();
  }
}
