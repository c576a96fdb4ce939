// `weighbridge inspect` in a shell: the same image from the engine, from archives, from a layout and
// from a registry, and what it says when there is none.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../scripts/lab/shell.ts";
import type { Inspection } from "../../src/model/inspection.ts";
import { inspectSchemaErrors } from "../report/inspect-schema.ts";
import { engineEnvironment, lab } from "./engines.ts";
import { type CommandResult, Scenario } from "./scenario.ts";

const FILES = {
  Dockerfile: `FROM busybox:1.35 AS base
COPY data /app/
RUN chmod 600 /app/large && rm /app/small
FROM base AS production
COPY data/small /app/again
`,
  "data/large": "x".repeat(500_000),
  "data/small": "y".repeat(3_000),
};

const NAME = "weighbridge-test/inspect:1";
const PUSHED = `${lab.registry.host}/${NAME}`;

let scenario: Scenario;

beforeAll(async () => {
  scenario = await Scenario.start({ engine: "containerd", files: FILES });
  const { workspace } = scenario;
  for (const engine of ["containerd", "graph"] as const) {
    const env = engineEnvironment(engine);
    await docker(
      env,
      "buildx",
      "build",
      "--builder",
      "default",
      "--tag",
      NAME,
      "--load",
      workspace,
    );
    await docker(env, "image", "save", "--output", scenario.folder(`${engine}.tar`), NAME);
  }
  const env = engineEnvironment("containerd");
  await docker(env, "image", "tag", NAME, PUSHED);
  await docker(env, "image", "push", "--quiet", PUSHED);
  const platforms = ["--platform", "linux/amd64,linux/arm64", "--target", "base"];
  const layout = scenario.folder("several");
  await scenario.write({ "several/Dockerfile": "FROM scratch AS base\nCOPY large /\n" });
  await scenario.write({ "several/large": "z".repeat(10_000) });
  const output = `type=oci,tar=false,dest=${layout},name=several`;
  const context = join(workspace, "several");
  await docker(
    env,
    "buildx",
    "build",
    "--builder",
    "default",
    ...platforms,
    "--output",
    output,
    context,
  );
});

afterAll(async () => {
  for (const engine of ["containerd", "graph"] as const) {
    await docker(engineEnvironment(engine), "image", "rm", "--force", NAME).catch(() => undefined);
  }
  await docker(engineEnvironment("containerd"), "image", "rm", "--force", PUSHED);
  await scenario[Symbol.asyncDispose]();
});

async function docker(
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<void> {
  await run("docker", args, { env });
}

function inspect(...args: readonly string[]): Promise<CommandResult> {
  return scenario.command(["inspect", ...args]);
}

/** What is said as JSON, which has to be as its schema says. */
async function inspection(...args: readonly string[]): Promise<Inspection> {
  const { stdout, stderr, exitCode } = await inspect(...args, "--format", "json");
  expect(exitCode, stderr).toBe(0);
  const value: unknown = JSON.parse(stdout);
  expect(inspectSchemaErrors(value)).toEqual([]);
  return value as Inspection;
}

/** What is the same however an image comes. */
function essence({ layers, live, wasted, waste, packages }: Inspection): object {
  return {
    layers: layers.map(({ diffId, unpacked, added, changed, removed, history }) => {
      return { diffId, unpacked, added, changed, removed, history };
    }),
    waste: waste.map(({ path, bytes, kind }) => ({ path, bytes, kind })),
    ...{ live, wasted, packages },
  };
}

describe("an image", () => {
  it("is the same from the engine, an archive and a registry", async () => {
    const fromEngine = await inspection(`docker://${NAME}`);
    expect(fromEngine.wasted).toBe(503_000);
    expect(fromEngine.waste.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
      "/app/large metadata",
      "/app/small deleted",
    ]);
    const fromArchive = await inspection(scenario.folder("containerd.tar"));
    const fromRegistry = await inspection(`registry://${PUSHED}`);
    expect(essence(fromArchive)).toEqual(essence(fromEngine));
    expect(essence(fromRegistry)).toEqual(essence(fromEngine));
    expect(fromRegistry.digest).toBe(fromArchive.digest);
    expect(fromRegistry.download).toBe(fromEngine.download);
  });

  it("is weighed the same on the older image store, which does not say what a pull costs", async () => {
    const env = engineEnvironment("graph");
    const args = ["inspect", `docker://${NAME}`, "--format", "json"];
    const fromEngine = await scenario.command(args, { env });
    expect(fromEngine.exitCode, fromEngine.stderr).toBe(0);
    const value = JSON.parse(fromEngine.stdout) as Inspection;
    const fromArchive = await inspection(scenario.folder("graph.tar"));
    expect(essence(fromArchive)).toEqual(essence(value));
    expect([value.download, fromArchive.download]).toEqual([undefined, undefined]);
    expect([value.unpacked, value.wasted]).toEqual([fromArchive.unpacked, 503_000]);
  });

  it("of several platforms is that which is asked for", async () => {
    const layout = scenario.folder("several");
    const other = await inspection(layout, "--platform", "linux/arm64");
    expect([other.platform, other.unpacked]).toEqual(["linux/arm64", 10_000]);
    const named = await inspection(`${layout}:several`, "--platform", "linux/amd64");
    expect(named.platform).toBe("linux/amd64");
    expect(named.digest).not.toBe(other.digest);
  });

  it("leaves nothing behind but what was read of it", async () => {
    await inspection(`docker://${NAME}`);
    const kept = scenario.folder("cache/weighbridge");
    expect(readdirSync(kept).toSorted()).toEqual(["memory", "scratch"]);
    expect(readdirSync(join(kept, "scratch"))).toEqual([]);
  });

  it("is told with the lines of its Dockerfile, and what to write instead", async () => {
    const { dockerfile, layers, advice } = await inspection(
      ...[`docker://${NAME}`, "--file", "Dockerfile", "--stage", "production"],
    );
    expect(dockerfile).toEqual({ path: "Dockerfile", stage: "production", fits: true });
    expect(layers.map(({ line, origin }) => `${origin} ${line}`)).toEqual([
      ...layers.slice(3).map(() => "base 1"),
      ...["own 2", "own 3", "own 5"],
    ]);
    expect(advice?.map(({ rule }) => rule)).toContain("metadata-only");
  });

  it("is told without lines of a Dockerfile that it was not built from", async () => {
    await scenario.write({
      "Dockerfile.other":
        "FROM busybox:1.35\nCOPY data /app/\nRUN true\nCOPY data/large /app/again\n",
    });
    const { exitCode, stdout } = await inspect(`docker://${NAME}`, "--file", "Dockerfile.other");
    expect(exitCode).toBe(0);
    expect(stdout.split("\n\n")[1]).toMatch(/^note Dockerfile.other does not fit: /);
    const { layers } = await inspection(`docker://${NAME}`, "--file", "Dockerfile.other");
    expect(layers.filter(({ line }) => line !== undefined)).toEqual([]);
  });
});

