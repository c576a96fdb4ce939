import { expect, test } from "vitest";
import { compareVersions, leastAbove } from "../../src/report/version-order.ts";

test.each([
  ["2.2.5", "2.2.10"],
  ["3.0.11-1~deb12u2", "3.0.13-1~deb12u1"],
  ["1:1.2.13.dfsg-1", "2:1.0"],
  ["2.0.0-rc.1", "2.0.0"],
  ["1.0~beta", "1.0"],
  ["1.0", "1.0.1"],
  ["1.2.3", "1.2.3-r1"],
  ["v1.9.0", "1.10.0"],
  ["1.0.2k", "1.0.2zh"],
  ["20230311", "20240203"],
])("%s is below %s", (lower, higher) => {
  expect(compareVersions(lower, higher)).toBeLessThan(0);
  expect(compareVersions(higher, lower)).toBeGreaterThan(0);
  expect(compareVersions(lower, lower)).toBe(0);
});

test("of several fixes, the one to go to is the next above what is installed", () => {
  expect(leastAbove("2.2.2", ["2.3.2", "2.2.5"])).toBe("2.2.5");
  expect(leastAbove("2.3.0", ["2.2.5", "2.3.2"])).toBe("2.3.2");
});

test("a fix that seems to be below is told all the same", () => {
  expect(leastAbove("9", ["2.2.5"])).toBe("2.2.5");
  expect(leastAbove("9", [])).toBeUndefined();
});
