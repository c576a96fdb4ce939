import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createSecrets } from "../../src/host/secrets.ts";
import { parseTrivyReport } from "../../src/scan/trivy-report.ts";

const TRIVY = "trivy 0.73.0";
const DEBIAN_LAYER = "sha256:f7e3528d1d18207d262ef42435542777b2f8a3e5304e44e16d4ba9b62e6ceddb";
const NODE_LAYER = "sha256:e15bcca0f1c13090de6eedc4ef214927dccf59fbbbd5ad203027b5ced235b69a";
const APPLICATION_LAYER = "sha256:88b4628586b9cac45745baa5568ca79d145942c85bb2b0d7f869e837404c9592";

function parse(json: string, conceal = (text: string) => text) {
  return parseTrivyReport(TRIVY, json, imageIn(json), conceal);
}

/** What Trivy was given, where the report says it. */
function imageIn(json: string): string {
  return /"ArtifactName": "([^"]+)"/.exec(json)?.[1] ?? "layout@sha256:1";
}

async function readFixture(name: string): Promise<string> {
  return await readFile(join(import.meta.dirname, "../fixtures/trivy", name), "utf8");
}

async function findingsOf(rule: string) {
  const { findings } = parse(await readFixture("everything.json"));
  return findings.filter((finding) => finding.rule === rule);
}

/** What is said of one result with these fields. */
function parseResult(result: object) {
  const report = { SchemaVersion: 2, ArtifactType: "container_image", Results: [result] };
  return parse(JSON.stringify(report)).findings;
}

function parseVulnerability(fields: object, result: object = {}) {
  const vulnerability = {
    VulnerabilityID: "CVE-1",
    PkgName: "p",
    InstalledVersion: "1",
    ...fields,
  };
  return parseResult({ Target: "t", ...result, Vulnerabilities: [vulnerability] })[0];
}

test("a vulnerability of the operating system has its package, versions, layer and page", async () => {
  expect(await findingsOf("CVE-2024-6119")).toEqual([
    {
      tool: "trivy",
      kind: "vulnerability",
      rule: "CVE-2024-6119",
      severity: "high",
      message:
        "libssl3 3.0.13-1~deb12u1: openssl: Possible denial of service in X.509 name checks; fixed in 3.0.14-1~deb12u2.",
      title: "openssl: Possible denial of service in X.509 name checks",
      package: "libssl3",
      installed: "3.0.13-1~deb12u1",
      fixed: "3.0.14-1~deb12u2",
      help: "https://avd.aquasec.com/nvd/cve-2024-6119",
      layerDiffId: DEBIAN_LAYER,
    },
  ]);
});

test("a vulnerability of an application's package has the package's path", async () => {
  const [finding] = await findingsOf("CVE-2021-23337");
  expect(finding).toMatchObject({
    package: "lodash",
    path: "/app/node_modules/lodash/package.json",
    layerDiffId: NODE_LAYER,
  });
});

test("a vulnerability that is not going to be fixed says so and has no fixed version", async () => {
  const [finding] = await findingsOf("CVE-2023-45853");
  expect(finding?.message).toMatch(/; its vendor will not fix it\.$/);
  expect(finding?.outlook).toBe("will-not-fix");
  expect(finding).not.toHaveProperty("fixed");
});

test("a secret has its rule, its place and its layer", async () => {
  expect(await findingsOf("aws-access-key-id")).toEqual([
    {
      tool: "trivy",
      kind: "secret",
      rule: "aws-access-key-id",
      severity: "critical",
      message: "AWS Access Key ID in /app/settings.env, at line 2 of that file.",
      title: "AWS Access Key ID",
      path: "/app/settings.env",
      layerDiffId: APPLICATION_LAYER,
    },
  ]);
});

test("neither a secret nor the text around it comes out", () => {
  const [finding] = parseResult({
    Target: "/app/settings.env",
    Secrets: [
      {
        RuleID: "github-pat",
        Severity: "CRITICAL",
        Title: "GitHub Personal Access Token",
        StartLine: 3,
        Match: "deploy user of the blue team: ****",
        Code: { Lines: [{ Content: "deploy user of the blue team: ****" }] },
      },
    ],
  });
  expect(JSON.stringify(finding)).not.toContain("blue team");
});

