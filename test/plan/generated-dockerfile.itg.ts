// Stages that `--target` cannot address, built for real: each holds what its own instructions made.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Lab } from "../../scripts/lab/lab.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { planFixture } from "./plan-fixture.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "dockerfiles");
const host = createLocalHost({ workspace: folder });
let lab: Pick<Lab, "engine" | "images">;

beforeAll(async () => {
  lab = await labParts(["engine", "images"]);
});

afterAll(() => host[Symbol.dispose]());

/** Builds a stage of a fixture as the plan addresses it, and reads one file of the result. */
async function builtFile(fixture: string, index: number, path: string): Promise<string> {
  const { text, generatedText, stages } = await planFixture(host, fixture);
  const decision = stages[index]?.decision;
  if (decision?.kind !== "build") throw new Error(`stage ${index} is not to be built`);
  await using output = await host.files.temporaryFolder("weighbridge-test-");
  const target = decision.target === "" ? [] : ["--target", decision.target];
  const { exitCode, stderr } = await host.exec(
    "docker",
    ["buildx", "build", "--builder=default", "-f-", ...target, "-o", output.path, output.path],
    { env: { ...host.env, ...lab.engine.environment }, input: generatedText ?? text },
  );
  if (exitCode !== 0) throw new Error(stderr);
  return readFileSync(join(output.path, path), "utf8").trim();
}

describe("a Dockerfile with two stages of one name", () => {
  const fixture = "duplicate-names.Dockerfile";
  test.each([
    ["the hidden stage", 0, "which", "first"],
    ["the stage on the hidden one", 1, "seen", "first"],
    ["the stage that hides it", 2, "which", "second"],
    ["the stage on the hiding one", 3, "seen", "second"],
    ["what is copied by name", 4, "copied-by-name", "second"],
    ["what is copied by number", 4, "copied-by-number", "first"],
  ])("builds %s", async (_, index, path, content) => {
    expect(await builtFile(fixture, index, path)).toBe(content);
  });
});

describe("a Dockerfile whose stages have no names", () => {
  const fixture = "unnamed-stages.Dockerfile";
  test.each([
    [0, "one"],
    [1, "one"],
    [2, "two"],
  ])("builds stage %i", async (index, path) => {
    expect(await builtFile(fixture, index, path)).toBe("one");
  });
});

describe("a Dockerfile that uses the names that we would generate", () => {
  const fixture = "our-own-names.Dockerfile";
  test.each([
    [0, "unnamed", "name"],
    [1, "named", "name"],
    [2, "named", "name"],
    [2, "unnamed", "other"],
  ])("builds stage %i with %s in /%s", async (index, content, path) => {
    expect(await builtFile(fixture, index, path)).toBe(content);
  });
});

describe("a Dockerfile with stages called context and scratch", () => {
  const fixture = "reserved-names.Dockerfile";
  test.each([
    [0, "context", "name"],
    [1, "scratch", "name"],
    [2, "scratch", "name"],
    [2, "context", "other"],
  ])("builds stage %i with %s in /%s", async (index, content, path) => {
    expect(await builtFile(fixture, index, path)).toBe(content);
  });
});
