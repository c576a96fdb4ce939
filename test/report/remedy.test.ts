import { expect, test } from "vitest";
import type { Outlook } from "../../src/model/finding.ts";
import { isSecret, remedyOf, remedyWords, updateFor } from "../../src/report/remedy.ts";
import { makeFinding } from "../make.ts";

function withoutFix(outlook?: Outlook) {
  const { fixed: _, ...finding } = makeFinding();
  return { ...finding, ...(outlook && { outlook }) };
}

test.each([
  ["will-not-fix", "won't fix"],
  ["deferred", "fix put off"],
  ["end-of-life", "no fix, support has ended"],
  [undefined, "no fix yet"],
] as const)("of the outlook %j there is to say: %s", (outlook, words) => {
  expect(remedyOf(withoutFix(outlook))).toEqual({ kind: "none", words });
});

test("of a package with a fix, the version to go to is said", () => {
  const remedy = remedyOf(makeFinding({ installed: "2.2.2", fixed: "2.3.2, 2.2.5" }));
  expect(remedy && remedyWords(remedy)).toBe("fixed in 2.2.5");
});

test("several findings of a package are gone from the highest of their fixes", () => {
  const fixes = ["70.0.0", "78.1.1", "9.1"].map((fixed) =>
    makeFinding({ installed: "65.5.0", fixed }),
  );
  expect(updateFor(fixes)).toBe("78.1.1");
  expect(updateFor([withoutFix()])).toBeUndefined();
});

test.each([
  [
    "the next branch, where the installed one has no fix for both",
    ["3.0.0", "2.5.1, 2.6.2"],
    "3.0.0",
  ],
  [
    "a branch's later fix, where one is fixed there only then",
    ["12.3.5, 13.5.9, 14.2.25, 15.2.3", "14.2.15"],
    "14.2.25",
  ],
  ["the installed branch, where it has a fix for all", ["3.0.12-1, 3.1.0", "3.0.13-1"], "3.0.13-1"],
  [
    "the highest of all, where nothing below is known to be without one of them",
    ["13.5.9, 15.2.3", "14.2.15"],
    "15.2.3",
  ],
  [
    "the highest of a distribution's, which has one branch",
    ["3.0.13-1~deb12u1", "3.0.15-1~deb12u1", "3.0.14-1+deb12u3"],
    "3.0.15-1~deb12u1",
  ],
  ["what is told, where it cannot be compared", ["2.2.5"], "2.2.5", "9"],
])("findings of several branches are gone from %s", (_, fixes, update, installed = "2.4.0") => {
  expect(updateFor(fixes.map((fixed) => makeFinding({ installed, fixed })))).toBe(update);
});

test.each(["secret", "misconfiguration", "license"] as const)("a %s has no remedy", (kind) => {
  expect(remedyOf(makeFinding({ kind }))).toBeUndefined();
});

test("a secret is what the scan calls one, whatever its message says", () => {
  const message = "/srv/a has the license b (high).";
  const secret = makeFinding({ kind: "secret", message });
  expect(isSecret(secret)).toBe(true);
  expect(isSecret({ ...secret, kind: "license" })).toBe(false);
});
