// What is kept between runs: it saves work, and never costs a result.

import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { chmod, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ReportStage } from "../../src/model/report.ts";
import { ENGINES, lab } from "./engines.ts";
import { stateFolder, when } from "./killing.ts";
import { stageOf, stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";

const DOCKERFILE = `FROM busybox:1.35 AS app
COPY lodash.json /app/node_modules/lodash/package.json
FROM app AS production
RUN echo 1 > /version
`;
const FILES = {
  Dockerfile: DOCKERFILE,
  "lodash.json": '{"name":"lodash","version":"4.17.20"}\n',
};

/** What a run has done, rather than found where an earlier one had left it. */
interface Work {
  readonly blobsReceived: number;
  readonly layersRead: number;
  readonly imagesScanned: number;
}

/** Trivy, with a note of every scan. */
class CountedTrivy {
  readonly path: string;
  readonly #notes: string;

  private constructor(folder: string) {
    this.path = join(folder, "trivy");
    this.#notes = join(folder, "scans");
  }

  static async in(scenario: Scenario): Promise<CountedTrivy> {
    const counted = new CountedTrivy(await scenario.makeFolder("bin"));
    const note = `case "$*" in *--input*) echo "$*" >> '${counted.#notes}';; esac`;
    const run = `exec '${lab.tools.trivy}' "$@"`;
    await writeFile(counted.path, ["#!/bin/sh", note, run, ""].join("\n"));
    await chmod(counted.path, 0o755);
    return counted;
  }

  /** Scans since the last question. */
  async scans(): Promise<number> {
    const notes = await readFile(this.#notes, "utf8").catch(() => "");
    await writeFile(this.#notes, "");
    return notes.split("\n").length - 1;
  }
}

async function workOf({ log }: StepResult, trivy: CountedTrivy): Promise<Work> {
  return {
    blobsReceived: [...log.matchAll(/receiver: PUT \S+\/blobs\//g)].length,
    layersRead: [...log.matchAll(/Read layer /g)].length,
    imagesScanned: await trivy.scans(),
  };
}

/** All that is known of the stages, but for how long they took. */
function results(step: StepResult): readonly Partial<ReportStage>[] {
  return stagesOf(step).map(({ seconds: _seconds, steps: _steps, ...stage }) => stage);
}

describe.each(ENGINES)("what is kept between runs, with the %s engine", (engine) => {
  let scenario: Scenario;
  let trivy: CountedTrivy;
  let first: StepResult;
  const run = () => scenario.run({ inputs: { "trivy-path": trivy.path } });

  beforeAll(async () => {
    scenario = await Scenario.start({ engine, files: FILES });
    trivy = await CountedTrivy.in(scenario);
    first = await run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  it("is nothing at first: two configurations and three layers are received and read", async () => {
    expect(first.exitCode, first.log).toBe(0);
    const { blobsReceived, ...rest } = await workOf(first, trivy);
    // A layer of two images that are sent at the same time may be sent twice; it is stored once.
    expect(blobsReceived).toBeGreaterThanOrEqual(5);
    expect(rest).toEqual({ layersRead: 3, imagesScanned: 2 });
    expect(stagesOf(first).map(({ findings }) => findings.length)).toEqual([2, 2]);
  });

  it("saves all of it when nothing has changed, and changes no result", async () => {
    const second = await run();
    expect(second.exitCode, second.log).toBe(0);
    expect(await workOf(second, trivy)).toEqual({
      blobsReceived: 0,
      layersRead: 0,
      imagesScanned: 0,
    });
    expect(results(second)).toEqual(results(first));
  });

  it("saves what has not changed", async () => {
    await scenario.write({
      Dockerfile: DOCKERFILE.replace("echo 1", `echo ${crypto.randomUUID()}`),
    });
    const third = await run();
    expect(third.exitCode, third.log).toBe(0);
    expect(await workOf(third, trivy)).toEqual({
      blobsReceived: 2,
      layersRead: 1,
      imagesScanned: 1,
    });
    await scenario.write(FILES);
  });
});

describe("a damaged state folder", () => {
  let scenario: Scenario;
  let first: StepResult;

  beforeAll(async () => {
    scenario = await Scenario.start({ files: FILES });
    first = await scenario.run();
  });

  afterAll(() => scenario[Symbol.asyncDispose]());

  const state = () => join(first.runner.folder, "_tool", "weighbridge");

  it.each([
    { what: "blobs", pattern: /^layout\/blobs\// },
    { what: "an index", pattern: /^layout(\/index)?\.json$/ },
    { what: "remembered layers and scans", pattern: /^memory\// },
    { what: "the scanner's cache", pattern: /^memory\/scans\/|fanal\.db$/ },
    { what: "the scanner's database", pattern: /^memory\/scans\/|trivy\.db$/ },
  ])("with other bytes in $what gives the right result again", async ({ pattern }) => {
    const damaged = filesIn(state()).filter((path) => pattern.test(path));
    expect(damaged).not.toEqual([]);
    for (const path of damaged) await damage(join(state(), path));
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(results(step)).toEqual(results(first));
    expect(await wrongBlobs(join(state(), "layout"))).toEqual([]);
  });

  it.each<{ readonly what: string; readonly break: (folder: string) => Promise<void> }>([
    { what: "blobs that were cut off", break: (folder) => cutOff(join(folder, "layout", "blobs")) },
    { what: "no index", break: (folder) => rm(join(folder, "layout", "index.json")) },
    {
      what: "a file for its blobs",
      break: (folder) => becomeFile(join(folder, "layout", "blobs")),
    },
    { what: "a file for its memory", break: (folder) => becomeFile(join(folder, "memory")) },
    {
      what: "a file for the scanner's cache",
      break: (folder) => becomeFile(join(folder, "trivy")),
    },
  ])("with $what gives the right result again", async (damage) => {
    await damage.break(state());
    const step = await scenario.run();
    expect(step.exitCode, step.log).toBe(0);
    expect(results(step)).toEqual(results(first));
    expect(await wrongBlobs(join(state(), "layout"))).toEqual([]);
  });
});

async function cutOff(folder: string): Promise<void> {
  for (const path of filesIn(folder)) await truncate(join(folder, path), 100);
}

async function becomeFile(folder: string): Promise<void> {
  await rm(folder, { recursive: true });
  await writeFile(folder, "");
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}

/** As many bytes as before, and none of them right. */
async function damage(path: string): Promise<void> {
  const { size } = await stat(path);
  await writeFile(path, Buffer.alloc(size, "?"));
}

/** Blobs whose content is not what their name says. */
async function wrongBlobs(layout: string): Promise<readonly string[]> {
  const folder = join(layout, "blobs", "sha256");
  const wrong: string[] = [];
  for (const name of readdirSync(folder)) {
    const hash = createHash("sha256").update(await readFile(join(folder, name)));
    if (hash.digest("hex") !== name) wrong.push(name);
  }
  return wrong;
}

describe("two steps of a job", () => {
  it("have a layout each, in which a name stands for what that step has built", async () => {
    const dockerfile = "FROM busybox:1.35 AS app\nARG WHO=one\nRUN echo $WHO > /who\n";
    await using scenario = await Scenario.start({ files: { Dockerfile: dockerfile } });
    const one = await scenario.run({ inputs: { name: "one" } });
    const two = await scenario.run({ inputs: { name: "two", "build-args": "WHO=two" } });
    expect([one, two].map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    for (const step of [one, two]) {
      const index = await readFile(join(step.outputs.layout ?? "", "index.json"), "utf8");
      expect(JSON.parse(index).manifests).toMatchObject([
        {
          digest: stageOf(step, "app").digest,
          annotations: { "org.opencontainers.image.ref.name": "Dockerfile/app" },
        },
      ]);
    }
    expect(stageOf(one, "app").digest).not.toBe(stageOf(two, "app").digest);
  });
});

describe("two runs on one state folder", () => {
  it("wait for each other, and both are right", async () => {
    const files = {
      "api/Dockerfile": "FROM busybox:1.35 AS api\nRUN echo api > /name\n",
      "web/Dockerfile": "FROM busybox:1.35 AS web\nRUN echo web > /name\n",
    };
    await using scenario = await Scenario.start({ files });
    const state = scenario.folder("state");
    const names = ["api", "web"] as const;
    const steps = await Promise.all(
      names.map((name) =>
        scenario.run({ machine: name, inputs: { state, file: `${name}/Dockerfile` } }),
      ),
    );
    expect(steps.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(steps.filter(({ log }) => log.includes("Waiting for process"))).toHaveLength(1);
    expect(steps.map((step) => stagesOf(step).map(({ name }) => name))).toEqual([["api"], ["web"]]);
    const index = await readFile(join(state, "layout", "index.json"), "utf8");
    for (const stage of steps.flatMap(stagesOf)) expect(index).toContain(stage.digest);
    expect(await wrongBlobs(join(state, "layout"))).toEqual([]);
    expect(scenario.comments()).toHaveLength(2);
  });

  it("is let go of before the report is published", async () => {
    await using scenario = await Scenario.start({ files: FILES });
    scenario.github.misbehave({ times: 99, with: { kind: "silence" } });
    const lock = join(stateFolder(scenario), "lock");
    const isPublishing = () => scenario.github.exchanges.length > 1;
    const isLetGo = () => isPublishing() && !existsSync(lock);
    const step = await scenario.run({ cancel: when(isLetGo) });
    expect(step.log).toContain("GitHub could not be reached: the run was cancelled");
  });
});
