// A run that is cancelled as runners do it (SIGINT, SIGTERM 7.5 seconds later, the end after 2.5
// more), or killed: what it has begun ends, what it has made goes, and the next run is right.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ENGINES } from "./engines.ts";
import {
  imagesIn,
  insteadOfScan,
  isRunning,
  programsIn,
  programsLeftIn,
  stateFolder,
  temporaryFolders,
  when,
} from "./killing.ts";
import { stagesOf } from "./reading.ts";
import { type RunOptions, Scenario, type StepResult } from "./scenario.ts";

const DOCKERFILE = "FROM busybox:1.35 AS production\n";

/** Milliseconds from the first signal to SIGTERM: who needs longer did not wind down. */
const UNTIL_SIGTERM = 7_500;

/** Runs until the moment, and then a little longer. */
async function cancelAt(
  scenario: Scenario,
  moment: () => boolean,
  options: RunOptions = {},
): Promise<{ readonly step: StepResult; readonly milliseconds: number }> {
  const cancel = when(moment);
  let cancelled = 0;
  cancel.addEventListener("abort", () => {
    cancelled = Date.now();
  });
  const step = await scenario.run({ ...options, cancel });
  return { step, milliseconds: Date.now() - cancelled };
}

/** Everything that a run must not leave behind. */
async function leftBehind(scenario: Scenario): Promise<readonly string[]> {
  const lock = join(stateFolder(scenario), "lock");
  return [
    ...(await programsLeftIn(scenario.folder("runner"))),
    ...(await temporaryFolders(scenario)),
    ...(existsSync(lock) ? [lock] : []),
  ];
}

async function expectNextToBeRight(scenario: Scenario): Promise<void> {
  await scenario.write({ Dockerfile: DOCKERFILE });
  const next = await scenario.run({ runId: 101 });
  expect(next.exitCode, next.log).toBe(0);
  expect(stagesOf(next).map(({ status, scan }) => [status, scan.status])).toEqual([
    ["built", "checked"],
  ]);
  expect(await leftBehind(scenario)).toEqual([]);
  expect(scenario.comments()).toHaveLength(1);
}

/** A step that takes two minutes, and the argument that it is known by. */
function sleepyStep(): { readonly dockerfile: string; readonly argument: string } {
  const argument = `120.${Math.floor(Math.random() * 1e9)}`;
  return { dockerfile: `FROM busybox:1.35\nRUN sleep ${argument}\n`, argument };
}

describe.each(ENGINES)("a run that is cancelled while it builds with the %s engine", (engine) => {
  it("ends the step, and leaves nothing behind", async () => {
    const { dockerfile, argument } = sleepyStep();
    await using scenario = await Scenario.start({ engine, files: { Dockerfile: dockerfile } });
    const { step, milliseconds } = await cancelAt(scenario, () => isRunning(argument));
    expect([step.exitCode, step.outputs]).toEqual([1, {}]);
    expect(step.log).toContain("The run was cancelled by SIGINT; there is no report");
    expect(step.log).not.toContain('"vertexes"');
    expect(milliseconds).toBeLessThan(UNTIL_SIGTERM);
    expect(isRunning(argument)).toBe(false);
    expect(await leftBehind(scenario)).toEqual([]);
    expect(await imagesIn(engine)).toEqual([]);
    await expectNextToBeRight(scenario);
  });
});

