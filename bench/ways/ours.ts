import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type Runner, runAction, runnerEnvironment } from "../../scripts/lab/github/runner.ts";
import { startGitHub } from "../../scripts/lab/github/server.ts";
import type { Report } from "../../src/model/report.ts";
import { BUILDKIT_IMAGE, type Course } from "../course.ts";
import { forgetScans, type State, type Way } from "../way.ts";

const REPOSITORY = "acme/trading";
const TOKEN = "token-of-the-run";
const MAIN = "1".repeat(40);
const HEAD = "2".repeat(40);
const MERGE = "3".repeat(40);

/** The whole action, as a runner runs it for a pull request: comment, SARIF, summary, post step. */
export async function ours(course: Course): Promise<Way> {
  const seed = { repositories: [repository()], tokens: [token()] };
  // How long GitHub takes to process an upload is not ours, and the other ways upload nothing.
  const github = await startGitHub({ ...seed, pendingPolls: 0 });
  const state = join(course.folder, "state");
  let runner: Runner | undefined;
  let log = "";
  return {
    keeps: [state],
    async forget() {
      for (const name of ["layout", "layout.json", "memory"]) {
        await rm(join(state, name), { recursive: true, force: true });
      }
      await forgetScans(await trivyCache(state));
    },
    async run() {
      runner = await prepareRunner(course, github.url, state);
      const main = await runAction({ env: runner.env, entry: course.bundle });
      const post = await runAction({ env: (await runner.postStep()).env, entry: course.bundle });
      log = main.log + post.log;
      if (main.exitCode !== 0 || post.exitCode !== 0) throw new Error(`The action failed:\n${log}`);
    },
    async verify(cached) {
      const outputs = (await runner?.readOutputs()) ?? {};
      const report: Report = JSON.parse(await readFile(outputs.report ?? "", "utf8"));
      const { comments, analyses } = github.repository(REPOSITORY);
      const missing = [
        ...missingIn(report, course, cached),
        ...(comments.length === 1 ? [] : ["the comment"]),
        ...(analyses.length > 0 ? [] : ["the analyses"]),
      ];
      if (missing.length > 0) throw new Error(`Without ${missing.join(", ")}:\n${log}`);
    },
    [Symbol.asyncDispose]: () => github.close(),
  };
}

function repository() {
  return {
    repository: REPOSITORY,
    refs: { "refs/heads/main": MAIN, "refs/pull/7/merge": MERGE },
    pullRequests: [
      {
        number: 7,
        head: { ref: "change", sha: HEAD },
        base: { ref: "main", sha: MAIN },
        mergeSha: MERGE,
      },
    ],
  };
}

function token() {
  const permissions = {
    contents: "read",
    "pull-requests": "write",
    "security-events": "write",
  } as const;
  return { token: TOKEN, permissions };
}

function prepareRunner(course: Course, githubUrl: string, state: string): Promise<Runner> {
  const { builder, cache, tools } = course;
  return runnerEnvironment({
    event: "pull_request",
    repository: REPOSITORY,
    sha: MERGE,
    ref: "refs/pull/7/merge",
    prNumber: 7,
    headSha: HEAD,
    baseSha: MAIN,
    workspace: course.workspace,
    token: TOKEN,
    inputs: {
      config: "weighbridge.yml",
      // A goal that is missed is no failure here.
      fail: "false",
      state,
      "trivy-path": tools.trivy,
      "hadolint-path": tools.hadolint,
      "trivy-db-repository": course.database,
      ...(builder === undefined ? {} : { builder }),
      ...(cache === undefined ? {} : { "buildkit-image": BUILDKIT_IMAGE }),
    },
    actionFile: join(import.meta.dirname, "..", "..", "action.yml"),
    githubUrl,
    folder: join(course.folder, "runner"),
    env: { ...course.environment, ...cache },
  });
}

/** A database from elsewhere than usual has a cache of its own. */
async function trivyCache(state: string): Promise<string> {
  const [cache = ""] = await readdir(join(state, "trivy"));
  return join(state, "trivy", cache);
}

function missingIn({ images }: Report, { stages }: Course, state: State): readonly string[] {
  const found = images.flatMap((image) => image.stages);
  return stages.flatMap((name) => {
    const stage = found.find((candidate) => candidate.name === name);
    const isDone = stage?.status === "built" && stage.scan.status === "checked";
    const isNew = state === "nothing" || state === "unrestored";
    const isCached = isNew || stage?.steps.every(({ cached }) => cached);
    return [...(isDone ? [] : [name]), ...(isCached ? [] : [`the cached steps of ${name}`])];
  });
}