describe("looking into it", () => {
  it("shows what a layer did", async () => {
    const { layers } = await inspection(`docker://${NAME}`);
    const chmod = layers.find(({ removed }) => removed.files > 0)?.layer;
    const { stdout } = await inspect(`docker://${NAME}`, "--layer", String(chmod));
    expect(stdout).toContain(
      `What layer ${chmod} did: RUN chmod 600 /app/large && rm /app/small\n`,
    );
    expect(stdout).toMatch(/^ +500 kB +[│ ]*├─ large$/m);
    expect(stdout).toMatch(/^ +3 kB +[│ ]*└─ small$/m);
  });

  it("shows what is in a folder, and what became of a file", async () => {
    const { stdout } = await inspect(`docker://${NAME}`, "--path", "/app");
    expect(stdout).toMatch(/^What is in \/app\n/m);
    expect(stdout).toMatch(/^ +500 kB +500 kB +\d, \d +├─ large$/m);
    const file = await inspect(`docker://${NAME}`, "--path", "app/small");
    expect(file.stdout).toMatch(/^ +3 kB +written by layer \d +0644 +0:0 +deleted in layer \d$/m);
  });
});

describe("what is not there", () => {
  it.each([
    ["nowhere.tar", '"nowhere.tar" is no file or folder that is there'],
    ["data", '"data" has neither index.json nor manifest.json'],
    ["docker://weighbridge-test/inspect:2", 'did you mean "weighbridge-test/inspect:1"?'],
    [`registry://${lab.registry.host}/weighbridge-test/inspect:3`, 'did you mean "1"?'],
    ["dockre://x", 'did you mean "docker://"?'],
  ])("is the user's to put right: %s", async (target, what) => {
    const { exitCode, stdout, stderr } = await inspect(target);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(
      /^error: One thing has to be put right; nothing was inspected:\n {2}target: /,
    );
    expect(stderr).toContain(what);
  });

  it.each([
    [["--path", "/ap"], '--path: there is no "ap" in "/"', 'did you mean "app"?'],
    [["--layer", "99"], "--layer: the image has no layer 99; they go from 0 to", ""],
    [["--file", "Dockerfile", "--stage", "prod"], '--stage: "Dockerfile" has no stage "prod"', ""],
    [["--platform", "linux/s390x"], '--platform: there is no image for "linux/s390x"', ""],
  ])("inside of it neither: %j", async (options, what, hint) => {
    const { exitCode, stderr } = await inspect(`docker://${NAME}`, ...options);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(what);
    expect(stderr).toContain(hint);
  });

  it("is the registry's or the engine's fault where those cannot be reached", async () => {
    const registry = await inspect("registry://127.0.0.1:1/shop");
    expect([registry.exitCode, registry.stdout]).toEqual([3, ""]);
    const env = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
    const engine = await scenario.command(["inspect", "docker://shop"], { env });
    expect([engine.exitCode, engine.stdout]).toEqual([3, ""]);
  });
});

it("has a help of its own", async () => {
  const { exitCode, stdout } = await inspect("--help");
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^weighbridge inspect tells what an image is made of/);
});
