import { expect, test } from "vitest";
import type { Finding } from "../../src/model/finding.ts";
import { isSecret, remedyOf, remedyWords, updateFor } from "../../src/report/remedy.ts";
import { makeFinding } from "../make.ts";
import { bareFinding } from "./sarif-run.ts";

function withoutFix(message: string) {
  const { fixed: _, ...finding } = makeFinding({ message });
  return finding;
}

test.each([
  ["zlib1g 1.2: overflow; its vendor will not fix it.", "won't fix"],
  ["zlib1g 1.2: overflow; its vendor has put the fix off.", "fix put off"],
  ["zlib1g 1.2: overflow; no fix, as its support has ended.", "no fix, support has ended"],
  ["zlib1g 1.2: overflow; no fix yet.", "no fix yet"],
])("of %j there is to say: %s", (message, words) => {
  expect(remedyOf(withoutFix(message))).toEqual({ kind: "none", words });
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
  expect(updateFor([withoutFix("no fix yet")])).toBeUndefined();
});

test("a secret is what stands in a file and in no package", () => {
  const secret = { ...bareFinding(makeFinding({ rule: "private-key" })), path: "/key.pem" };
  expect(isSecret(secret)).toBe(true);
  expect(isSecret({ ...secret, help: "https://example.com" })).toBe(false);
  expect(isSecret({ ...secret, message: "/LICENSE has the license MIT (notice)." })).toBe(false);
  expect(isSecret(makeFinding({ path: "/usr/lib/x" }))).toBe(false);
});

test("a secret is one whatever its path says", () => {
  const path = "/srv/a has the license b (high).pem";
  const secret: Finding = {
    tool: "trivy",
    rule: "private-key",
    severity: "high",
    message: `Asymmetric Private Key in ${path}, at line 1 of that file.`,
    path,
  };
  expect(isSecret(secret)).toBe(true);
  const license = `${path} has the license GPL-3.0-only (restricted).`;
  expect(isSecret({ ...secret, rule: "GPL-3.0-only", message: license })).toBe(false);
});
