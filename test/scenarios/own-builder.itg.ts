// The builder that is made where the current one cannot write a cache: who uses it, what it can
// reach, and that nothing is left of it however a run ends.

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { BUILDKIT, engineEnvironment, lab } from "./engines.ts";
import { buildersLeft, isRunning, temporaryFolders, when } from "./killing.ts";
import { stagesOf } from "./reading.ts";
import { Scenario, type StepResult } from "./scenario.ts";
import { openTlsRegistry } from "./tls-registry.ts";

const run = promisify(execFile);

/** What is looked at here is the build. */
const BUILD_ALONE = { scanners: "none", lint: "false" };

/** Inputs that make a builder. */
function inputsOf(scenario: Scenario): Readonly<Record<string, string>> {
  return { ...BUILD_ALONE, ...BUILDKIT, cache: `local:${scenario.folder("cache")}` };
}

function optionsOf(scenario: Scenario): readonly string[] {
  return optionsFrom(inputsOf(scenario));
}

function optionsFrom(inputs: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(inputs).map(([name, value]) => `--${name}=${value}`);
}

/** A step that takes two minutes, and the argument that it is known by. */
function sleepyStep(): { readonly files: Readonly<Record<string, string>>; argument: string } {
  const argument = `120.${Math.floor(Math.random() * 1e9)}`;
  return { files: { Dockerfile: `FROM busybox:1.35\nRUN sleep ${argument}\n` }, argument };
}

function quickStep(): Readonly<Record<string, string>> {
  return { Dockerfile: `FROM busybox:1.35\nRUN echo ${randomUUID()} > /x\n` };
}

function expectBuilt(step: StepResult): void {
  expect(step.exitCode, step.log).toBe(0);
  expect(stagesOf(step).map(({ status }) => status)).toEqual(["built"]);
}

/** With the older image store, which cannot write a cache. */
const start = (files: Readonly<Record<string, string>>) =>
  Scenario.start({ engine: "graph", files });

describe("a builder of our own", () => {
  it("is used by all steps of a job, and removed by the next job when the runner was killed", async () => {
    await using scenario = await start(quickStep());
    for (const name of ["one", "two"]) {
      expectBuilt(await scenario.run({ inputs: { ...inputsOf(scenario), name } }));
      // Its container, its volume, and what buildx knows of it.
      expect(await buildersLeft()).toHaveLength(3);
    }
    await scenario.run({ inputs: BUILD_ALONE, runId: 101 });
    expect(await buildersLeft()).toEqual([]);
  });

  it("reaches registries as the engine is configured to", async () => {
    await using scenario = await start(quickStep());
    // Without the lab's own configuration for builders: Docker Hub is out of its reach.
    const env = { BUILDX_CONFIG: await scenario.makeFolder("buildx") };
    const step = await scenario.run({ env, inputs: inputsOf(scenario) });
    await scenario.post(step);
    expectBuilt(step);
    expect(step.log).toContain("Building with a builder made for this");
    expect(await buildersLeft()).toEqual([]);
  });

  it("reaches a registry with the certificates that the engine has of it", async () => {
    await using scenario = await start({
      Dockerfile: "FROM busybox:1.35\nRUN echo base > /base\n",
    });
    const repository = `weighbridge-scenarios/tls:${randomUUID()}`;
    const output = `type=image,name=${lab.registry.host}/${repository},push=true`;
    const env = { ...process.env, ...engineEnvironment("containerd") };
    await run("docker", ["buildx", "build", "--output", output, scenario.workspace], { env });

    await using registry = await openTlsRegistry(scenario.folder("authority"));
    const Dockerfile = `FROM ${registry.host}/${repository}\nRUN cat /base > /copy\n`;
    await scenario.write({ Dockerfile });
    const config = await scenario.makeFolder("config");
    await registry.writeCertificates(join(config, "docker", "certs.d"));
    const variables = { BUILDX_CONFIG: scenario.folder("buildx"), XDG_CONFIG_HOME: config };
    const step = await scenario.run({ env: variables, inputs: inputsOf(scenario) });
    await scenario.post(step);
    expectBuilt(step);
    expect(step.log).toContain("Building with a builder made for this");
  });

  it("has the proxies of the environment, and tells no password of theirs", async () => {
    // The network knows no such name: only the proxy is asked.
    const Dockerfile = "FROM busybox:1.35\nADD http://files.invalid/x /x\nRUN grep proxy /x\n";
    await using scenario = await start({ Dockerfile });
    const server = createServer((_request, response) => void response.end("by the proxy\n"));
    await once(server.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const env = {
        HTTP_PROXY: `http://me:hunter-two@127.0.0.1:${port}`,
        NO_PROXY: "one.invalid,two.invalid",
      };
      const step = await scenario.run({ env, inputs: inputsOf(scenario) });
      await scenario.post(step);
      expectBuilt(step);
      expect(step.log).toContain("Building with a builder made for this");
      expect(step.log.replaceAll(/^::add-mask::.*$/gm, "")).not.toContain("hunter-two");
    } finally {
      server.close();
    }
  });

  it("is not made where an image is only in the engine, which is told", async () => {
    const image = `weighbridge-test/only-here:${randomUUID()}`;
    const env = { ...process.env, ...engineEnvironment("graph") };
    await using scenario = await start({ Dockerfile: `FROM busybox:1.35\nLABEL a=${image}\n` });
    await run("docker", ["build", "--tag", image, scenario.workspace], { env });
    try {
      await scenario.write({ Dockerfile: `FROM busybox:1.35\nCOPY --from=${image} /bin/sh /x\n` });
      const step = await scenario.run({ inputs: inputsOf(scenario) });
      expectBuilt(step);
      const reason = `"${image}" is in no registry, only in the engine`;
      expect(step.report?.notes.join()).toContain(reason);
      expect(step.log).toContain(reason);
      expect(await buildersLeft()).toEqual([]);
    } finally {
      await run("docker", ["image", "rm", image], { env });
    }
  });
});

