import { describe, expect, it } from "vitest";
import { concealSecrets } from "../../src/report/conceal.ts";
import {
  makeAdvice,
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeWaste,
} from "../make.ts";
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
});
