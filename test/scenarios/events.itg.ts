// What is told to whom, by event, by permission, and by who was first.

import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { markOf } from "../../src/host/owner.ts";
import { HEAD, MAIN, MERGE, Scenario, type StepResult } from "./scenario.ts";

const FILES = { Dockerfile: "FROM busybox:1.35 AS production\n" };
const MISSED = { goals: "production: {max-unpacked: 1MB}" };

function messages(step: StepResult, level: "notice" | "warning"): readonly string[] {
  return step.commands.filter(({ name }) => name === level).map(({ message }) => message);
}

/** Names of what is in the runner's temporary folder and is ours to clean up. */
async function leftovers({ runner }: StepResult): Promise<readonly string[]> {
  const names = await readdir(join(runner.folder, "_temp"));
  // The layouts are for later steps of the job.
  return names.filter((name) => /^weighbridge-(?!layouts$)/.test(name));
}

describe("an event", () => {
  let scenario: Scenario;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  /** Where the uploads since the last look belong. */
  function newUploads(): readonly (readonly string[])[] {
    const uploads = scenario.repository().uploads.splice(0);
    return uploads.map(({ ref, commitSha }) => [ref, commitSha]);
  }

  it("of a push uploads for the branch, and leaves pull requests alone", async () => {
    const step = await scenario.run({ event: "push" });
    expect(step.exitCode, step.log).toBe(0);
    expect(newUploads()).toEqual([["refs/heads/main", MAIN]]);
    expect(scenario.comments()).toEqual([]);
    expect(step.outputs["comment-url"]).toBe("");
    expect(step.summary).toContain("`production`");
    expect([...messages(step, "notice"), ...messages(step, "warning")]).toEqual([]);
  });

  it("of a tag uploads for the tag, and leaves pull requests alone", async () => {
    const step = await scenario.run({ event: "tag" });
    expect(step.exitCode, step.log).toBe(0);
    expect(newUploads()).toEqual([["refs/tags/v1.0.0", MAIN]]);
    expect(scenario.comments()).toEqual([]);
  });

  it("of a push warns when a comment was asked for at any rate", async () => {
    const step = await scenario.run({ event: "push", inputs: { comment: "always" } });
    expect(step.exitCode, step.log).toBe(0);
    expect(messages(step, "warning")).toEqual([
      "No comment on the pull request: this run is for no pull request.",
    ]);
    newUploads();
  });

  it("of a pull request comments, and uploads for its merge commit", async () => {
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(newUploads()).toEqual([["refs/pull/7/merge", MERGE]]);
    expect(scenario.comments()).toEqual([expect.stringContaining("### ✅ `production` is ")]);
    expect(scenario.comments()[0]).toContain(`/blob/${HEAD}/Dockerfile`);
  });

  it("of a pull request tells nobody when that is not wanted", async () => {
    const before = scenario.github.exchanges.length;
    const inputs = { comment: "never", "upload-sarif": "never", summary: "false" };
    const step = await scenario.run({ inputs });
    expect(step.exitCode, step.log).toBe(0);
    expect(scenario.github.exchanges.slice(before)).toEqual([]);
    expect(step.summary).toBe("");
    expect(await readdir(step.outputs.sarif ?? "")).toHaveLength(3);
  });
});

describe("a comment", () => {
  it("of a newer run is never overwritten by an older one that ends later", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    await scenario.run({ runId: 101 });
    const [newer] = scenario.comments();
    const older = await scenario.run({ runId: 100, inputs: MISSED });
    expect(older.exitCode).toBe(1);
    expect(scenario.comments()).toEqual([newer]);
    const again = await scenario.run({ runId: 101, runAttempt: 2, inputs: MISSED });
    expect(again.exitCode).toBe(1);
    expect(scenario.comments()).toEqual([expect.stringContaining("### ❌ `production`")]);
  });

  it("and the categories are each leg's own where legs have different Dockerfiles", async () => {
    const { Dockerfile } = FILES;
    const files = { "api/Dockerfile": Dockerfile, "web/Dockerfile": Dockerfile };
    await using scenario = await Scenario.start({ files });
    const [api, web] = [{ file: "api/Dockerfile" }, { file: "web/Dockerfile" }];
    await scenario.run({ inputs: api });
    await scenario.run({ inputs: web });
    await scenario.run({ inputs: { ...web, name: "web on arm" } });
    await scenario.run({ inputs: api });
    expect(scenario.comments().map((body) => /"name":"(.*?)"/.exec(body)?.[1])).toEqual([
      "api",
      "web",
      "web on arm",
    ]);
    expect(scenario.categories().filter((name) => name.endsWith("/trivy"))).toEqual([
      "weighbridge/api/trivy",
      "weighbridge/web/trivy",
      "weighbridge:web%20on%20arm/web/trivy",
    ]);
  });
});