describe("a run that is cancelled", () => {
  it("while it scans ends the scanner, even one that will not", async () => {
    await using scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    const trivy = await insteadOfScan(scenario, "trap '' INT TERM; sleep 120; sleep 120");
    const inputs = { "trivy-path": trivy.path };
    const { step, milliseconds } = await cancelAt(scenario, trivy.hasBegun, { inputs });
    expect([step.exitCode, step.outputs]).toEqual([1, {}]);
    expect(milliseconds).toBeLessThan(UNTIL_SIGTERM);
    expect(await leftBehind(scenario)).toEqual([]);
    await expectNextToBeRight(scenario);
  });

  it("while it publishes has its summary, and waits for nobody", async () => {
    await using scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    scenario.github.misbehave({ times: 99, with: { kind: "silence" } });
    const asked = () => scenario.github.exchanges.length > 1;
    const { step, milliseconds } = await cancelAt(scenario, asked);
    expect(milliseconds).toBeLessThan(UNTIL_SIGTERM);
    expect(step.summary).toContain("`production`");
    expect(step.log).toContain("GitHub could not be reached: the run was cancelled");
    expect(await leftBehind(scenario)).toEqual([]);
    scenario.github.behave();
    await expectNextToBeRight(scenario);
  });

  it("while it waits for another one stops waiting", async () => {
    await using scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    const state = scenario.folder("state");
    const trivy = await insteadOfScan(scenario, "sleep 120");
    const stop = new AbortController();
    const inputs = { state, "trivy-path": trivy.path };
    const holder = scenario.run({ machine: "holder", inputs, cancel: stop.signal });
    while (!trivy.hasBegun()) await new Promise((resolve) => setTimeout(resolve, 100));
    const begun = Date.now();
    const { step, milliseconds } = await cancelAt(scenario, () => Date.now() - begun > 8_000, {
      inputs: { state },
    });
    expect(step.log).toContain("Waiting for process");
    expect(step.log).toContain("The run was cancelled by SIGINT; there is no report");
    expect(milliseconds).toBeLessThan(UNTIL_SIGTERM);
    stop.abort();
    await holder;
  });
});

describe("a run that is killed", () => {
  it("while it builds is tidied up after by the next one", async () => {
    const { dockerfile, argument } = sleepyStep();
    await using scenario = await Scenario.start({ files: { Dockerfile: dockerfile } });
    const step = await scenario.run({ kill: when(() => isRunning(argument)) });
    expect(step.exitCode).toBeNull();
    expect(await temporaryFolders(scenario)).not.toEqual([]);
    expect(programsIn(scenario.folder("runner"))).not.toEqual([]);
    await expectNextToBeRight(scenario);
    expect(isRunning(argument)).toBe(false);
  });

  it("while it pushes leaves no image with the older image store once the next one has run", async () => {
    const { dockerfile, argument } = sleepyStep();
    const files = { Dockerfile: `FROM busybox:1.35\nRUN echo ${argument} > /x\n${dockerfile}` };
    await using scenario = await Scenario.start({ engine: "graph", files });
    expect(await imagesIn("graph")).toEqual([]);
    const kill = when(async () => isRunning(argument) && (await imagesIn("graph")).length > 0);
    expect((await scenario.run({ kill })).exitCode).toBeNull();
    expect(await imagesIn("graph")).not.toEqual([]);
    await expectNextToBeRight(scenario);
    expect(await imagesIn("graph")).toEqual([]);
  });

  it("while it scans is tidied up after by the next one", async () => {
    await using scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    const trivy = await insteadOfScan(scenario, "sleep 120");
    const inputs = { "trivy-path": trivy.path };
    const step = await scenario.run({ inputs, kill: when(trivy.hasBegun) });
    expect(step.exitCode).toBeNull();
    expect(await temporaryFolders(scenario)).not.toEqual([]);
    await expectNextToBeRight(scenario);
  });

  it("while it publishes is tidied up after by its post step", async () => {
    await using scenario = await Scenario.start({ files: { Dockerfile: DOCKERFILE } });
    scenario.github.misbehave({ times: 99, with: { kind: "silence" } });
    const asked = () => scenario.github.exchanges.length > 1;
    const step = await scenario.run({ kill: when(asked) });
    expect(step.exitCode).toBeNull();
    scenario.github.behave();
    expect((await scenario.post(step)).exitCode).toBe(0);
    expect(await programsLeftIn(scenario.folder("runner"))).toEqual([]);
    expect(await temporaryFolders(scenario)).toEqual([]);
    await expectNextToBeRight(scenario);
  });
});
