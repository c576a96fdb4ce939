import { expect, test } from "vitest";
import { compareVersions, isFixedIn, leastAbove } from "../../src/report/version-order.ts";

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

const BY_MAJOR = ["12.3.5", "13.5.9", "14.2.25", "15.2.3"];
const BY_MINOR = ["3.2.25", "4.1.13", "4.2.7"];

test.each([
  ["14.2.25", BY_MAJOR],
  ["14.3.0", BY_MAJOR],
  ["15.2.3", BY_MAJOR],
  ["16.0.0", BY_MAJOR],
  ["4.2.11", BY_MINOR],
  ["4.1.13", BY_MINOR],
  ["5.0", BY_MINOR],
  ["3.0.13-1~deb12u1", ["3.0.11-1~deb12u2"]],
])("%s is free of what %j fix", (version, fixes) => {
  expect(isFixedIn(version, fixes)).toBe(true);
});

test.each([
  ["14.2.15", BY_MAJOR],
  ["15.0.0", BY_MAJOR],
  ["12.3.4", BY_MAJOR],
  ["4.0.9", BY_MINOR],
  ["4.2.6", BY_MINOR],
  ["3.0.11-1~deb12u1", ["3.0.11-1~deb12u2"]],
  ["1.0", []],
])("%s is not free of what %j fix", (version, fixes) => {
  expect(isFixedIn(version, fixes)).toBe(false);
});
