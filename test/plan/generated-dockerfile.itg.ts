// Stages that `--target` cannot address, built for real: each holds what its own instructions made.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureLab, type Lab } from "../../scripts/lab/lab.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { planFixture } from "./plan-fixture.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "dockerfiles");
const host = createLocalHost({ workspace: folder });
let lab: Pick<Lab, "engine" | "images">;

beforeAll(async () => {
  lab = await ensureLab(["engine", "images"]);
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
    { index: 0, path: "which", content: "first", what: "the hidden stage" },
    { index: 1, path: "seen", content: "first", what: "the stage on the hidden one" },
    { index: 2, path: "which", content: "second", what: "the stage that hides it" },
    { index: 3, path: "seen", content: "second", what: "the stage on the hiding one" },
    { index: 4, path: "copied-by-name", content: "second", what: "what is copied by name" },
    { index: 4, path: "copied-by-number", content: "first", what: "what is copied by number" },
  ])("builds $what: $content", async ({ index, path, content }) => {
    expect(await builtFile(fixture, index, path)).toBe(content);
  });
});

describe("a Dockerfile whose stages have no names", () => {
  const fixture = "unnamed-stages.Dockerfile";
  test.each([
    { index: 0, path: "one" },
    { index: 1, path: "one" },
    { index: 2, path: "two" },
  ])("builds stage $index", async ({ index, path }) => {
    expect(await builtFile(fixture, index, path)).toBe("one");
  });
});

describe("a Dockerfile that uses the names that we would generate", () => {
  const fixture = "our-own-names.Dockerfile";
  test.each([
    { index: 0, path: "name", content: "unnamed" },
    { index: 1, path: "name", content: "named" },
    { index: 2, path: "name", content: "named" },
    { index: 2, path: "other", content: "unnamed" },
  ])("builds stage $index with $content in $path", async ({ index, path, content }) => {
    expect(await builtFile(fixture, index, path)).toBe(content);
  });
});

describe("a Dockerfile with stages called context and scratch", () => {
  const fixture = "reserved-names.Dockerfile";
  test.each([
    { index: 0, path: "name", content: "context" },
    { index: 1, path: "name", content: "scratch" },
    { index: 2, path: "name", content: "scratch" },
    { index: 2, path: "other", content: "context" },
  ])("builds stage $index with $content in $path", async ({ index, path, content }) => {
    expect(await builtFile(fixture, index, path)).toBe(content);
  });
});