test("a misconfiguration has its file in the image and its page", async () => {
  expect(await findingsOf("KSV-0001")).toEqual([
    {
      tool: "trivy",
      kind: "misconfiguration",
      rule: "KSV-0001",
      severity: "medium",
      message:
        "Can elevate its own privileges: Container 'shop' of Pod 'shop' should set 'securityContext.allowPrivilegeEscalation' to false.",
      title: "Can elevate its own privileges",
      help: "https://avd.aquasec.com/misconfig/ksv-0001",
      path: "/app/pod.yaml",
      layerDiffId: APPLICATION_LAYER,
    },
  ]);
});

test("a check that was passed is no finding", () => {
  const check = { ID: "KSV-0001", Title: "t", Severity: "LOW" };
  const Misconfigurations = [
    { ...check, Status: "PASS" },
    { ...check, Status: "EXCEPTION" },
  ];
  expect(parseResult({ Target: "pod.yaml", Misconfigurations })).toEqual([]);
});

test("a license has its package and its category", async () => {
  expect(await findingsOf("GPL-3.0-only")).toEqual([
    {
      tool: "trivy",
      kind: "license",
      rule: "GPL-3.0-only",
      severity: "high",
      message: "requests has the license GPL-3.0-only (restricted).",
      package: "requests",
      path: "/usr/local/lib/python3.11/site-packages/requests-2.31.0.dist-info/METADATA",
    },
  ]);
});

test("all of a report's findings are there", async () => {
  const { findings, notes } = parse(await readFixture("everything.json"));
  expect(findings).toHaveLength(18);
  expect(notes).toEqual([]);
});

test("an image in which there is nothing to find is fine", async () => {
  const scan = parse(await readFixture("nothing-inside.json"));
  expect(scan).toEqual({ findings: [], notes: [] });
});

test("an operating system past its end of life is noted", async () => {
  expect(parse(await readFixture("end-of-life.json"))).toEqual({
    findings: [],
    notes: [
      "debian 9.13 is past its end of life: newer vulnerabilities of its packages are not known.",
    ],
  });
});

test.each([
  ["CRITICAL", "critical"],
  ["LOW", "low"],
  ["UNKNOWN", "unknown"],
  ["", "unknown"],
  [undefined, "unknown"],
])("the severity %s is %s", (Severity, severity) => {
  expect(parseVulnerability({ Severity })).toMatchObject({ severity });
});

test.each([
  [{ FixedVersion: "2", Status: "fixed" }, "fixed in 2"],
  [{ Status: "affected" }, "no fix yet"],
  [{ Status: "fix_deferred" }, "its vendor has put the fix off", "deferred"],
  [{ Status: "end_of_life" }, "no fix, as its support has ended", "end-of-life"],
  [{ FixedVersion: "2", Status: "end_of_life" }, "fixed in 2"],
  [{}, "no fix yet"],
])("the remedy of %j is: %s", (fields, remedy, outlook?: string) => {
  const finding = parseVulnerability({ Title: "bad", ...fields });
  expect(finding?.message).toBe(`p 1: bad; ${remedy}.`);
  expect(finding?.outlook).toBe(outlook);
});

test.each([
  [{ Title: "t", Description: "d" }, "t"],
  [{ Description: "First.\nSecond." }, "First. Second"],
  [{}, "CVE-1"],
])("the title of %j is: %s", (fields, title) => {
  expect(parseVulnerability(fields)?.message).toBe(`p 1: ${title}; no fix yet.`);
});

test("the score is that of whoever gave the severity", () => {
  const CVSS = { nvd: { V3Score: 9.8 }, ghsa: { V2Score: 4, V3Score: 7.5, V40Score: 8.1 } };
  expect(parseVulnerability({ CVSS, SeveritySource: "ghsa" })?.cvss).toBe(7.5);
});

test("a score of the newest kind alone is taken", () => {
  const CVSS = { ghsa: { V40Score: 8.1 } };
  expect(parseVulnerability({ CVSS, SeveritySource: "ghsa" })?.cvss).toBe(8.1);
});

