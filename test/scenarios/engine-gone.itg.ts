// An engine that goes away while it builds, as when its machine or its memory gives out.

import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { openEnginePort } from "./engine-port.ts";
import { BUILDKIT, type EngineName, engineEnvironment } from "./engines.ts";
import {
  buildersLeft,
  isRunning,
  killStarterOf,
  programsLeftIn,
  temporaryFolders,
  when,
} from "./killing.ts";
import { Scenario, type StepResult } from "./scenario.ts";

/** A step that runs until the engine is gone, as no other test's does. */
function dockerfile(seconds: string): string {
  return `FROM busybox:1.35 AS base\nRUN sleep ${seconds}\nFROM base AS production\n`;
}

function errorsOf(step: StepResult) {
  return step.commands.filter(({ name }) => name === "error");
}

/** What has to hold however an engine goes. */
async function expectBlameOfEngine(scenario: Scenario, step: StepResult): Promise<void> {
  expect(step.exitCode, step.log).toBe(1);
  expect(errorsOf(step), step.log).toEqual([
    expect.objectContaining({ message: expect.stringMatching(/^(The engine|BuildKit) went away/) }),
  ]);
  // No line of the Dockerfile is to blame.
  expect(errorsOf(step)[0]?.properties).not.toHaveProperty("file");
  expect(step.log).not.toMatch(/^ +at /m);
  expect(scenario.categories()).toEqual([]);
  expect(await temporaryFolders(scenario)).toEqual([]);
  expect(await programsLeftIn(scenario.folder("runner"))).toEqual([]);
}

describe.each([
  ["containerd", "417.1301"],
  ["graph", "417.1302"],
] as const)("the %s engine that is gone in mid-build", (engine: EngineName, seconds) => {
  it("is what the run fails for, and the next run finds all in order", async () => {
    await using scenario = await Scenario.start({
      engine,
      files: { Dockerfile: dockerfile(seconds) },
    });
    const { DOCKER_HOST = "" } = engineEnvironment(engine);
    await using port = await openEnginePort(DOCKER_HOST, "127.0.0.1");
    when(() => isRunning(seconds)).addEventListener("abort", () => port.cut());
    const inputs = { scanners: "none", cache: "off" };
    const step = await scenario.run({ env: { DOCKER_HOST: port.dockerHost }, inputs });
    await expectBlameOfEngine(scenario, step);
    await scenario.write({ Dockerfile: dockerfile("0.01") });
    const again = await scenario.run({ inputs });
    expect([again.exitCode, again.outputs.verdict], again.log).toEqual([0, "pass"]);
  });
});

describe("a builder of our own that is gone in mid-build", () => {
  it("is what the run fails for, and nothing of it is left", async () => {
    const seconds = "417.1303";
    await using scenario = await Scenario.start({
      engine: "graph",
      files: { Dockerfile: dockerfile(seconds) },
    });
    // As the system does when memory runs out, whenever the step is tried.
    const ended = new AbortController();
    const killing = killEachTime(seconds, ended.signal);
    const cache = `local:${scenario.folder("kept")}`;
    const step = await scenario.run({ inputs: { ...BUILDKIT, cache, scanners: "none" } });
    ended.abort();
    await killing;
    // First of all: whatever it left would be found by others.
    await scenario.post(step);
    await expectBlameOfEngine(scenario, step);
    expect(await buildersLeft(step.runner)).toEqual([]);
  });
});

async function killEachTime(seconds: string, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    if (isRunning(seconds)) killStarterOf(seconds, "buildkitd");
    await wait(100);
  }
}
