import { describe, expect, test } from "vitest";
import { formatPlatform, parsePlatform } from "../../src/plan/platform.ts";

const machine = { os: "linux", architecture: "amd64", variant: "" };

describe("a platform", () => {
  test.each([
    ["linux/amd64", "linux/amd64"],
    ["Linux/x86_64", "linux/amd64"],
    ["linux/amd64/v1", "linux/amd64"],
    ["linux/amd64/v3", "linux/amd64/v3"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/arm64/9", "linux/arm64/v9"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/arm/6", "linux/arm/v6"],
    ["linux/armel", "linux/arm/v6"],
    ["linux/i386", "linux/386"],
    ["macos/arm64", "darwin/arm64"],
    ["windows(10.0.20348)/amd64", "windows/amd64"],
    ["windows", "windows/amd64"],
    ["arm64", "linux/arm64"],
    ["plan10/what", "plan10/what"],
  ])("%s is %s", (text, expected) => {
    const platform = parsePlatform(text, machine);
    expect(platform && formatPlatform(platform)).toBe(expected);
  });

  test.each([
    "",
    "what",
    "linux/",
    "/amd64",
    "linux/amd64/v1/x",
    "linux/*",
    "linux/amd 64",
    "linux(/a",
  ])("%j is none", (text) => {
    expect(parsePlatform(text, machine)).toBeUndefined();
  });
});