test("without a score of whoever gave the severity there is none", () => {
  const CVSS = { nvd: { V3Score: 9.8 } };
  expect(parseVulnerability({ CVSS, SeveritySource: "debian" })).not.toHaveProperty("cvss");
  expect(parseVulnerability({ CVSS })).not.toHaveProperty("cvss");
  expect(parseVulnerability({ SeveritySource: "debian" })).not.toHaveProperty("cvss");
});

test("packages that one file lists have that file for a path", () => {
  const result = { Target: "usr/local/bin/app", Class: "lang-pkgs" };
  expect(parseVulnerability({}, result)?.path).toBe("/usr/local/bin/app");
});

test("a label that stands for many packages is no path", () => {
  const result = { Target: "Python", Class: "lang-pkgs" };
  expect(parseVulnerability({}, result)).not.toHaveProperty("path");
});

test("hostile names cannot break a message out of its line", () => {
  const hostile = "x\n::error::y\u001b[2J";
  const message = parseVulnerability({ PkgName: hostile, Title: hostile })?.message;
  expect(message).toBe("x ::error::y [2J 1: x ::error::y [2J; no fix yet.");
});

test.each([
  [
    "half a report",
    '{"SchemaVersion":2,"ArtifactType":"container_image","Results":[{"Tar',
    "are not JSON",
  ],
  ["nothing", "", "trivy 0.73.0 wrote nothing"],
  ["another version of the form", '{"SchemaVersion":3}', "3 as SchemaVersion: expected 2"],
  [
    "a report on something else",
    '{"SchemaVersion":2,"ArtifactType":"filesystem"}',
    '"filesystem" as ArtifactType: expected one of container_image',
  ],
])("%s is an error, never an empty list", (_, json, message) => {
  expect(() => parse(json)).toThrow(message);
});

test("an unknown severity is an error that says where it stands", () => {
  expect(() => parseVulnerability({ Severity: "TERRIBLE" })).toThrow(
    'trivy 0.73.0 wrote "TERRIBLE" as Results[0].Vulnerabilities[0].Severity: expected a severity',
  );
});

test("a secret is concealed before a text is cut, where half of it would stay", () => {
  const secrets = createSecrets();
  secrets.add("hunter2-correct-horse");
  const before = "x".repeat(290);
  const report = {
    SchemaVersion: 2,
    ArtifactType: "container_image",
    Results: [
      {
        Target: "t",
        Vulnerabilities: [
          { VulnerabilityID: "CVE-1", PkgName: "p", Title: `${before}hunter2-correct-horse` },
        ],
        Licenses: [{ Name: `${"y".repeat(90)}hunter2-correct-horse`, PkgName: "p" }],
      },
    ],
  };
  const { findings } = parse(JSON.stringify(report), secrets.conceal);
  expect(findings[0]?.message).toContain(`${before}***`);
  expect(findings[1]?.rule).toBe(`${"y".repeat(90)}***`);
  expect(JSON.stringify(findings)).not.toContain("hunter2");
});

test("a report on another image is none on this one", async () => {
  const json = await readFixture("nothing-inside.json");
  const conceal = (text: string) => text;
  expect(() => parseTrivyReport(TRIVY, json, "layout@sha256:2", conceal)).toThrow(
    /as ArtifactName: expected layout@sha256:2$/,
  );
});

test("what an ignore file lists is told by its rule, each once, and is no finding", () => {
  const modified = [
    { Type: "vulnerability", Status: "ignored", Finding: { VulnerabilityID: "CVE-1", Name: "n" } },
    { Type: "vulnerability", Status: "ignored", Finding: { VulnerabilityID: "CVE-1" } },
    { Type: "secret", Status: "ignored", Finding: { RuleID: "aws-access-key-id" } },
    { Type: "misconfiguration", Status: "ignored", Finding: { ID: "DS-0002" } },
    { Type: "license", Status: "ignored", Finding: { Name: "GPL-3.0" } },
    { Type: "vulnerability", Status: "not_affected", Finding: { VulnerabilityID: "CVE-2" } },
  ];
  const Results = [{ Target: "t", ExperimentalModifiedFindings: modified }];
  const report = { SchemaVersion: 2, ArtifactType: "container_image", Results };
  expect(parse(JSON.stringify(report))).toEqual({
    findings: [],
    notes: [],
    ignored: ["CVE-1", "aws-access-key-id", "DS-0002", "GPL-3.0"],
  });
});
