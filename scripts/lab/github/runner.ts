import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { assertNever } from "../../../src/errors.ts";
import type { Links } from "./links.ts";
import { readAssignments, readSummary } from "./runner/command-files.ts";
import { type JobFacts, jobVariables, machineVariables } from "./runner/environment.ts";
import {
  mergeGroupEvent,
  pullRequestEvent,
  pushEvent,
  repositoryEvent,
  workflowRunEvent,
} from "./runner/events.ts";
import { inputVariables } from "./runner/inputs.ts";
import { readCommands, type WorkflowCommand } from "./runner/workflow-commands.ts";
import type { PullRequest } from "./state.ts";

/** What can start a run; `tag` is a push of a new tag. */
export type RunnerEvent =
  | "pull_request"
  | "pull_request_target"
  | "push"
  | "tag"
  | "merge_group"
  | "schedule"
  | "workflow_dispatch"
  | "workflow_run";

/** The job that an action runs in. */
export interface RunnerOptions {
  readonly event: RunnerEvent;
  /** `owner/name`. */
  readonly repository: string;
  /** `GITHUB_SHA`: for a pull request the merge commit. */
  readonly sha: string;
  /** `GITHUB_REF`: `refs/pull/7/merge`, `refs/heads/main`, `refs/tags/v1.2.3`. */
  readonly ref: string;
  /** Needed for a pull request. */
  readonly prNumber?: number;
  /** The last commit of the pull request's branch. Default: one that is made up. */
  readonly headSha?: string;
  /** The commit that the pull request is to be merged into, or that a push follows. */
  readonly baseSha?: string;
  /** Default `change`. */
  readonly headRef?: string;
  /** Default `main`. */
  readonly baseRef?: string;
  /** The folder that is checked out, which is also where the action runs. */
  readonly workspace: string;
  /** What `github.token` is. */
  readonly token: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** The action's `action.yml`, for the defaults of its inputs. */
  readonly actionFile?: string;
  readonly githubUrl: string;
  /** Where GitHub's pages are. Default `https://github.com`. */
  readonly serverUrl?: string;
  /** Whether the pull request comes from somebody's fork. Its token is the caller's business. */
  readonly fork?: boolean;
  /** Where the runner keeps its files. Default: a new folder. */
  readonly folder?: string;
  /** `RUNNER_TOOL_CACHE`, to share it between runs. Default: inside of `folder`. */
  readonly toolCache?: string;
  /** Default 1. */
  readonly runId?: number;
  readonly runNumber?: number;
  readonly runAttempt?: number;
  /** Variables on top of everything else, as `env:` of the step. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One step of a job: what it is given, and what it leaves behind. */
export interface Runner {
  readonly env: Readonly<Record<string, string>>;
  /** Where the runner keeps its files. */
  readonly folder: string;
  readonly readOutputs: () => Promise<Readonly<Record<string, string>>>;
  /** Throws when GitHub would drop the summary for its length. */
  readonly readSummary: () => Promise<string>;
  /** What `post` gets from `main`. */
  readonly readState: () => Promise<Readonly<Record<string, string>>>;
  /** The `post` step of the same action, with files of its own and the state of this step. */
  readonly postStep: () => Promise<Runner>;
}

/** How a step ended. */
export interface ActionRun {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  /** Both streams, line by line. */
  readonly log: string;
  /** The workflow commands in the log, as the runner understands them. */
  readonly commands: readonly WorkflowCommand[];
}

/** Sets up a step as GitHub's runner does: folders, event file, command files, variables. */
export async function runnerEnvironment(options: RunnerOptions): Promise<Runner> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "weighbridge-runner-")));
  const facts = jobFacts(options, folder);
  for (const needed of [facts.temp, facts.toolCache, join(facts.temp, "_github_workflow")]) {
    await mkdir(needed, { recursive: true });
  }
  await writeFile(facts.eventPath, JSON.stringify(eventPayload(options, facts), null, 2));
  const { actionFile } = options;
  const actionYaml = actionFile === undefined ? undefined : await readFile(actionFile, "utf8");
  const github = { token: options.token, workspace: options.workspace, sha: options.sha };
  return step(folder, {
    ...machineVariables(process.env),
    ...jobVariables(facts),
    ...inputVariables(options.inputs, actionYaml, github),
    ...options.env,
  });
}

/**
 * Runs an action's script as the runner does: in the workspace, with nothing but the step's
 * variables. When `cancel` fires, it gets SIGINT, SIGTERM after 7.5 seconds, and 2.5 seconds
 * later it is killed.
 * https://docs.github.com/actions/reference/workflow-cancellation-reference
 */
