import { expect, it } from "vitest";
import { sortFindings } from "../../src/judge/sort-findings.ts";
import { makeFinding, makeLintFinding } from "../make.ts";

it("puts lint by line before what the scan found, worst first", () => {
  const sorted = sortFindings([
    makeFinding({ rule: "CVE-2", severity: "low", line: 1 }),
    makeLintFinding({ rule: "DL3015", line: 9, severity: "error" }),
    makeFinding({ rule: "CVE-3", severity: "critical", line: 8 }),
    makeLintFinding({ rule: "DL3008", line: 4, severity: "info" }),
  ]);
  expect(sorted.map((finding) => finding.rule)).toEqual(["DL3008", "DL3015", "CVE-3", "CVE-2"]);
});

it("gives one order to findings that differ only in package, version or path", () => {
  const findings = [
    makeFinding({ package: "libssl3", installed: "3.0.11" }),
    makeFinding({ package: "libssl3", installed: "3.0.10" }),
    makeFinding({ package: "curl", path: "/b" }),
    makeFinding({ package: "curl", path: "/a" }),
  ];
  const sorted = sortFindings(findings);
  expect(sortFindings([...findings].reverse())).toEqual(sorted);
  expect(sorted.map((finding) => finding.path ?? finding.installed)).toEqual([
    "/a",
    "/b",
    "3.0.10",
    "3.0.11",
  ]);
});
