// A builder whose own disk has less room than the stages need, as an engine's volume or a machine for
// builds can have.

import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { BUILDKIT, engineEnvironment } from "./engines.ts";
import { Scenario } from "./scenario.ts";

const run = promisify(execFile);

interface SmallBuilder extends AsyncDisposable {
  readonly name: string;
}

/** A builder that keeps what it builds in so many megabytes of memory. */
async function smallBuilder(megabytes: number): Promise<SmallBuilder> {
  const name = `small-${randomUUID()}`;
  const env = engineEnvironment("containerd");
  // Named as buildx would name it, which then uses it.
  const volume = `buildx_buildkit_${name}0_state`;
  const inMemory = ["type=tmpfs", "device=tmpfs", `o=size=${megabytes}m`];
  const settings = inMemory.flatMap((option) => ["--opt", option]);
  const driver = ["--driver", "docker-container"];
  const options = ["network=host", `image=${BUILDKIT["buildkit-image"]}`];
  const rest = [...driver, ...options.flatMap((option) => ["--driver-opt", option])];
  const docker = (...args: readonly string[]) =>
    run("docker", args, { env: { ...process.env, ...env } });
  await docker("volume", "create", ...settings, volume);
  await docker("buildx", "create", "--name", name, ...rest, "--bootstrap");
  return {
    name,
    async [Symbol.asyncDispose]() {
      await docker("buildx", "rm", "--force", name);
      await docker("volume", "rm", "--force", volume);
    },
  };
}

/** Three stages of which two are together more than there is room for. */
const DOCKERFILE = `FROM busybox:1.35 AS base
RUN head -c 25000000 /dev/urandom > /one
FROM base AS other
RUN head -c 25000000 /dev/urandom > /two
FROM busybox:1.35 AS small
RUN echo small > /name
`;

it("a builder's disk that is full is told as such, and no stage is blamed", async () => {
  await using builder = await smallBuilder(90);
  const files = { Dockerfile: DOCKERFILE };
  await using scenario = await Scenario.start({ engine: "containerd", files });
  const inputs = { builder: builder.name, scanners: "none", lint: "false", cache: "off" };
  // What fills it may be the images, or what the solve before has left.
  for (const runId of [100, 101]) {
    const step = await scenario.run({ runId, inputs });
    expect([step.exitCode, step.outputs], step.log).toEqual([1, {}]);
    const errors = step.commands.filter(({ name }) => name === "error");
    expect(errors, step.log).toEqual([
      expect.objectContaining({
        message: expect.stringMatching(
          `^The disk is full: that of the builder "${builder.name}": .*no space left on device`,
        ),
      }),
    ]);
    expect(errors[0]?.properties).not.toHaveProperty("file");
    expect(step.summary).not.toContain("failed");
    expect(step.log).not.toMatch(/^ +at /m);
  }
});
