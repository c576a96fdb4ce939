import { describe, expect, it } from "vitest";
import { makeBuilder } from "../../../src/build/builder/builder.ts";
import { chooseBuilder } from "../../../src/build/builder/choose-builder.ts";
import type { BuildInputs } from "../../../src/model/inputs.ts";
import { makePlannedImage } from "../../make.ts";
import { plainBuild } from "../../plan/plan-fixture.ts";
import { type BuilderEngineOptions, builderEngine } from "../engine-with-builders.ts";

const GRAPH = makeBuilder(undefined, "Driver: docker\n", {}, "0.29.1");
const CONTAINERD = makeBuilder(
  undefined,
  "Driver: docker\n",
  { DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] },
  "0.29.1",
);
const SET_UP = makeBuilder("mine", "Driver: docker-container\n", {}, "0.29.1");
const FAR = { ...GRAPH, reachesLoopback: false };
const LOCAL = { kind: "local", folder: "/cache" } as const;
const plan = { images: [makePlannedImage()] };
const key = { name: "app", targets: [] };
/** The image that the stage of `plan` stands on, made by an earlier step. */
const ONLY_HERE = { images: { "python:3.11-slim": [] } };

async function choose(
  current: typeof GRAPH,
  inputs: Partial<BuildInputs>,
  options: BuilderEngineOptions = {},
) {
  const engine = builderEngine(options);
  const request = { inputs: { ...plainBuild, ...inputs }, key, plan };
  return { ...engine, choice: await chooseBuilder(engine.host, current, request) };
}

describe("the builder of a run", () => {
  it.each([
    ["that can write a cache", CONTAINERD, { cache: LOCAL }],
    ["of which no cache is asked", GRAPH, { cache: { kind: "off" } }],
    ["that cannot be asked for GitHub's", GRAPH, {}],
  ] as const)("is the current one %s", async (_which, current, inputs) => {
    const { choice, builders } = await choose(current, inputs);
    expect([choice.builder, choice.own, builders.size]).toEqual([current, undefined, 0]);
  });

  it("is one made for it where the current one cannot write the cache", async () => {
    const { choice, builders, logged } = await choose(GRAPH, { cache: LOCAL });
    expect(builders).toContain(choice.builder.name);
    expect([choice.own, choice.caches.writes]).toEqual([expect.anything(), true]);
    expect(logged.join()).toContain(
      "Building with a builder made for this, on the machine's network: ",
    );
  });

  it("is one made for it where images could not come out of the current one", async () => {
    const { choice, builders } = await choose(FAR, { cache: { kind: "off" } });
    expect(builders).toContain(choice.builder.name);
  });

  it("is the one that was named, without a cache that it cannot write", async () => {
    const { choice, builders } = await choose(GRAPH, { cache: LOCAL, builder: "mine" });
    expect([choice.caches.writes, builders.size]).toEqual([false, 0]);
    expect(choice.caches.note).toContain("older image store cannot write a cache");
  });

  it("is the current one, without a cache, where no other can be had", async () => {
    const { choice } = await choose(GRAPH, { cache: LOCAL }, { createExitCode: 1 });
    expect([choice.builder, choice.own, choice.caches.writes]).toEqual([GRAPH, undefined, false]);
    expect(choice.caches.note).toContain("no other builder can be had: ERROR: no such thing");
  });

  it.each([
    ["by name", { cache: LOCAL }],
    ["by nobody", {}],
  ])("is the only one that sees an image, whatever cache is asked for %s", async (_who, inputs) => {
    const env = {
      ACTIONS_RUNTIME_TOKEN: "opaque",
      ACTIONS_RESULTS_URL: "https://results.example/",
    };
    const { choice, builders, logged } = await choose(GRAPH, inputs, { ...ONLY_HERE, env });
    expect([choice.builder, choice.caches.writes, builders.size]).toEqual([GRAPH, false, 0]);
    const reason = '"python:3.11-slim" is in no registry, only in the engine';
    expect(choice.caches.note).toContain(reason);
    expect(logged.join()).toContain(reason);
  });

  it.each([
    ["is new where it holds nothing yet", SET_UP, LOCAL, "0B", true],
    ["is not new where it holds anything", SET_UP, LOCAL, "12.3MB", false],
    ["is not asked whether it is new where no cache is read", SET_UP, { kind: "off" }, "0B", false],
    ["is not new where it is the engine's own", CONTAINERD, LOCAL, "0B", false],
  ] as const)("%s", async (_what, current, cache, held, isNew) => {
    const { choice, commands } = await choose(current, { cache }, { held });
    expect(choice.isBuilderNew).toBe(isNew);
    expect(commands.includes("buildx du --builder mine")).toBe(
      current === SET_UP && cache === LOCAL,
    );
  });

  it("is kept until the end where the cache does not answer", async () => {
    const env = {
      ACTIONS_RUNTIME_TOKEN: "opaque",
      ACTIONS_RESULTS_URL: "https://results.example/",
    };
    const { choice } = await choose(GRAPH, {}, { env });
    expect(choice.caches.note).toBe("Without the build cache: GitHub's does not answer.");
    expect(choice.own).toBeDefined();
  });
});
