import { access, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  type RunnerOptions,
  runAction,
  runnerEnvironment,
} from "../../../scripts/lab/github/runner.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "weighbridge-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

function job(change: Partial<RunnerOptions> = {}): RunnerOptions {
  return {
    event: "pull_request",
    repository: "octo/app",
    sha: "c".repeat(40),
    ref: "refs/pull/7/merge",
    prNumber: 7,
    workspace: folder,
    folder,
    token: "secret-token",
    inputs: {},
    githubUrl: "http://127.0.0.1:4567",
    ...change,
  };
}

async function script(text: string): Promise<string> {
  const entry = join(folder, "index.mjs");
  await writeFile(entry, text);
  return entry;
}

test("a pull request's job knows its merge commit, its branches and its event", async () => {
  const { env } = await runnerEnvironment(job({ fork: true, headSha: "d".repeat(40) }));
  expect(env).toMatchObject({
    GITHUB_ACTIONS: "true",
    GITHUB_API_URL: "http://127.0.0.1:4567",
    GITHUB_EVENT_NAME: "pull_request",
    GITHUB_REF: "refs/pull/7/merge",
    GITHUB_REF_NAME: "7/merge",
    GITHUB_REF_TYPE: "branch",
    GITHUB_SHA: "c".repeat(40),
    GITHUB_HEAD_REF: "change",
    GITHUB_BASE_REF: "main",
    GITHUB_ACTOR: "contributor",
    GITHUB_WORKSPACE: folder,
  });
  const { GITHUB_EVENT_PATH: eventPath = "" } = env;
  const event: unknown = JSON.parse(await readFile(eventPath, "utf8"));
  expect(event).toMatchObject({
    number: 7,
    pull_request: {
      head: { sha: "d".repeat(40), repo: { full_name: "contributor/app", fork: true } },
      base: { repo: { full_name: "octo/app", url: "http://127.0.0.1:4567/repos/octo/app" } },
    },
  });
});

test("a tag's job is a push of a tag and has no branches", async () => {
  const { env } = await runnerEnvironment(job({ event: "tag", ref: "refs/tags/v1.2.3" }));
  expect(env).toMatchObject({
    GITHUB_EVENT_NAME: "push",
    GITHUB_REF_NAME: "v1.2.3",
    GITHUB_REF_TYPE: "tag",
    GITHUB_HEAD_REF: "",
    GITHUB_BASE_REF: "",
  });
});

test("inputs are variables in capitals, with underscores for spaces and dashes kept", async () => {
  const inputs = { "build-args": "A=1\nB=2", "my input": "x" };
  const { env } = await runnerEnvironment(job({ inputs }));
  expect(env).toMatchObject({ "INPUT_BUILD-ARGS": "A=1\nB=2", INPUT_MY_INPUT: "x" });
});

test("inputs that are not given have the action's defaults", async () => {
  const actionFile = join(folder, "action.yml");
  await writeFile(
    actionFile,
    [
      "inputs:",
      `  token: { default: "$\{{ github.token }}" }`,
      "  fail: { default: true }",
      "  file: {}",
      "  lint: { default: 'true' }",
    ].join("\n"),
  );
  const { env } = await runnerEnvironment(job({ actionFile, inputs: { lint: "false" } }));
  expect(env).toMatchObject({
    INPUT_TOKEN: "secret-token",
    INPUT_FAIL: "true",
    INPUT_FILE: "",
    INPUT_LINT: "false",
  });
});

test("the variables of the test run itself stay out", async () => {
  const { env } = await runnerEnvironment(job());
  expect(process.env).toMatchObject({ VITEST: "true" });
  expect(
    Object.keys(env).filter((name) => /VITEST|NODE_ENV|^npm_|^GITHUB_TOKEN/.test(name)),
  ).toEqual([]);
  const { PATH } = process.env;
  expect(env).toMatchObject({ PATH });
});

test("an action leaves outputs, a summary, annotations and its exit code", async () => {
  const runner = await runnerEnvironment(job());
  const entry = await script(`
    import { appendFileSync } from "node:fs";
    appendFileSync(process.env.GITHUB_OUTPUT, "stages<<E\\n[1,\\n2]\\nE\\nverdict=fail\\n");
    appendFileSync(process.env.GITHUB_STEP_SUMMARY, "# Report\\n");
    console.log("in " + process.cwd());
    console.error("::warning file=Dockerfile,line=2::too big");
    process.exitCode = 1;
  `);
  const run = await runAction({ env: runner.env, entry });
  expect(run.exitCode).toBe(1);
  expect(run.log.split("\n").toSorted()).toEqual([
    "::warning file=Dockerfile,line=2::too big",
    `in ${folder}`,
  ]);
  expect(run.commands).toEqual([
    { name: "warning", properties: { file: "Dockerfile", line: "2" }, message: "too big" },
  ]);
  expect(await runner.readOutputs()).toEqual({ stages: "[1,\n2]", verdict: "fail" });
  expect(await runner.readSummary()).toBe("# Report\n");
});

test("the post step gets the state of the main step and files of its own", async () => {
  const main = await runnerEnvironment(job());
  const { GITHUB_STATE: stateFile = "" } = main.env;
  await writeFile(stateFile, "folder=/tmp/x\n");
  const post = await main.postStep();
  expect(await main.readState()).toEqual({ folder: "/tmp/x" });
  expect(post.env).toMatchObject({ STATE_folder: "/tmp/x" });
  expect(post.env).not.toMatchObject({ GITHUB_STATE: stateFile });
});

test("a cancelled action gets an interrupt and may end in its own way", async () => {
  const runner = await runnerEnvironment(job());
  const entry = await script(`
    import { writeFileSync } from "node:fs";
    process.on("SIGINT", () => { console.log("tidied"); process.exit(130); });
    setInterval(() => {}, 1000);
    writeFileSync("ready", "");
  `);
  const cancel = new AbortController();
  const running = runAction({ env: runner.env, entry, cancel: cancel.signal });
  await vi.waitFor(() => access(join(folder, "ready")), { timeout: 5000, interval: 10 });
  cancel.abort();
  const run = await running;
  expect([run.exitCode, run.log]).toEqual([130, "tidied"]);
});
