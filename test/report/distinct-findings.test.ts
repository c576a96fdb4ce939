import { describe, expect, it } from "vitest";
import { distinctFindings } from "../../src/report/distinct-findings.ts";
import { makeFinding } from "../make.ts";

describe("findings of several stages", () => {
  it("are one each that they have in common", () => {
    expect(distinctFindings([[makeFinding()], [makeFinding({ line: 9 })]])).toHaveLength(1);
  });

  it("are as many as in one that has several of the same, at two paths or at none", () => {
    const paths = [makeFinding({ path: "/a" }), makeFinding({ path: "/b" })];
    const none = [makeFinding(), makeFinding()];
    expect(distinctFindings([paths, paths.slice(1)])).toHaveLength(2);
    expect(distinctFindings([none.slice(1), none])).toHaveLength(2);
  });

  it("are one where a rule recognises several secrets in one file", () => {
    const { package: _, ...secret } = makeFinding({ kind: "secret", path: "/app/key.pem" });
    expect(distinctFindings([[secret, secret, { ...secret, path: "/b" }]])).toHaveLength(2);
  });
});
