import { expect, test } from "vitest";
import { releaseFile } from "../../src/tools/releases.ts";

test.each([
  ["linux-x64", "trivy_0.73.0_Linux-64bit.tar.gz"],
  ["linux-arm64", "trivy_0.73.0_Linux-ARM64.tar.gz"],
  ["darwin-x64", "trivy_0.73.0_macOS-64bit.tar.gz"],
  ["darwin-arm64", "trivy_0.73.0_macOS-ARM64.tar.gz"],
])("Trivy for %s is in an archive of its release", (machine, name) => {
  expect(releaseFile("trivy", "0.73.0", machine)).toEqual({
    name,
    path: `aquasecurity/trivy/releases/download/v0.73.0/${name}`,
    kind: "tar.gz",
  });
});

test.each([
  ["linux-x64", "hadolint-linux-x86_64"],
  ["linux-arm64", "hadolint-linux-arm64"],
  ["darwin-x64", "hadolint-macos-x86_64"],
  ["darwin-arm64", "hadolint-macos-arm64"],
])("Hadolint for %s is a file of its release", (machine, name) => {
  expect(releaseFile("hadolint", "2.15.1", machine)).toEqual({
    name,
    path: `hadolint/hadolint/releases/download/v2.15.1/${name}`,
    kind: "program",
  });
});

test.each([
  ["2.12.0", "hadolint-Linux-x86_64"],
  ["2.13.1", "hadolint-linux-x86_64"],
  ["3.0.0", "hadolint-linux-x86_64"],
])("Hadolint %s is called as its makers call it", (version, name) => {
  expect(releaseFile("hadolint", version, "linux-x64")?.name).toBe(name);
});

test("there is none for a machine that nothing is released for", () => {
  expect(releaseFile("trivy", "0.73.0", "aix-ppc64")).toBeUndefined();
  expect(releaseFile("hadolint", "2.12.0", "darwin-arm64")).toBeUndefined();
});
