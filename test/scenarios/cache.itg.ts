// Build steps that outlive the builder: GitHub's cache as BuildKit really uses it, registries and
// folders, and what becomes of a run when the cache does not do its work.

import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CacheService, startCacheService } from "../../scripts/lab/cache/service.ts";
import { run } from "../../scripts/lab/shell.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { BASE, BUILD_ALONE, CHANGE, MAIN, project } from "./cached-project.ts";
import { BUILDKIT, engineEnvironment, lab } from "./engines.ts";
import { buildersLeft } from "./killing.ts";
import { stagesOf } from "./reading.ts";
import { type RunOptions, Scenario, type StepResult } from "./scenario.ts";

const { blobs } = await labParts(["blobs"]);

let service: CacheService;

/** A service for each test of those that stand around the call. */
function useService(): void {
  beforeEach(async () => {
    service = await startCacheService(blobs);
  });
  afterEach(() => service[Symbol.asyncDispose]());
}

/** `deps:2 cached`: every step but `FROM`, which may be asked for anew. */
function stepsOf(step: StepResult): readonly string[] {
  const froms = new Set([1, 3, 6, 9, 12]);
  return stagesOf(step).flatMap(({ name, steps }) =>
    steps
      .filter(({ line }) => !froms.has(line))
      .map(({ line, cached }) => `${name}:${line} ${cached ? "cached" : "run"}`),
  );
}

const STEPS = ["deps:2", "app:4", "app:5", "tools:7", "tools:8", "slim:10", "slim:11", "4:13"];
const CACHED = STEPS.map((step) => `${step} cached`);

/** As docker/setup-buildx-action makes one, on the network where it reaches the lab. */
async function setUpBuilder(): Promise<{ readonly name: string } & AsyncDisposable> {
  const name = `set-up-${randomUUID()}`;
  const env = engineEnvironment("graph");
  const options = ["network=host", `image=${BUILDKIT["buildkit-image"]}`];
  const driver = [
    "--driver",
    "docker-container",
    ...options.flatMap((one) => ["--driver-opt", one]),
  ];
  await run("docker", ["buildx", "create", "--name", name, ...driver, "--bootstrap"], { env });
  return {
    name,
    async [Symbol.asyncDispose]() {
      await run("docker", ["buildx", "rm", "--force", name], { env });
    },
  };
}

/** One job on a runner that is new: its builder has never built anything. */
async function job(scenario: Scenario, options: RunOptions = {}): Promise<StepResult> {
  const inputs = { ...BUILD_ALONE, ...BUILDKIT, cache: "gha", ...options.inputs };
  const step = await scenario.run({ ...options, inputs });
  await scenario.post(step);
  return step;
}

/** The log without what tells the runner what to hide. */
function shownLog({ log }: StepResult): string {
  return log
    .split("\n")
    .filter((line) => !line.startsWith("::add-mask::"))
    .join("\n");
}

