import { describe, expect, it } from "vitest";
import { stagesOutput } from "../../src/publish/outputs.ts";
import { concealSecrets } from "../../src/report/conceal.ts";
import { renderJson } from "../../src/report/json.ts";
import { makeAdvice, makeFinding, makeLintFinding, makeWaste } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
} from "../make-report.ts";
import { documents, runOf } from "./sarif-run.ts";
import { expectValidReport } from "./schema.ts";

const hide = (secret: string) => (text: string) => text.replaceAll(secret, "***");

const report = makeReport({
  verdict: "fail",
  images: [
    makeReportImage({
      stages: [makeFailedReportStage({ failure: { line: 3, output: ["token is hunter22"] } })],
    }),
  ],
});

describe("a report with a secret in it", () => {
  it("shows the secret nowhere", () => {
    const shown = JSON.stringify(concealSecrets(report, hide("hunter22")));
    expect(shown).not.toContain("hunter22");
    expect(shown).toContain("token is ***");
  });

  it("keeps its own words, whatever the secret is", () => {
    const concealed = concealSecrets(report, hide("fail"));
    expect(concealed.verdict).toBe("fail");
    expectValidReport(concealed);
  });

  it("keeps them where it tells of bytes", () => {
    const stage = makeReportStage({ waste: [makeWaste()], advice: [makeAdvice()] });
    const told = makeReport({ images: [makeReportImage({ stages: [stage] })] });
    for (const word of ["deleted", "pypi", "deleted-later"]) {
      expectValidReport(concealSecrets(told, hide(word)));
    }
  });

  it("shows none that a package gives as its license, in no form", () => {
    const finding = makeFinding({ rule: "hunter22", message: "x has the license hunter22." });
    const stages = [makeReportStage({ findings: [finding] })];
    const told = makeReport({ images: [makeReportImage({ stages })] });
    const concealed = concealSecrets(told, hide("hunter22"));
    expectValidReport(concealed);
    const sarif = runOf(documents(concealed).at(-1));
    expect(sarif.tool.driver.rules.map(({ id }) => id)).toEqual(["***"]);
    expect(sarif.results.map(({ ruleId, ruleIndex }) => [ruleId, ruleIndex])).toEqual([["***", 0]]);
    const json = renderJson(concealed);
    expect(json).toContain('"rule": "***"');
    expect(json + JSON.stringify(sarif) + stagesOutput(concealed).text).not.toContain("hunter22");
  });

  it.each([
    ["an advisory", makeFinding({ rule: "CVE-2024-0001" })],
    ["a linter's rule", makeLintFinding({ rule: "DL2024" })],
  ])("keeps the name of %s, whatever the secret is", (_what, finding) => {
    const stages = [makeReportStage({ findings: [finding] })];
    const told = makeReport({ images: [makeReportImage({ stages })] });
    const [image] = concealSecrets(told, hide("2024")).images;
    expect(image?.stages[0]?.findings[0]?.rule).toBe(finding.rule);
  });
});
