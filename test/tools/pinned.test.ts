import { expect, test } from "vitest";
import { isCompromisedProgram, isCompromisedVersion } from "../../src/tools/compromised.ts";
import { PINNED_TOOLS } from "../../src/tools/pinned.ts";

const tools = Object.entries(PINNED_TOOLS);
const files = tools.flatMap(([name, tool]) =>
  Object.entries(tool.files).map(([machine, file]) => ({ name, tool, machine, file })),
);

test.each(tools)("%s stands under its own name and is not a version with malware", (name, tool) => {
  expect(tool.name).toBe(name);
  expect(isCompromisedVersion(tool.name, tool.version)).toBe(false);
  expect(tool.releasePath.endsWith(`/v${tool.version}`)).toBe(true);
});

test.each(tools)("%s is there for the machines that GitHub's runners have", (_, tool) => {
  const machines = new Set(["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]);
  expect(new Set(Object.keys(tool.files))).toEqual(machines);
});

test.each(files)("$name for $machine has a whole SHA-256", ({ file }) => {
  expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("no two files have the same hash", () => {
  expect(new Set(files.map(({ file }) => file.sha256)).size).toBe(files.length);
});

test("the programs of the release that carried malware are known by their hash", () => {
  const linux = "822dd269ec10459572dfaaefe163dae693c344249a0161953f0d5cdd110bd2a0";
  expect(isCompromisedProgram(linux)).toBe(true);
  expect(isCompromisedProgram(linux.replace("8", "9"))).toBe(false);
});
