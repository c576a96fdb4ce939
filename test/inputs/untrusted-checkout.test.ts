import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CiRun, Host, TemporaryFolder } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { mayBeStrange, untrustedCheckout } from "../../src/inputs/untrusted-checkout.ts";
import { emptyBuildInputs } from "../build/captured.ts";
import { makeRun } from "../publish/make-host.ts";

let folder: TemporaryFolder;
let host: Host & Disposable;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
  host = createLocalHost({ workspace: folder.path, stream: { write: () => true } });
});

afterEach(async () => {
  host[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});

/** Makes a repository with one commit, and tells which that is. */
function checkOut(path = "."): string {
  const at = join(folder.path, path);
  execFileSync("git", ["init", "--quiet", at]);
  return commitIn(at, path);
}

function git(at: string, ...args: readonly string[]): string {
  return execFileSync("git", ["-C", at, ...args], { encoding: "utf8" }).trim();
}

function commitIn(at: string, message: string): string {
  const author = ["-c", "user.name=octocat", "-c", "user.email=octocat@example.com"];
  git(at, ...author, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(at, "rev-parse", "HEAD");
}

async function problemOf(
  ci: Partial<CiRun>,
  options: {
    readonly context?: string;
    readonly buildContexts?: Readonly<Record<string, string>>;
    readonly allow?: boolean;
    readonly file?: string;
  } = {},
): Promise<string | undefined> {
  const { context = ".", buildContexts = {}, allow = false } = options;
  const { file = join(context, "Dockerfile") } = options;
  const problem = await untrustedCheckout(
    { ...host, ci: makeRun({ event: "pull_request_target", ...ci }) },
    {
      images: [{ name: "app", file, context, where: "input file" }],
      build: { ...emptyBuildInputs, buildContexts },
      allowUntrustedCheckout: allow,
    },
  );
  return problem && `${problem.where}: ${problem.what}`;
}

test("on events that have no secrets for strangers, whatever is checked out is built", async () => {
  expect(await problemOf({ event: "pull_request" })).toBeUndefined();
});

test("the repository's own commit is built", async () => {
  const own = checkOut();
  await mkdir(join(folder.path, "web"));
  expect(await problemOf({ trustedCommits: ["a".repeat(40), own] })).toBeUndefined();
  expect(await problemOf({ trustedCommits: [own] }, { context: "web" })).toBeUndefined();
});

test("another commit is refused, with the reason and the way out", async () => {
  const head = checkOut();
  const own = "a".repeat(40);
  expect(await problemOf({ commit: own, trustedCommits: [own] })).toBe(
    `event pull_request_target: "." is commit ${head}, which is not known to be the repository's own, as ${own} is; ` +
      "building it may run code of whoever opened the pull request beside the secrets and the token " +
      "of this run; check out github.sha, or use the event pull_request; allow-untrusted-checkout: " +
      "true is only for who wants code of others to be built here",
  );
});

test("another commit is built where that is wanted", async () => {
  checkOut();
  expect(await problemOf({ trustedCommits: ["a".repeat(40)] }, { allow: true })).toBeUndefined();
});

test("another repository in the context is looked at too", async () => {
  const own = checkOut();
  checkOut("head");
  expect(await problemOf({ trustedCommits: [own] })).toContain('"head" is commit ');
});

test("a further build context is looked at, if it is a folder", async () => {
  const own = checkOut();
  await mkdir(join(folder.path, "app"));
  checkOut("libraries/shared");
  const shared = { context: "app", buildContexts: { shared: "libraries/shared" } };
  expect(await problemOf({ trustedCommits: [own] }, shared)).toContain('"libraries/shared" is');
  checkOut("of:head");
  const colon = { context: "app", buildContexts: { head: "./of:head" } };
  expect(await problemOf({ trustedCommits: [own] }, colon)).toContain('"./of:head" is');
  const remote = { context: "app", buildContexts: { base: "docker-image://busybox:1.35" } };
  expect(await problemOf({ trustedCommits: [own] }, remote)).toBeUndefined();
});

test("what git knows nothing of is refused", async () => {
  expect(await problemOf({ trustedCommits: ["a".repeat(40)] })).toContain(
    'of "." it cannot be told which commit it is',
  );
});

test("what git does not say the repositories of is refused", async () => {
  const own = checkOut();
  const { exec } = host;
  const failing: Host["exec"] = async (command, args, options) =>
    args.includes("ls-files")
      ? { exitCode: undefined, stdout: "", stderr: "" }
      : await exec(command, args, options);
  host = { ...host, exec: failing };
  expect(await problemOf({ trustedCommits: [own] })).toContain(
    'of "." it cannot be told which repositories are in it; ',
  );
});

test("files of another commit over the repository's own are told by name", async () => {
  checkOut();
  const names = ["a", "b", "c", "d"].map((name) => `${name}.sh`);
  const write = (text: string) =>
    Promise.all(names.map((name) => writeFile(join(folder.path, name), text)));
  await write("own");
  git(folder.path, "add", ".");
  const own = commitIn(folder.path, "own");
  expect(await problemOf({ trustedCommits: [own] })).toBeUndefined();
  await write("of a stranger");
  const told = `in "." there are files that are not those of commit ${own}: "a.sh", "b.sh", "c.sh" and 1 more; `;
  expect(await problemOf({ trustedCommits: [own] })).toContain(told);
  git(folder.path, "add", ".");
  expect(await problemOf({ trustedCommits: [own] })).toContain(told);
});

test("another repository is looked at however far down it is", async () => {
  const own = checkOut();
  checkOut("work/of/pr");
  expect(await problemOf({ trustedCommits: [own] })).toContain('"work/of/pr" is commit ');
});

test("the folder of a Dockerfile is looked at too", async () => {
  const own = checkOut();
  await mkdir(join(folder.path, "app"));
  checkOut("docker");
  const apart = { context: "app", file: "docker/Dockerfile" };
  expect(await problemOf({ trustedCommits: [own] }, apart)).toContain('"docker" is commit ');
});

test("another repository over a folder that is known is looked at too", async () => {
  checkOut();
  await mkdir(join(folder.path, "services/app"), { recursive: true });
  await writeFile(join(folder.path, "services/app/main.py"), "own");
  git(folder.path, "add", ".");
  const own = commitIn(folder.path, "own");
  await rm(join(folder.path, "services/app"), { recursive: true });
  await mkdir(join(folder.path, "services/app"));
  await writeFile(join(folder.path, "services/app/main.py"), "own");
  checkOut("services/app");
  await writeFile(join(folder.path, "services/app/more.py"), "of a stranger");
  expect(await problemOf({ trustedCommits: [own] })).toContain('"services/app" is commit ');
});

test.each([
  ["with secrets, and strangers let in", ["1"], true, true],
  ["with secrets, and only the repository's own code", ["1"], false, false],
  ["without them", undefined, true, false],
])("what may be a stranger's is known of a run %s", (_, trustedCommits, allow, expected) => {
  const ci = makeRun({ event: "workflow_run", ...(trustedCommits && { trustedCommits }) });
  expect(mayBeStrange({ ci }, { allowUntrustedCheckout: allow })).toBe(expected);
});
