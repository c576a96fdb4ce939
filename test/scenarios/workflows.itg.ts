// The README's workflow and this project's own, held against the linters of the trade, and run by a
// runner with checkout, matrix and post steps.

import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { type GitHubStandIn, startGitHub } from "../../scripts/lab/github/server.ts";
import { run } from "../../scripts/lab/shell.ts";
import type { WorkflowTools } from "../../scripts/lab/workflow-tools.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { openReleasePage } from "../tools/release-page.ts";
import { BUILDKIT, type EngineName, engineEnvironment, labInputs } from "./engines.ts";
import { HADOLINT, packRelease, TRIVY } from "./release.ts";

const root = join(import.meta.dirname, "..", "..");
const own = join(root, ".github", "workflows");
const dist = process.env.WEIGHBRIDGE_DIST ?? join(root, "dist");
const TOKEN = "token-of-the-run";

/** What a team would make of the README's placeholder. */
const PINNED = "weighbridge/weighbridge@0123456789abcdef0123456789abcdef01234567";

let tools: WorkflowTools;
let folder: string;
let readmeWorkflow: string;

beforeAll(async () => {
  ({ workflows: tools } = await labParts(["workflows"]));
  folder = await mkdtemp(join(tmpdir(), "weighbridge-workflows-"));
  const readme = await readFile(join(root, "README.md"), "utf8");
  const [, text = ""] = /```yaml\n(# \.github\/workflows\/.*?)```/s.exec(readme) ?? [];
  readmeWorkflow = text.replace("weighbridge/weighbridge@<full SHA of a commit>", PINNED);
  await mkdir(join(folder, "readme"));
  await writeFile(join(folder, "readme", "images.yml"), readmeWorkflow);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a workflow", () => {
  it("of the README is one, pinned as it says", () => {
    expect(readmeWorkflow).toContain(`uses: ${PINNED} # v0`);
  });

  it("has nothing that actionlint would complain of", async () => {
    expect(await run(tools.actionlint, ["-no-color", ...(await workflowFiles())])).toBe("");
  });

  it("has nothing that zizmor would call a risk", async () => {
    const options = ["--offline", "--no-progress", "--quiet", "--color=never"];
    const args = [...options, ...(await workflowFiles())];
    expect(await run(tools.zizmor, args)).toMatch(/^No findings to report/);
  });

  it("of the README comments on the pull request, uploads, and cleans up", async () => {
    await using repository = await Repository.start("readme", {
      Dockerfile: "FROM busybox:1.35 AS base\nFROM base AS shipped\nRUN echo x > /x\n",
      ".github/workflows/images.yml": usingThis(readmeWorkflow),
    });
    const log = await repository.act("images.yml");
    expect(log).toContain("Job succeeded");
    expect(log).toContain("Success - Post");
    const { comments, analyses } = repository.github.repository("acme/shop");
    expect(comments.map(({ body }) => body)).toEqual([expect.stringContaining("shipped")]);
    expect(analyses.length).toBeGreaterThan(0);
  });

  it("of the README does so with the older image store, with tools that it fetches itself", async () => {
    await using release = await packRelease();
    await using page = await openReleasePage(release.whole);
    const inputs = { ...BUILDKIT, ...release.inputs(page.url) };
    await using repository = await Repository.start("fetching", {
      Dockerfile: "FROM busybox:1.35 AS shipped\nRUN echo y > /y\n",
      ".github/workflows/images.yml": usingThis(readmeWorkflow, "graph", inputs),
    });
    const log = await repository.act("images.yml", "graph");
    expect(log).toContain("Job succeeded");
    expect(log).toContain("Success - Post");
    expect(page.requests).toEqual(expect.arrayContaining([TRIVY, HADOLINT]));
    const { comments, analyses } = repository.github.repository("acme/shop");
    expect(comments.map(({ body }) => body)).toEqual([expect.stringContaining("shipped")]);
    expect(comments[0]?.body).not.toMatch(/not scanned|not checked/);
    expect(analyses.length).toBeGreaterThan(0);
  });

  it("of this project runs both legs of its matrix", async () => {
    await using repository = await Repository.start("own", {
      ".github/workflows/images.yml": usingThis(await readFile(join(own, "images.yml"), "utf8")),
    });
    await repository.copy("examples");
    const log = await repository.act("images.yml");
    expect(log.match(/Job succeeded/g)).toHaveLength(2);
    const { comments } = repository.github.repository("acme/shop");
    expect(comments).toHaveLength(2);
  });
});

async function workflowFiles(): Promise<readonly string[]> {
  const names = await readdir(own);
  return [...names.map((name) => join(own, name)), join(folder, "readme", "images.yml")];
}

