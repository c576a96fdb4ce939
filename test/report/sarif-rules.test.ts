import { describe, expect, it } from "vitest";
import { makeFinding, makeLintFinding } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { bareFinding, documents, runOf, scanOf } from "./sarif-run.ts";

describe("rules", () => {
  const titled = makeFinding({ title: "denial of service through a crafted certificate" });

  it("describe themselves and say where to read on", () => {
    expect(scanOf(titled).tool.driver.rules).toEqual([
      {
        id: "CVE-2024-0001",
        name: "VulnerablePackage",
        shortDescription: {
          text: "CVE-2024-0001: denial of service through a crafted certificate.",
        },
        fullDescription: { text: "denial of service through a crafted certificate." },
        help: {
          text: expect.stringContaining("More: https://avd.aquasec.com/nvd/cve-2024-0001"),
          markdown: expect.stringMatching(/^\[`CVE-2024-0001`\]\(https:\/\/avd/),
        },
        helpUri: "https://avd.aquasec.com/nvd/cve-2024-0001",
        defaultConfiguration: { level: "error" },
        properties: {
          "security-severity": "7.5",
          precision: "very-high",
          tags: ["security", "container", "vulnerability"],
        },
      },
    ]);
  });

  it("of secrets say that no update helps", () => {
    const secret = {
      ...bareFinding(makeFinding({ kind: "secret", rule: "private-key" })),
      path: "/key.pem",
    };
    const [rule] = scanOf(secret).tool.driver.rules;
    expect(rule?.name).toBe("SecretInImage");
    expect(rule?.help.text).toContain("replace what it opens");
    expect(rule?.help.text).not.toContain("update");
  });

  it("of a package's license are about the license, not about a vulnerability", () => {
    const {
      installed: _i,
      fixed: _f,
      cvss: _c,
      ...license
    } = makeFinding({
      kind: "license",
      rule: "GPL-3.0-only",
      message: "less has the license GPL-3.0-only (restricted).",
      package: "less",
    });
    const [rule] = scanOf(license).tool.driver.rules;
    expect(rule?.name).toBe("LicenseInImage");
    expect(rule?.properties.tags).toEqual(["security", "container", "license"]);
    expect(rule?.help.text).toContain("Do without the package");
    expect(rule?.help.text).not.toContain("fixed version");
  });

  it("of a misconfiguration name no version to update to", () => {
    const rule = { kind: "misconfiguration", rule: "DS-0002", message: "USER is root." } as const;
    const [first] = scanOf(bareFinding(makeFinding(rule))).tool.driver.rules;
    expect(first?.name).toBe("Misconfiguration");
    expect(first?.help.text).not.toContain("fixed version");
  });

  it("do not depend on the package that they were found in", () => {
    const one = scanOf(titled).tool.driver.rules;
    const other = scanOf({ ...titled, package: "curl", installed: "1", fixed: "2" }).tool.driver;
    expect(other.rules).toEqual(one);
  });

  it.each([
    ["critical", "9.5"],
    ["high", "8.0"],
    ["medium", "5.5"],
    ["low", "2.0"],
  ] as const)("rank %s without a score as %s", (severity, score) => {
    const finding = bareFinding(makeFinding({ severity }));
    expect(scanOf(finding).tool.driver.rules[0]?.properties["security-severity"]).toBe(score);
  });

  it("rank nothing whose severity is unknown", () => {
    const finding = bareFinding(makeFinding({ severity: "unknown" }));
    const [rule] = scanOf(finding).tool.driver.rules;
    expect(rule?.properties).not.toHaveProperty("security-severity");
    expect(rule?.defaultConfiguration.level).toBe("note");
  });

  it("show the worst of several severities", () => {
    const run = scanOf(
      makeFinding({ severity: "low", cvss: 9.9, package: "a" }),
      makeFinding({ severity: "high", cvss: 7.1, package: "b" }),
    );
    expect(run.tool.driver.rules).toHaveLength(1);
    expect(run.tool.driver.rules[0]?.properties["security-severity"]).toBe("7.1");
    expect(run.results[0]?.level).toBe("error");
  });

  it("of linters are ranked as problems, not as vulnerabilities", () => {
    const findings = [
      makeLintFinding({ rule: "DL1", severity: "error" }),
      makeLintFinding({ rule: "DL2", severity: "warning" }),
      makeLintFinding({ rule: "DL3", severity: "style" }),
    ];
    const image = makeReportImage({ stages: [makeReportStage({ findings })] });
    const { rules } = runOf(documents(makeReport({ images: [image] }))[0]).tool.driver;
    expect(rules.map(({ properties }) => properties["problem.severity"])).toEqual([
      "error",
      "warning",
      "recommendation",
    ]);
    expect(rules[0]?.properties).not.toHaveProperty("security-severity");
  });

  it("stay within the lengths that GitHub allows", () => {
    const run = scanOf(makeFinding({ rule: "R".repeat(2_000), title: "t".repeat(5_000) }));
    const [rule] = run.tool.driver.rules;
    expect(rule?.id).toHaveLength(255);
    expect(rule?.shortDescription.text.length).toBeLessThanOrEqual(1_024);
    expect(rule?.fullDescription.text.length).toBeLessThanOrEqual(1_024);
    expect(run.results[0]?.ruleId).toBe(rule?.id);
  });

  it("have no help address that is none", () => {
    const run = scanOf(makeFinding({ help: "javascript:alert(1)" }));
    expect(run.tool.driver.rules[0]).not.toHaveProperty("helpUri");
  });
});
