import { expect, test } from "vitest";
import { isCompromisedProgram, isCompromisedVersion } from "../../src/tools/compromised.ts";
import { PINNED_RELEASES } from "../../src/tools/pinned.ts";
import { releaseFile } from "../../src/tools/releases.ts";

const tools = (["trivy", "hadolint"] as const).map((name) => ({ name, ...PINNED_RELEASES[name] }));
const files = tools.flatMap(({ name, version, files: byMachine }) =>
  Object.entries(byMachine).map(([machine, hashes]) => ({ name, version, machine, hashes })),
);
const hashes = files.flatMap((file) =>
  [file.hashes.sha256, file.hashes.programSha256 ?? []].flat(),
);

test.each(tools)("$name is not a version with malware", ({ name, version }) => {
  expect(isCompromisedVersion(name, version)).toBe(false);
});

test.each(tools)("$name is there for the machines that GitHub's runners have", (tool) => {
  const machines = new Set(["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64"]);
  expect(new Set(Object.keys(tool.files))).toEqual(machines);
});

test.each(files)("$name for $machine is a file of its release", ({ name, version, machine }) => {
  expect(releaseFile(name, version, machine)).toBeDefined();
});

test.each(hashes)("%s is a whole SHA-256", (sha256) => {
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("no two files have the same hash", () => {
  expect(new Set(hashes).size).toBe(hashes.length);
});

test("the programs of the release that carried malware are known by their hash", () => {
  const linux = "822dd269ec10459572dfaaefe163dae693c344249a0161953f0d5cdd110bd2a0";
  expect(isCompromisedProgram(linux)).toBe(true);
  expect(isCompromisedProgram(linux.replace("8", "9"))).toBe(false);
});
