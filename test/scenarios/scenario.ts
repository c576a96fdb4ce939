// The action as a runner runs it: the bundle, in a workspace, against the lab's engines and tools
// and a GitHub on loopback.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type ActionRun,
  type Runner,
  runAction,
  runnerEnvironment,
} from "../../scripts/lab/github/runner.ts";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import { ensureLab } from "../../scripts/lab/lab.ts";
import type { Report } from "../../src/model.ts";
import { schemaErrors } from "../report/schema.ts";

const root = join(import.meta.dirname, "..", "..");

/** The bundles. Another folder than `dist/` can be tried without touching that one. */
const dist = process.env.WEIGHBRIDGE_DIST ?? join(root, "dist");

/** The engines that every scenario has to hold on. */
export const ENGINES = ["containerd", "graph", "builder"] as const;
export type EngineName = (typeof ENGINES)[number];

const lab = await ensureLab([
  "containerd",
  "graph",
  "registry",
  "images",
  "builder",
  "tools",
  "database",
]);

export const MAIN = "1".repeat(40);
export const HEAD = "2".repeat(40);
export const MERGE = "3".repeat(40);
const REPOSITORY = "acme/shop";
const TOKEN = "token-of-the-run";

/** Whoever may comment and upload. */
export const ALL_PERMISSIONS = {
  contents: "read",
  "pull-requests": "write",
  "security-events": "write",
} as const;

export interface ScenarioOptions {
  readonly engine?: EngineName;
  /** Files of the workspace, by path. */
  readonly files?: Readonly<Record<string, string>>;
  /** A folder that is the workspace, in place of `files`. */
  readonly workspace?: string;
  readonly permissions?: Readonly<Record<string, "read" | "write">>;
}

export interface RunOptions {
  readonly event?: "pull_request" | "push" | "tag";
  readonly inputs?: Readonly<Record<string, string>>;
  readonly runId?: number;
  readonly runAttempt?: number;
  readonly fork?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** One step of a workflow that has ended. */
export interface StepResult extends ActionRun {
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The JSON report, checked against its schema; undefined when none was made. */
  readonly report: Report | undefined;
  readonly runner: Runner;
}

/** A repository at GitHub and its workspace on a runner. */
export class Scenario implements AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly workspace: string;
  readonly #folder: string;
  readonly #engine: EngineName;

  private constructor(
    github: GitHubStandIn,
    workspace: string,
    folder: string,
    engine: EngineName,
  ) {
    this.github = github;
    this.workspace = workspace;
    this.#folder = folder;
    this.#engine = engine;
  }

  static async start(options: ScenarioOptions): Promise<Scenario> {
    const folder = await mkdtemp(join(tmpdir(), "weighbridge-scenario-"));
    const workspace = options.workspace ?? join(folder, "workspace");
    for (const [path, text] of Object.entries(options.files ?? {})) {
      await mkdir(dirname(join(workspace, path)), { recursive: true });
      await writeFile(join(workspace, path), text);
    }
    const github = await startGitHub({
      repositories: [
        {
          repository: REPOSITORY,
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
    });
    return new Scenario(github, workspace, folder, options.engine ?? "containerd");
  }

  /** Runs the main step. */
  async run(options: RunOptions = {}): Promise<StepResult> {
    const event = options.event ?? "pull_request";
    const runner = await runnerEnvironment({
      event,
      repository: REPOSITORY,
      ...(event === "pull_request"
        ? { sha: MERGE, ref: "refs/pull/7/merge", prNumber: 7, headSha: HEAD, baseSha: MAIN }
        : { sha: MAIN, ref: event === "tag" ? "refs/tags/v1.0.0" : "refs/heads/main" }),
      workspace: this.workspace,
      token: TOKEN,
      inputs: { ...this.labInputs(), ...options.inputs },
      actionFile: join(root, "action.yml"),
      githubUrl: this.github.url,
      folder: join(this.#folder, "runner"),
      fork: options.fork ?? false,
      runId: options.runId ?? 100,
      runAttempt: options.runAttempt ?? 1,
      env: { ...engineEnvironment(this.#engine), ...options.env },
    });
    const run = await runAction({ env: runner.env, entry: join(dist, "index.js") });
    const outputs = await runner.readOutputs();
    return {
      ...run,
      runner,
      outputs,
      summary: await runner.readSummary(),
      report: await readReport(outputs.report),
    };
  }

  /** What the pull request shows: our comment's text. */
  comments(): readonly string[] {
    return this.#repository().comments.map((comment) => comment.body);
  }

  /** Categories that code scanning has an analysis of. */
  categories(): readonly string[] {
    const names = this.#repository().analyses.map((analysis) => analysis.category ?? "");
    return [...new Set(names)].toSorted();
  }

  repository() {
    return this.#repository();
  }

  /** The inputs that name the lab's parts. */
  labInputs(): Readonly<Record<string, string>> {
    return {
      "trivy-path": lab.tools.trivy,
      "hadolint-path": lab.tools.hadolint,
      "trivy-db-repository": lab.database.repository,
      ...(this.#engine === "builder" ? { builder: lab.builder.name } : {}),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    // Throws when a request, or a reply of the stand-in's own, did not fit GitHub's description.
    await this.github.close();
  }

  #repository() {
    return this.github.repository(REPOSITORY);
  }
}

/** Variables that choose an engine of the lab. */
export function engineEnvironment(engine: EngineName): Readonly<Record<string, string>> {
  return engine === "builder" ? lab.builder.environment : lab[engine].environment;
}

async function readReport(path: string | undefined): Promise<Report | undefined> {
  if (path === undefined || path === "") return undefined;
  const report: unknown = JSON.parse(await readFile(path, "utf8"));
  const errors = schemaErrors(report);
  if (errors.length > 0) throw new Error(`the report does not fit its schema: ${errors}`);
  return report as Report;
}
