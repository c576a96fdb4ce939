import { expect, it } from "vitest";
import { SEVERITIES } from "../../src/model/finding.ts";
import { filterNotes } from "../../src/report/filter-notes.ts";

const ALL = { scanners: ["vuln", "secret"], severity: SEVERITIES, ignoreUnfixed: false } as const;

it("tells what the inputs leave out of what the scan finds", () => {
  expect(filterNotes({ ...ALL, severity: ["critical", "high"], ignoreUnfixed: true })).toEqual([
    "Of what the scan finds, only CRITICAL, HIGH is reported, and what makes a goal missed (severity).",
    "Vulnerabilities without a fix are neither reported nor counted (ignore-unfixed).",
  ]);
});

it("tells nothing where nothing is left out, or nothing is looked for", () => {
  expect(filterNotes(ALL)).toEqual([]);
  expect(filterNotes({ scanners: [], severity: ["critical"], ignoreUnfixed: true })).toEqual([]);
});

it("tells what is not looked for", () => {
  expect(filterNotes({ ...ALL, scanners: ["secret"], ignoreUnfixed: true })).toEqual([
    "Vulnerabilities are not looked for, and no goal counts any (scanners).",
  ]);
  expect(filterNotes({ ...ALL, scanners: ["vuln", "license"] })).toEqual([
    "Secrets are not looked for, and no goal counts any (scanners).",
  ]);
});
