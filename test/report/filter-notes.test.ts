import { expect, it } from "vitest";
import { SEVERITIES } from "../../src/model/finding.ts";
import { filterNotes } from "../../src/report/filter-notes.ts";

const ALL = { scanners: ["vuln", "secret"], severity: SEVERITIES, ignoreUnfixed: false } as const;

it("tells what the inputs leave out of what the scan finds", () => {
  expect(filterNotes({ ...ALL, severity: ["critical", "high"], ignoreUnfixed: true })).toEqual([
    "Only critical and high findings are listed (input `severity`), and those that make a goal missed.",
    "Vulnerabilities without a fix are neither reported nor counted (input `ignore-unfixed`).",
  ]);
});

it("tells nothing where nothing is left out, or nothing is looked for", () => {
  expect(filterNotes(ALL)).toEqual([]);
  expect(filterNotes({ scanners: [], severity: ["critical"], ignoreUnfixed: true })).toEqual([]);
});

it("tells what is not looked for", () => {
  expect(filterNotes({ ...ALL, scanners: ["secret"], ignoreUnfixed: true })).toEqual([
    "Vulnerabilities are not looked for, and no goal counts any (input `scanners`).",
  ]);
  expect(filterNotes({ ...ALL, scanners: ["vuln", "license"] })).toEqual([
    "Secrets are not looked for, and no goal counts any (input `scanners`).",
  ]);
});

it("tells that findings which a file lists are left out", () => {
  expect(filterNotes({ ...ALL, trivyIgnoreFile: "conf/ign.txt" })).toEqual([
    "Findings that `conf/ign.txt` lists are neither reported nor counted (input `trivy-ignore-file`).",
  ]);
  const [note] = filterNotes({ ...ALL, trivyIgnoreFile: "i" }, [
    "CVE-1",
    "CVE-2",
    "CVE-3",
    "CVE-4",
  ]);
  expect(note).toMatch(/\(input `trivy-ignore-file`\): CVE-1, CVE-2, CVE-3 and 1 more\.$/);
});

it.each([
  [["high"], "Only high findings are listed"],
  [
    ["critical", "high", "medium", "low"],
    "Only critical, high, medium and low findings are listed",
  ],
] as const)("names every severity of %j", (severity, words) => {
  expect(filterNotes({ ...ALL, severity })[0]).toContain(words);
});