describe("GitHub's cache", () => {
  useService();

  it("saves a new builder every step of every stage", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const env = service.variables([CHANGE, BASE]);
    const cold = await job(scenario, { env });
    expect(cold.exitCode, cold.log).toBe(0);
    expect(stepsOf(cold)).toEqual(STEPS.map((step) => `${step} run`));
    expect(cold.report?.notes).toEqual([]);
    expect(await buildersLeft(cold.runner)).toEqual([]);
    const warm = await job(scenario, { env });
    expect(warm.exitCode, warm.log).toBe(0);
    expect(stepsOf(warm)).toEqual(CACHED);
    // None of them was unpacked for that.
    expect(warm.log).toContain("pushed over loopback, layers as they are in the cache");
    const layersOf = (step: StepResult) =>
      stagesOf(step).map(({ layers }) => layers.map(({ diffId }) => diffId));
    expect(layersOf(warm)).toEqual(layersOf(cold));
    for (const secret of [env.ACTIONS_RUNTIME_TOKEN ?? "", service.url]) {
      expect(shownLog(warm)).not.toContain(secret);
      expect(JSON.stringify(warm.report) + warm.summary).not.toContain(secret);
    }
  });

  it("is only read by a fork and by a read-only token", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const main = await job(scenario, { event: "push", env: service.variables([MAIN]) });
    expect(main.exitCode, main.log).toBe(0);
    const written = service.entries().length;
    expect(written).toBeGreaterThan(1);
    const fork = await job(scenario, { fork: true, env: service.variables([CHANGE, BASE]) });
    expect(fork.exitCode, fork.log).toBe(0);
    expect(stepsOf(fork)).toEqual(CACHED);
    expect(fork.log).toContain("only read: the pull request comes from a fork");
    const readOnly = await job(scenario, { env: service.variables([BASE]) });
    expect(stepsOf(readOnly)).toEqual(CACHED);
    expect(readOnly.log).toContain("only read: the job's token may only read");
    expect(service.entries()).toHaveLength(written);
  });

  it("is taken stage by stage by a builder that an earlier step of the job has set up", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const env = service.variables([CHANGE, BASE]);
    for (const expected of [STEPS.map((step) => `${step} run`), CACHED]) {
      await using builder = await setUpBuilder();
      const inputs = { ...BUILD_ALONE, cache: "gha", builder: builder.name };
      const step = await scenario.run({ env, inputs });
      expect(step.exitCode, step.log).toBe(0);
      expect(stepsOf(step)).toEqual(expected);
      const isTaken = step.log.includes("pushed over loopback, layers as they are in the cache");
      expect(isTaken, step.log).toBe(expected === CACHED);
    }
  });

  it("has a place of its own for every Dockerfile and every name of a report", async () => {
    const files = { Dockerfile: project().Dockerfile ?? "", "app.txt": "app\n" };
    const web = `FROM busybox:1.35\nRUN echo ${randomUUID()} > /web\n`;
    await using scenario = await Scenario.start({ files: { ...files, "web.Dockerfile": web } });
    const env = service.variables([CHANGE, BASE]);
    for (const name of ["day", "night"]) {
      // By itself: Docker's own builder can write it with containerd's image store.
      const inputs = { ...BUILD_ALONE, file: "Dockerfile,web.Dockerfile", name };
      const step = await scenario.run({ env, inputs });
      expect(step.exitCode, step.log).toBe(0);
    }
    const indexes = service.entries().filter(({ key }) => key.startsWith("index-"));
    expect(new Set(indexes.map(({ key }) => key.replace(/#\d+$/, ""))).size).toBe(4);
  });

  it("is used without being asked for, with a builder made for it, where there is one", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const env = service.variables([CHANGE, BASE]);
    const inputs = { ...BUILD_ALONE, ...BUILDKIT };
    for (const expected of [STEPS.map((step) => `${step} run`), CACHED]) {
      const step = await scenario.run({ env, inputs });
      expect(step.exitCode, step.log).toBe(0);
      expect(stepsOf(step)).toEqual(expected);
      expect(step.log).toContain("Building with a builder made for this");
      await scenario.post(step);
      expect(await buildersLeft(step.runner)).toEqual([]);
    }
    const withoutService = await scenario.run({ inputs, runId: 101 });
    expect(withoutService.exitCode, withoutService.log).toBe(0);
    expect(withoutService.log).toContain(
      "::debug::No build steps are kept outside of the builder: ACTIONS_RUNTIME_TOKEN",
    );
    expect(withoutService.log).not.toContain("Building with a builder made for this");
  });
});

describe("a cache that does only a part of its work", () => {
  useService();

  it("because it has lost layers, or entries, costs only what is built anew", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const env = service.variables([CHANGE, BASE]);
    const cold = await job(scenario, { env });
    expect(cold.exitCode, cold.log).toBe(0);
    const isLayer = ({ key }: { readonly key: string }) => key.startsWith("buildkit-blob-");
    for (const what of ["bytes", "entries"] as const) {
      await service.lose(isLayer, what);
      const step = await job(scenario, { env });
      expect(step.exitCode, step.log).toBe(0);
      expect(stagesOf(step).map(({ status }) => status)).toEqual(Array(5).fill("built"));
    }
  });

  it("for want of a builder is done without, and the report says so", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const env = service.variables([CHANGE, BASE]);
    const inputs = { "buildkit-image": "127.0.0.1:9/nothing:1" };
    const step = await job(scenario, { env, inputs });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.report?.notes.join("\n")).toContain("no other builder can be had");
    expect(await buildersLeft(step.runner)).toEqual([]);
  });
});