describe("a token that may only read", () => {
  let scenario: Scenario;
  let whole: string;
  const readOnly = { contents: "read" } as const;

  beforeAll(async () => {
    await using allowed = await Scenario.start({ files: FILES });
    whole = (await allowed.run({ inputs: MISSED })).summary;
    scenario = await Scenario.start({ files: FILES, permissions: readOnly });
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it.each([
    { who: "a fork", fork: true },
    { who: "a job without permissions", fork: false },
  ])(
    "of $who changes neither exit code nor summary, and is told once of each",
    async ({ fork }) => {
      const step = await scenario.run({ fork, inputs: MISSED });
      expect(step.exitCode, step.log).toBe(1);
      expect(withoutTimes(step.summary)).toContain(withoutTimes(whole).trimEnd());
      expect(step.outputs.verdict).toBe("fail");
      expect(messages(step, "warning")).toEqual([]);
      const notices = messages(step, "notice").toSorted();
      expect(notices).toEqual(fork ? FORK_NOTICES : PERMISSION_NOTICES);
      for (const notice of notices) expect(notice).not.toContain(step.runner.folder);
      if (fork) expect(step.summary.trimEnd()).toMatch(FORK_NOTICE);
      expect([scenario.comments(), scenario.categories()]).toEqual([[], []]);
    },
  );

  it("lets a run pass that passes", async () => {
    const step = await scenario.run({ fork: true });
    expect([step.exitCode, step.outputs.verdict]).toEqual([0, "pass"]);
  });
});

describe("a repository that is checked out into a folder of the workspace", () => {
  it("has its own paths in code scanning, annotations and links", async () => {
    const files = {
      "app/Dockerfile": "FROM busybox:1.35\nRUN cd /tmp\n",
      "app/.git/config": '[remote "origin"]\n\turl = https://github.com/acme/shop\n',
      "app/.github/weighbridge.yml": "fail: false\n",
    };
    await using scenario = await Scenario.start({ files });
    const step = await scenario.run({
      inputs: { context: "app", goals: '"0": {max-unpacked: 1B}' },
    });
    const misses = step.commands.filter(({ properties }) => properties.title?.includes("misses"));
    expect(misses.map(({ properties }) => properties.file)).toEqual(["Dockerfile"]);
    expect(step.summary).toContain(`/blob/${HEAD}/Dockerfile#L1`);
    const folder = step.outputs.sarif ?? "";
    const names = (await readdir(folder)).filter((name) => name.includes("hadolint"));
    const text = await readFile(join(folder, names[0] ?? ""), "utf8");
    expect([...new Set(text.match(/"uri": ".*Dockerfile"/g))]).toEqual(['"uri": "Dockerfile"']);
    expect(step.summary).toContain("is not read, as it is not in the root of the workspace");
  });
});

const FORK_NOTICE =
  /^Runs for a fork get a token .*: no comment on the pull request and no upload to code scanning\. .*upload-sarif.*$/m;
const FORK_NOTICES = [expect.stringMatching(FORK_NOTICE)];
const PERMISSION_NOTICES = [
  expect.stringMatching(/^No comment on the pull request: .*`.*pull-requests: write`/),
  expect.stringMatching(/^SARIF is not uploaded: .*`.*security-events: write`/),
];

/** Builds take as long as they take. */
function withoutTimes(markdown: string): string {
  return markdown.replaceAll(/\b(?:cached|[\d.]+ s)(?= \|)/g, "…");
}

describe("the end of a job", () => {
  it("removes in its post step what a main step that was killed has left", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    const step = await scenario.run();
    const left = `weighbridge-${markOf(spawnSync("true").pid)}-bake-left`;
    await mkdir(join(step.runner.folder, "_temp", left, "deep"), { recursive: true });
    const requests = scenario.github.exchanges.length;
    const post = await scenario.post(step);
    expect([post.exitCode, post.log]).toEqual([0, ""]);
    expect(await leftovers(step)).toEqual([]);
    expect(scenario.github.exchanges).toHaveLength(requests);
    expect(await readdir(step.outputs.sarif ?? "")).toHaveLength(3);
  });
});
