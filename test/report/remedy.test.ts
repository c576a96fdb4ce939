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

test.each(["secret", "misconfiguration", "license"] as const)("a %s has no remedy", (kind) => {
  expect(remedyOf(makeFinding({ kind }))).toBeUndefined();
});

test("a secret is what the scan calls one, whatever its message says", () => {
  const message = "/srv/a has the license b (high).";
  const secret = makeFinding({ kind: "secret", message });
  expect(isSecret(secret)).toBe(true);
  expect(isSecret({ ...secret, kind: "license" })).toBe(false);
});
