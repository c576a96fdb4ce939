import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createFiles } from "../../src/host/files.ts";
import { gatherInputs, type InputsHost } from "../../src/inputs/inputs.ts";
import type { PlannedImage } from "../../src/model/plan.ts";
import { planBuilds } from "../../src/plan/plan.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");

/** An example is measured with its folder as the workspace. */
function exampleHost(name: string): InputsHost {
  const workspace = join(EXAMPLES, name);
  const env = { HOME: "/home/me" };
  return { kind: "local", env, workspace, files: createFiles({ workspace, env }) };
}

async function readExample(name: string) {
  const host = exampleHost(name);
  const { inputs, problems } = await gatherInputs(
    host,
    { config: "weighbridge.yml" },
    { isPlanOnly: true },
  );
  const plan = await planBuilds(host, inputs, { platform: "linux/amd64" });
  return { inputs, problems: [...problems, ...plan.problems], images: plan.plan.images };
}

function stageNames(images: readonly PlannedImage[], image: string): readonly string[] {
  return images.find(({ name }) => name === image)?.stages.map(({ name }) => name) ?? [];
}

describe.each(["trading-app", "web-app"])("%s", (name) => {
  test("its inputs and its Dockerfiles have no problem", async () => {
    expect((await readExample(name)).problems).toEqual([]);
  });

  test("every stage is built under its own name", async () => {
    const { images } = await readExample(name);
    const stages = images.flatMap((image) => image.stages);
    expect(stages.map(({ decision }) => decision)).toEqual(
      stages.map((stage) => ({ kind: "build", target: stage.name })),
    );
  });

  test("it is based on official images of Docker Hub alone", async () => {
    const { images } = await readExample(name);
    const bases = images.flatMap(({ stages }) => stages.map(({ base }) => base));
    const references = bases.flatMap((base) => (base.kind === "image" ? [base.reference] : []));
    expect(references.filter((reference) => reference.includes("/"))).toEqual([]);
    expect(references.length).toBeGreaterThan(0);
  });
});

test("trading-app has the six stages of one Dockerfile", async () => {
  const { images } = await readExample("trading-app");
  expect(images).toHaveLength(1);
  expect(stageNames(images, "Dockerfile")).toEqual([
    "deps-builder",
    "app-builder",
    "production",
    "development",
    "hft-optimized",
    "monitoring",
  ]);
});

test("trading-app wants at most 150, 180, 160 and 170 MB", async () => {
  const { inputs } = await readExample("trading-app");
  const limits = inputs.goals.map(({ pattern, rules }) => [pattern, rules.maxUnpacked]);
  expect(Object.fromEntries(limits)).toEqual({
    production: 150_000_000,
    development: 180_000_000,
    "hft-optimized": 160_000_000,
    monitoring: 170_000_000,
  });
});

test("trading-app wants its production 70 % below 500 MB, and nothing high in what ships", async () => {
  const { inputs } = await readExample("trading-app");
  const strict = inputs.goals.filter(({ rules }) => rules.failOnSeverity === "high");
  expect(strict.map(({ pattern }) => pattern)).toEqual(["production", "hft-optimized"]);
  expect(strict[0]?.rules).toMatchObject({ original: 500_000_000, minReduction: 70 });
});

test("web-app has five stages behind and six in front", async () => {
  const { images } = await readExample("web-app");
  expect(stageNames(images, "backend")).toEqual([
    "deps",
    "build",
    "test",
    "production",
    "development",
  ]);
  expect(stageNames(images, "frontend")).toEqual([
    "deps",
    "build",
    "test",
    "development",
    "assets",
    "production",
  ]);
});

test("web-app wants 1.2 GB to become 450 MB, and 800 MB to become 25 MB", async () => {
  const { inputs } = await readExample("web-app");
  const goals = inputs.goals.map(({ pattern, rules }) => [pattern, rules] as const);
  expect(Object.fromEntries(goals)).toMatchObject({
    "backend/production": {
      original: 1_200_000_000,
      minReduction: 62,
      maxUnpacked: 450_000_000,
    },
    "frontend/production": { original: 800_000_000, minReduction: 97, maxUnpacked: 25_000_000 },
    "frontend/assets": { original: 800_000_000, minReduction: 97, maxUnpacked: 25_000_000 },
  });
});

test.each(["backend", "frontend"])("the lock file of %s names no server", async (folder) => {
  const path = join(EXAMPLES, "web-app", folder, "package-lock.json");
  const text = await readFile(path, "utf8");
  expect(text).toContain('"integrity": "sha512-');
  expect(text).not.toContain('"resolved"');
});

test.each(["", "-hft", "-monitoring", "-dev"])(
  "every package of requirements%s.txt has its version",
  async (suffix) => {
    const path = join(EXAMPLES, "trading-app", `requirements${suffix}.txt`);
    const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
    expect(lines.filter((line) => !/^[A-Za-z0-9._-]+==[0-9.]+$/.test(line))).toEqual([]);
  },
);