/** The workflow with the action of this repository, told where the lab's parts are. */
function usingThis(
  workflow: string,
  engine: EngineName = "containerd",
  given: Readonly<Record<string, string>> = {},
): string {
  const document = parseDocument(workflow);
  const jobs = document.toJS().jobs as Record<string, { steps: { uses?: string }[] }>;
  for (const [job, { steps }] of Object.entries(jobs)) {
    steps.forEach(({ uses }, at) => {
      if (uses !== "./" && uses !== PINNED) return;
      document.setIn(["jobs", job, "steps", at, "uses"], "./");
      for (const [name, value] of Object.entries({ ...labInputs(engine), ...given })) {
        document.setIn(["jobs", job, "steps", at, "with", name], value);
      }
    });
  }
  return document.toString();
}

/** A repository with this action in it, and its pull request at GitHub. */
class Repository implements AsyncDisposable {
  readonly github: GitHubStandIn;
  readonly #workspace: string;
  readonly #sha: () => Promise<string>;

  private constructor(github: GitHubStandIn, workspace: string) {
    this.github = github;
    this.#workspace = workspace;
    this.#sha = () => git(workspace, "rev-parse", "HEAD");
  }

  static async start(name: string, files: Readonly<Record<string, string>>): Promise<Repository> {
    const workspace = join(folder, `${name}-workspace`);
    await mkdir(join(workspace, ".github", "workflows"), { recursive: true });
    for (const [path, text] of Object.entries(files)) await writeFile(join(workspace, path), text);
    await cp(join(root, "action.yml"), join(workspace, "action.yml"));
    await cp(dist, join(workspace, "dist"), { recursive: true });
    await git(workspace, "init", "--quiet", "--initial-branch=main");
    await git(workspace, "remote", "add", "origin", "https://github.com/acme/shop");
    const sha = await commit(workspace);
    const github = await startGitHub({
      repositories: [
        {
          repository: "acme/shop",
          codeScanning: "enabled",
          refs: { "refs/heads/main": sha, "refs/pull/7/merge": sha },
          pullRequests: [
            {
              number: 7,
              head: { ref: "change", sha },
              base: { ref: "main", sha },
              mergeSha: sha,
            },
          ],
        },
      ],
      tokens: [
        {
          token: TOKEN,
          permissions: { contents: "read", "pull-requests": "write", "security-events": "write" },
        },
      ],
      pendingPolls: 0,
    });
    return new Repository(github, workspace);
  }

  /** Takes a folder of this project in. */
  async copy(name: string): Promise<void> {
    await cp(join(root, name), join(this.#workspace, name), { recursive: true });
    await git(this.#workspace, "add", "--all");
    await git(this.#workspace, ...AUTHOR, "commit", "--quiet", "--amend", "--no-edit");
  }

  /** Runs a workflow for the pull request; what the runner said. */
  async act(workflow: string, engine: EngineName = "containerd"): Promise<string> {
    const sha = await this.#sha();
    const event = join(this.#workspace, "..", `${basename(this.#workspace)}.json`);
    await writeFile(event, JSON.stringify(eventOf(sha)));
    const variables = {
      ...engineEnvironment(engine),
      GITHUB_API_URL: this.github.url,
    };
    return await run(
      tools.act,
      [
        ...["pull_request", "--workflows", join(".github", "workflows", workflow)],
        ...["--platform", "ubuntu-latest=-self-hosted", "--eventpath", event],
        ...["--secret", `GITHUB_TOKEN=${TOKEN}`, "--actor", "octo"],
        ...["--artifact-server-addr", "127.0.0.1", "--cache-server-addr", "127.0.0.1"],
        ...Object.entries(variables).flatMap(([name, value]) => ["--env", `${name}=${value}`]),
      ],
      {
        cwd: this.#workspace,
        env: {
          ...variables,
          PATH: pathWithNode(),
          // Its tool cache is in there, which must have nothing of an earlier day.
          XDG_CACHE_HOME: join(folder, `cache-${engine}`),
        },
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.github.close();
  }
}

function eventOf(sha: string) {
  return {
    action: "synchronize",
    number: 7,
    pull_request: {
      number: 7,
      head: { ref: "change", sha, repo: { full_name: "acme/shop", fork: false } },
      base: { ref: "main", sha, repo: { full_name: "acme/shop" } },
    },
    repository: { full_name: "acme/shop", name: "shop", owner: { login: "acme" } },
  };
}

/** The runner starts actions with the Node that it finds. */
function pathWithNode(): string {
  return `${join(process.execPath, "..")}:${process.env.PATH}`;
}

const AUTHOR = ["-c", "user.name=octo", "-c", "user.email=octo@example.com"];

async function commit(workspace: string): Promise<string> {
  await git(workspace, "add", "--all", "--force");
  await git(workspace, ...AUTHOR, "commit", "--quiet", "--message", "All of it");
  return await git(workspace, "rev-parse", "HEAD");
}

async function git(workspace: string, ...args: readonly string[]): Promise<string> {
  return await run("git", args, { cwd: workspace });
}