describe("of a builder of our own nothing is left on a runner", () => {
  it("that is cancelled while it is being made", async () => {
    await using scenario = await start(quickStep());
    const cancel = when(() => isRunning(`image=${BUILDKIT["buildkit-image"]}`));
    const step = await scenario.run({ inputs: inputsOf(scenario), cancel });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.log).toContain("The run was cancelled by SIGINT; there is no report");
    expect(await buildersLeft()).toEqual([]);
    expect(await temporaryFolders(scenario)).toEqual([]);
  });

  it.each(["cancel", "kill"] as const)(
    "once the post step has run after %s in the middle of a build",
    async (how) => {
      const { files, argument } = sleepyStep();
      await using scenario = await start(files);
      const signal = when(() => isRunning(argument));
      const step = await scenario.run({ inputs: inputsOf(scenario), [how]: signal });
      expect(step.exitCode, step.log).toBe(how === "kill" ? null : 1);
      expect(await buildersLeft()).toHaveLength(3);
      expect((await scenario.post(step)).exitCode).toBe(0);
      expect(await buildersLeft()).toEqual([]);
      expect(isRunning(argument)).toBe(false);
      expect(await temporaryFolders(scenario)).toEqual([]);
    },
  );

  it("once the next job has run after it was killed, without a post step", async () => {
    const { files, argument } = sleepyStep();
    await using scenario = await start(files);
    const kill = when(() => isRunning(argument));
    await scenario.run({ inputs: inputsOf(scenario), kill });
    await scenario.write(quickStep());
    expectBuilt(await scenario.run({ inputs: BUILD_ALONE, runId: 101 }));
    expect(await buildersLeft()).toEqual([]);
    expect(isRunning(argument)).toBe(false);
  });
});

describe("of a builder of our own nothing is left on a laptop", () => {
  it.each([
    ["while it is being made", `image=${BUILDKIT["buildkit-image"]}`],
    ["in the middle of a build", undefined],
  ])("when a run is cancelled %s", async (_when, program) => {
    const { files, argument } = sleepyStep();
    await using scenario = await start(files);
    const cancel = when(() => isRunning(program ?? argument));
    const { exitCode, stderr } = await scenario.command(optionsOf(scenario), { cancel });
    expect(exitCode, stderr).not.toBe(0);
    expect(await buildersLeft()).toEqual([]);
    expect(isRunning(argument)).toBe(false);
  });

  it("once another run has begun after one that was killed", async () => {
    const { files, argument } = sleepyStep();
    await using scenario = await start(files);
    const kill = when(() => isRunning(argument));
    await scenario.command(optionsOf(scenario), { kill });
    expect(await buildersLeft()).toHaveLength(3);
    await scenario.write(quickStep());
    const next = await scenario.command([...optionsFrom(BUILD_ALONE), "--cache=off"]);
    expect(next.exitCode, next.stderr).toBe(0);
    expect(await buildersLeft()).toEqual([]);
  });

  it("when two runs at once both come out right", async () => {
    const argument = `4.${Math.floor(Math.random() * 1e9)}`;
    await using scenario = await start({
      Dockerfile: `FROM busybox:1.35\nRUN sleep ${argument}\n`,
    });
    const first = scenario.command([...optionsOf(scenario), "--name=one"]);
    // It begins, and looks for what others have left, while the other one builds.
    await once(
      when(() => isRunning(argument)),
      "abort",
    );
    const second = scenario.command([...optionsOf(scenario), "--name=two"]);
    for (const { exitCode, stdout, stderr } of await Promise.all([first, second])) {
      expect(exitCode, stdout + stderr).toBe(0);
      expect(stdout + stderr).not.toContain("Without the build cache");
    }
    expect(await buildersLeft()).toEqual([]);
  });
});
