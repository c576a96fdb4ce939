// What a run may do, by its event, its token and its GitHub: less is told, never another result.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HEAD, MAIN, Scenario, type StepResult } from "./scenario.ts";

const FILES = { Dockerfile: "FROM busybox:1.35 AS production\n" };

function said(step: StepResult, ...levels: readonly string[]): readonly string[] {
  return step.commands.filter(({ name }) => levels.includes(name)).map(({ message }) => message);
}

describe("an event without a pull request", () => {
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it.each(["schedule", "workflow_dispatch"] as const)(
    "that is %s uploads for its branch, and comments nowhere",
    async (event) => {
      scenario.repository().uploads.splice(0);
      const step = await scenario.run({ event });
      expect(step.exitCode, step.log).toBe(0);
      const uploads = scenario.repository().uploads.map(({ ref, commitSha }) => [ref, commitSha]);
      expect(uploads).toEqual([["refs/heads/main", MAIN]]);
      expect([scenario.comments(), said(step, "notice", "warning", "error")]).toEqual([[], []]);
      expect(step.summary).toContain("`production`");
    },
  );

  it("that is merge_group has verdict and summary, and tells nobody", async () => {
    const before = scenario.github.exchanges.length;
    const step = await scenario.run({ event: "merge_group" });
    expect([step.exitCode, step.outputs.verdict]).toEqual([0, "pass"]);
    expect(scenario.github.exchanges).toHaveLength(before);
    expect(said(step, "notice", "warning", "error")).toEqual([]);
    expect(step.log).toContain("SARIF is not uploaded: the ref of a merge queue does not last.");
    expect(step.summary).toContain("`production`");
  });
});

describe("a GitHub Enterprise Server", () => {
  it("is asked below its path, and linked to by its own address", async () => {
    await using scenario = await Scenario.start({ files: FILES, enterprise: true });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(scenario.comments()).toHaveLength(1);
    expect(scenario.comments()[0]).toContain(
      `https://github.acme.example/acme/shop/blob/${HEAD}/Dockerfile`,
    );
    expect(`${scenario.comments()[0]}${step.summary}`).not.toContain("//github.com");
    expect(scenario.categories()).toContain("weighbridge/Dockerfile/trivy");
    expect(step.outputs["comment-url"]).toContain("https://github.acme.example/acme/shop/pull/7");
    const paths = scenario.github.exchanges.map(({ path }) => path);
    expect(paths.filter((path) => !path.startsWith("/api/v3/"))).toEqual([]);
  });
});

describe("a repository without code scanning", () => {
  it.each([
    {
      status: 403,
      message: "Advanced Security must be enabled for this repository to use code scanning.",
    },
    { status: 403, message: "Code scanning is not enabled for this repository." },
    { status: 404, message: "Not Found" },
  ])("that answers $status $message is one notice, and nothing else changes", async (answer) => {
    await using scenario = await Scenario.start({ files: FILES });
    const fault = { kind: "status", ...answer } as const;
    scenario.github.misbehave({ operation: "code-scanning/upload-sarif", times: 9, with: fault });
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(said(step, "notice", "warning")).toEqual([
      expect.stringMatching(/^SARIF is not uploaded: .*code scanning is not enabled/),
    ]);
    expect(scenario.comments()).toHaveLength(1);
  });
});

describe("what a stranger could have written", () => {
  let scenario: Scenario;
  let commit: string;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", scenario.workspace, ...args], { encoding: "utf8" }).trim();
    git("init", "--quiet");
    git("add", ".");
    const author = ["-c", "user.name=octocat", "-c", "user.email=octocat@example.com"];
    git(...author, "commit", "--quiet", "--message", "Build the image");
    commit = git("rev-parse", "HEAD");
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it.each(["pull_request_target", "workflow_run"] as const)(
    "is not built on %s, and it is said why and what to do",
    async (event) => {
      const before = scenario.github.exchanges.length;
      const step = await scenario.run({ event, fork: true });
      expect([step.exitCode, step.outputs]).toEqual([1, {}]);
      expect(step.summary).toMatch(/^### ❌ 1 thing has to be put right\n\nNothing was built\.\n/);
      expect(said(step, "error")).toEqual([
        expect.stringContaining(
          `event ${event}: "." is commit ${commit}, which is not known to be the repository's own, as ${MAIN} is; `,
        ),
      ]);
      expect(said(step, "error")[0]).toContain(
        "check out github.sha, or use the event pull_request",
      );
      expect(said(step, "error")[0]).toContain("allow-untrusted-checkout: true is only for");
      expect(scenario.github.exchanges).toHaveLength(before);
    },
  );

  it("does not allow itself in by a configuration file", async () => {
    await scenario.write({ ".github/weighbridge.yml": "allow-untrusted-checkout: true\n" });
    const step = await scenario.run({ event: "pull_request_target" });
    expect(step.exitCode).toBe(1);
    expect(said(step, "error")[0]).toContain(".github/weighbridge.yml:1: ");
    await scenario.write({ ".github/weighbridge.yml": "{}\n" });
  });

  it("is built where the workflow says by name that it is wanted", async () => {
    const inputs = { "allow-untrusted-checkout": "true" };
    const step = await scenario.run({ event: "pull_request_target", inputs });
    expect([step.exitCode, step.outputs.verdict]).toEqual([0, "pass"]);
  });

  it("writes no build cache then", async () => {
    await using own = await Scenario.start({ engine: "containerd", files: FILES });
    const cache = own.folder("cache");
    const inputs = { "allow-untrusted-checkout": "true", cache: `local:${cache}` };
    const step = await own.run({ event: "pull_request_target", inputs });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.log).toContain("only read: allow-untrusted-checkout lets strangers' code be built");
    expect(existsSync(cache)).toBe(false);
  });

  it("is another thing than the repository's own commit, which is built", async () => {
    const env = { GITHUB_SHA: commit };
    const step = await scenario.run({ event: "pull_request_target", env });
    expect([step.exitCode, step.outputs.verdict]).toEqual([0, "pass"]);
    expect(step.log).toContain("on pull_request_target it would count for the default branch");
  });
});

describe("a runner whose variables do not hold", () => {
  it("is told so, without a stack trace", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    const event = join(scenario.workspace, "event.json");
    await writeFile(event, '{"pull_request":');
    const env = {
      GITHUB_EVENT_PATH: event,
      GITHUB_API_URL: "api.github.example",
      GITHUB_REPOSITORY: "app",
      RUNNER_TEMP: join(event, "temp"),
    };
    const step = await scenario.run({ env, inputs: { severity: "hihg" } });
    expect(step.exitCode).toBe(1);
    expect(said(step, "error")).toEqual([
      [
        "5 things have to be put right; nothing was built:",
        `  GITHUB_EVENT_PATH, ${event}: is not the JSON of an event`,
        '  GITHUB_API_URL: "api.github.example" is not the address of a GitHub, such as https://api.github.com',
        '  GITHUB_REPOSITORY: "app" is not a repository, such as octo/app',
        `  RUNNER_TEMP: temporary files cannot be written: ENOTDIR: not a directory, mkdir '${event}/temp'`,
        '  input severity: "hihg" is not allowed; it is critical, high, medium, low or unknown; did you mean "high"?',
      ].join("\n"),
    ]);
    expect(step.summary).toMatch(/^### ❌ 5 things have to be put right\n\nNothing was built\.\n/);
    expect(step.log).not.toMatch(/^ +at /m);
  });
});