export async function runAction(options: {
  readonly env: Readonly<Record<string, string>>;
  /** The Node that runs it. Default: this one. */
  readonly node?: string;
  /** The script, as in `dist/index.js`. */
  readonly entry: string;
  readonly cancel?: AbortSignal;
  /** When it fires, the script is killed, as by a machine that is out of memory. */
  readonly kill?: AbortSignal;
}): Promise<ActionRun> {
  const { GITHUB_WORKSPACE: workspace } = options.env;
  const child = spawn(options.node ?? process.execPath, [options.entry], {
    cwd: workspace,
    env: { ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
      lines.push(line);
    });
  }
  const timers: NodeJS.Timeout[] = [];
  const cancel = () => {
    child.kill("SIGINT");
    timers.push(setTimeout(() => child.kill("SIGTERM"), 7500));
    timers.push(setTimeout(() => child.kill("SIGKILL"), 10_000));
  };
  const kill = () => child.kill("SIGKILL");
  options.cancel?.addEventListener("abort", cancel, { once: true });
  options.kill?.addEventListener("abort", kill, { once: true });
  // Whatever it has started may live on, and hold its output open.
  await once(child, options.kill === undefined ? "close" : "exit");
  options.cancel?.removeEventListener("abort", cancel);
  options.kill?.removeEventListener("abort", kill);
  timers.forEach(clearTimeout);
  return { exitCode: child.exitCode, log: lines.join("\n"), commands: readCommands(lines) };
}

async function step(folder: string, variables: Readonly<Record<string, string>>): Promise<Runner> {
  const commands = join(folder, "_temp", "_runner_file_commands");
  await mkdir(commands, { recursive: true });
  const suffix = randomUUID();
  const files = {
    GITHUB_ENV: join(commands, `set_env_${suffix}`),
    GITHUB_OUTPUT: join(commands, `set_output_${suffix}`),
    GITHUB_PATH: join(commands, `add_path_${suffix}`),
    GITHUB_STATE: join(commands, `save_state_${suffix}`),
    GITHUB_STEP_SUMMARY: join(commands, `step_summary_${suffix}`),
  };
  for (const file of Object.values(files)) await writeFile(file, "");
  const readState = async () => readAssignments(await readFile(files.GITHUB_STATE, "utf8"));
  return {
    env: { ...variables, ...files },
    folder,
    readOutputs: async () => readAssignments(await readFile(files.GITHUB_OUTPUT, "utf8")),
    readSummary: async () => readSummary(await readFile(files.GITHUB_STEP_SUMMARY, "utf8")),
    readState,
    postStep: async () => {
      const state = Object.entries(await readState());
      const handed = state.map(([name, value]) => [`STATE_${name}`, value]);
      return step(folder, { ...variables, ...Object.fromEntries(handed) });
    },
  };
}

/** The same number for every repository: nothing compares it with the stand-in's. */
const repositoryId = 3_000_000_001;

function jobFacts(options: RunnerOptions, folder: string): JobFacts {
  const pull = isForPullRequest(options);
  const temp = join(folder, "_temp");
  return {
    eventName: options.event === "tag" ? "push" : options.event,
    repository: options.repository,
    repositoryId,
    sha: options.sha,
    ref: options.ref,
    headRef: pull ? (options.headRef ?? "change") : "",
    baseRef: pull ? (options.baseRef ?? "main") : "",
    actor: options.fork === true ? "contributor" : "octocat",
    workspace: options.workspace,
    apiUrl: options.githubUrl,
    serverUrl: options.serverUrl ?? "https://github.com",
    run: {
      id: options.runId ?? 1,
      number: options.runNumber ?? 1,
      attempt: options.runAttempt ?? 1,
    },
    temp,
    toolCache: options.toolCache ?? join(folder, "_tool"),
    eventPath: join(temp, "_github_workflow", "event.json"),
  };
}

function isForPullRequest({ event }: RunnerOptions): boolean {
  return event === "pull_request" || event === "pull_request_target";
}

function eventPayload(options: RunnerOptions, facts: JobFacts): Readonly<Record<string, unknown>> {
  const [owner = "", name = ""] = options.repository.split("/");
  const links: Links = { api: options.githubUrl, pages: facts.serverUrl };
  const repository = { id: repositoryId, owner, name, private: false, defaultBranch: "main" };
  const { event, ref, sha, baseSha } = options;
  switch (event) {
    case "pull_request":
    case "pull_request_target":
      return pullRequestEvent(links, repository, pullRequest(options, facts));
    case "push":
      return pushEvent(links, repository, { ref, sha, before: baseSha });
    case "tag":
      return pushEvent(links, repository, { ref, sha, before: undefined });
    case "merge_group":
      return mergeGroupEvent(links, repository, { ref, sha, baseSha: baseSha ?? "a".repeat(40) });
    case "schedule":
      return repositoryEvent(links, repository, { schedule: "30 5 * * 1" });
    case "workflow_dispatch":
      return repositoryEvent(links, repository, { ref, inputs: null });
    case "workflow_run":
      return workflowRunEvent(links, repository, pullRequest(options, facts));
    default:
      return assertNever(event);
  }
}

function pullRequest(options: RunnerOptions, facts: JobFacts): PullRequest {
  if (options.prNumber === undefined) throw new Error("a pull request needs its number");
  const [, name = ""] = options.repository.split("/");
  const fork = options.fork === true;
  return {
    number: options.prNumber,
    title: `Change ${options.prNumber}`,
    login: facts.actor,
    state: "open",
    head: {
      repository: fork ? `contributor/${name}` : options.repository,
      ref: facts.headRef,
      sha: options.headSha ?? "b".repeat(40),
    },
    base: {
      repository: options.repository,
      ref: facts.baseRef,
      sha: options.baseSha ?? "a".repeat(40),
    },
    mergeSha: options.sha,
    createdAt: "2026-01-01T00:00:00Z",
  };
}
