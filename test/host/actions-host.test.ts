import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startGitHub } from "../../scripts/lab/github/server.ts";
import { SUMMARY_BYTES } from "../../src/host/fit-markdown.ts";
import type { TemporaryFolder } from "../../src/host/host.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { type ScriptResult, startScript } from "./run-script.ts";

let folder: TemporaryFolder;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
  env = {
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: "push",
    GITHUB_REPOSITORY: "octo/app",
    GITHUB_SHA: "a".repeat(40),
    GITHUB_REF: "refs/heads/main",
    GITHUB_RUN_ID: "1",
    GITHUB_OUTPUT: join(folder.path, "output"),
    GITHUB_STEP_SUMMARY: join(folder.path, "summary"),
    GITHUB_EVENT_PATH: join(folder.path, "event.json"),
    GITHUB_WORKSPACE: folder.path,
    INPUT_TOKEN: "ghs_secret",
  };
  for (const name of ["output", "summary"]) await writeFile(join(folder.path, name), "");
  await writeFile(join(folder.path, "event.json"), "{}");
});

afterEach(() => folder[Symbol.asyncDispose]());

/** Runs lines with `host`, as a runner runs an action. */
async function onRunner(
  lines: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ScriptResult> {
  const script = `
    import { createActionsHost } from "#src/host/actions-host.ts";
    const host = createActionsHost();
    ${lines}
    host[Symbol.dispose]();
  `;
  const result = await startScript(script, { ...env, ...more }).result;
  expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  return { ...result, stdout: result.stdout.replace("::add-mask::ghs_secret\n", "") };
}

test("messages with a place are annotations, and their properties are escaped", async () => {
  const { stdout } = await onRunner(`
    host.log.error("first\\nsecond 100%", { file: "a,b:c\\nd", line: 3, endLine: 4, title: "x::y, z" });
    host.log.warning("no place");
    host.log.notice("noted", { file: "Dockerfile", line: 1 });
  `);
  expect(stdout).toBe(
    [
      "::error title=x%3A%3Ay%2C z,file=a%2Cb%3Ac d,line=3,endLine=4::first%0Asecond 100%25",
      "::warning::no place",
      "::notice file=Dockerfile,line=1::noted",
      "",
    ].join("\n"),
  );
});

test("hostile text in the log commands nothing", async () => {
  const { stdout } = await onRunner(`
    host.log.info("::set-output name=a::b\\r::stop-commands::x\\n##[error]y");
    host.log.group("a\\n::error::b");
    host.log.info("in it");
    host.log.debug("::warning::c");
    host.log.error("d\\n::error::e");
  `);
  expect(stdout).toBe(
    [
      ": :set-output name=a::b",
      ": :stop-commands::x",
      "## [error]y",
      "::group::a ::error::b",
      "in it",
      "::debug::: :warning::c",
      "::error::d%0A: :error::e",
      "",
    ].join("\n"),
  );
});

test("groups do not nest: one that begins ends the one before", async () => {
  const { stdout } = await onRunner(`
    host.log.group("one");
    host.log.info("1");
    host.log.group("two");
    host.log.info("2");
    host.log.endGroup();
    host.log.endGroup();
  `);
  expect(stdout).toBe("::group::one\n1\n::endgroup::\n::group::two\n2\n::endgroup::\n");
});

test("a group that nothing stands in has no title", async () => {
  const { stdout } = await onRunner(`
    host.log.group("one");
    host.log.warning("beside it");
    host.log.group("two");
    host.log.endGroup();
    host.log.info("after");
  `);
  expect(stdout).toBe("::warning::beside it\nafter\n");
});

test("a secret is masked for the runner and concealed by us, line by line", async () => {
  const { stdout } = await onRunner(`
    host.mask("line one\\nline two");
    host.log.info("got line two");
    host.log.error("got line one", { file: "line two", line: 1 });
  `);
  expect(stdout).toBe(
    [
      "::add-mask::line one%0Aline two",
      "::add-mask::line one",
      "::add-mask::line two",
      "got ***",
      "::error file=***,line=1::got ***",
      "",
    ].join("\n"),
  );
});

test("the token is masked", async () => {
  const { stdout } = await onRunner(`host.log.info("ghs_secret");`);
  expect(stdout).toBe("***\n");
});

test("outputs go to the runner's file, and cannot end before their time", async () => {
  await onRunner(`
    await host.results.setOutput("verdict", "pass");
    await host.results.setOutput("stages", "a\\nverdict=fail");
  `);
  const text = await readFile(join(folder.path, "output"), "utf8");
  expect(text).toMatch(/^verdict<<(\S+)\npass\n\1\nstages<<(\S+)\na\nverdict=fail\n\2\n$/);
});

test("the summary replaces what this step wrote before", async () => {
  await onRunner(`
    await host.results.writeSummary("# one");
    await host.results.writeSummary("# two");
  `);
  expect(await readFile(join(folder.path, "summary"), "utf8")).toBe("# two");
});

test("a summary that is too large is cut at a line and says so", async () => {
  await onRunner(`
    await host.results.writeSummary("<details>\\n" + "| 漢字 | stage |\\n".repeat(80_000));
  `);
  const text = await readFile(join(folder.path, "summary"), "utf8");
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(SUMMARY_BYTES);
  expect(Buffer.byteLength(text)).toBeGreaterThan(SUMMARY_BYTES - 200);
  expect(text).toMatch(/\| stage \|\n\n<\/details>\n\n\*Cut here: .*\*\n$/);
});

test("the run, its pull request and the workspace come from the environment", async () => {
  const event = {
    pull_request: {
      number: 7,
      head: { sha: "b", ref: "feature", repo: { full_name: "fork/app" } },
      base: { sha: "c", repo: { full_name: "octo/app" } },
    },
  };
  await writeFile(join(folder.path, "event.json"), JSON.stringify(event));
  const { stdout } = await onRunner(`
    console.log(JSON.stringify([host.kind, host.ci.event, host.ci.pullRequest, host.workspace]));
  `);
  expect(JSON.parse(stdout)).toEqual([
    "actions",
    "push",
    { number: 7, headCommit: "b", headRef: "feature", baseCommit: "c", isFork: true },
    folder.path,
  ]);
});

test("programs that are run do not see the action's inputs, whatever is added for them", async () => {
  const { stdout } = await onRunner(`
    for (const env of [undefined, { ...host.env, MORE: "1" }]) {
      const result = await host.exec("env", [], env && { env });
      console.log(result.stdout.includes("INPUT_TOKEN"), result.stdout.includes("GITHUB_SHA"));
    }
  `);
  expect(stdout).toBe("false true\nfalse true\n");
});

test("GitHub is asked at the address that the runner gives, with the token of the input", async () => {
  const server = await startGitHub({
    repositories: [{ repository: "octo/app" }],
    tokens: [{ token: "ghs_secret", login: "octocat", kind: "user", permissions: {} }],
  });
  const script = "console.log(JSON.stringify(await host.github.login()));";
  const { stdout } = await onRunner(script, { GITHUB_API_URL: server.url });
  expect(JSON.parse(stdout)).toEqual({ kind: "ok", value: "octocat" });
  await server.close();
});

test("without a token there is no GitHub", async () => {
  const { stdout } = await onRunner("console.log(host.github);", { INPUT_TOKEN: "" });
  expect(stdout).toBe("undefined\n");
});