describe("a cache in a folder or a registry", () => {
  useService();

  it.each([
    ["a folder", (scenario: Scenario) => `local:${scenario.folder("cache")}`],
    ["a registry", () => `registry:${lab.registry.host}/weighbridge-scenarios/cache`],
  ])("saves a new builder every step: %s", async (_where, cacheOf) => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const inputs = { cache: cacheOf(scenario), name: randomUUID() };
    const cold = await job(scenario, { inputs });
    expect(cold.report?.notes, cold.log).toEqual([]);
    for (const run of ["second", "third"]) {
      const warm = await job(scenario, { inputs });
      expect(stepsOf(warm), run).toEqual(CACHED);
      expect(warm.report?.notes).toEqual([]);
    }
  });

  it("is named by cache-from and cache-to as well, and may come from another builder", async () => {
    const salt = randomUUID();
    const steps = ["one", "two"].map(
      (name) => `FROM busybox:1.35 AS ${name}\nRUN echo ${salt} > /${name}`,
    );
    const files = { Dockerfile: [...steps, "FROM one", "COPY --from=two /two /", ""].join("\n") };
    await using writer = await Scenario.start({ engine: "builder", files });
    const folder = writer.folder("cache");
    const write = { ...BUILD_ALONE, "cache-to": `type=local,dest=${folder},mode=max` };
    const written = await writer.run({ inputs: write });
    expect(written.exitCode, written.log).toBe(0);
    await using reader = await Scenario.start({ engine: "containerd", files });
    const inputs = { ...BUILD_ALONE, "cache-from": `type=local,src=${folder}` };
    const read = await reader.run({ inputs });
    expect(read.exitCode, read.log).toBe(0);
    const ran = stagesOf(read).flatMap(({ name, steps: all }) => [name, all.at(-1)?.cached]);
    expect(ran).toEqual(["one", true, "two", true, "2", true]);
  });

  it("that is not there, or that the builder cannot write, makes no run fail", async () => {
    await using scenario = await Scenario.start({ engine: "graph", files: project() });
    const inputs = {
      ...BUILD_ALONE,
      "cache-from": `type=local,src=${scenario.folder("nothing")}`,
      "cache-to": `type=local,dest=${scenario.folder("cache")}`,
    };
    const step = await scenario.run({ inputs });
    expect(step.exitCode, step.log).toBe(0);
    expect(stagesOf(step).map(({ status }) => status)).toEqual(Array(5).fill("built"));
    expect(step.report?.notes.join("\n")).toContain("The build cache could not be written");
  });
});

describe("a step that fails", () => {
  useService();

  it("is run once, with a cache too, and the others are finished", async () => {
    const salt = randomUUID();
    const dockerfile = `FROM busybox:1.35 AS bad
RUN echo "try of ${salt}" && exit 3
FROM busybox:1.35 AS good
RUN sleep 2; echo ${salt} > /good
`;
    await using scenario = await Scenario.start({ files: { Dockerfile: dockerfile } });
    const cache = `local:${scenario.folder("cache")}`;
    for (const inputs of [{ cache }, { cache: "off" }]) {
      const step = await scenario.run({ inputs: { ...BUILD_ALONE, ...inputs } });
      expect(stagesOf(step).map(({ status }) => status)).toEqual(["failed", "built"]);
      const tries = step.log.split("\n").filter((line) => line.includes(`│   try of ${salt}`));
      expect(tries).toHaveLength(1);
    }
  });

  it("leaves the others built anew where no cache is to be used", async () => {
    const salt = randomUUID();
    const good = `FROM busybox:1.35 AS good\nRUN sleep 2; head -c 9 /dev/urandom > /${salt}\n`;
    const bad = "FROM busybox:1.35 AS bad\nRUN exit 3\n";
    await using scenario = await Scenario.start({ files: { Dockerfile: good } });
    const first = await scenario.run({ inputs: BUILD_ALONE });
    await scenario.write({ Dockerfile: good + bad });
    const second = await scenario.run({ inputs: { ...BUILD_ALONE, "no-cache": "true" } });
    const [before, after] = [stagesOf(first)[0], stagesOf(second)[0]];
    expect([before?.status, after?.status], second.log).toEqual(["built", "built"]);
    expect(after?.steps.at(-1)).toMatchObject({ cached: false });
    expect(after?.digest).not.toBe(before?.digest);
  });
});
