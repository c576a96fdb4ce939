import { expect, test } from "vitest";
import { containerPlatform, environmentOf } from "../../src/host/machine.ts";

test.each([
  ["x64", "linux/amd64"],
  ["arm64", "linux/arm64"],
  ["arm", "linux/arm/v7"],
  ["s390x", "linux/s390x"],
])("containers on %s are %s", (architecture, platform) => {
  expect(containerPlatform(architecture)).toBe(platform);
});

test("variables without a value are left out", () => {
  expect(environmentOf({ A: "1", B: undefined, C: "" })).toEqual({ A: "1", C: "" });
});
