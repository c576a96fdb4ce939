import { describe, expect, it } from "vitest";
import { renderJson } from "../../src/report/json.ts";
import { makeFinding, makeLintFinding } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSavedReportStage,
} from "../make-report.ts";
import { expectValidReport, schemaErrors } from "./schema.ts";

const full = makeReport({
  verdict: "fail",
  images: [
    makeReportImage({
      failOnLint: { limit: "warning", actual: "warning", verdict: "fail" },
      findings: [makeLintFinding({ tool: "buildkit", rule: "InvalidDefaultArgInFrom" })],
      stages: [
        makeReportStage({
          findings: [makeLintFinding(), makeFinding()],
          goals: [
            { rule: "max-unpacked", limit: 150_000_000, actual: 140_000_000, verdict: "pass" },
            {
              rule: "min-reduction",
              limit: 70,
              actual: 72,
              original: 500_000_000,
              verdict: "pass",
            },
            { rule: "fail-on-severity", limit: "high", actual: "high", verdict: "fail" },
            { rule: "max-download", limit: 9, verdict: "unknown", reason: "it failed to build" },
          ],
        }),
        makeFailedReportStage({ name: "development", index: 1 }),
      ],
    }),
  ],
});

const saved = makeSavedReportStage();

describe("renderJson", () => {
  it("fits the schema", () => {
    expectValidReport(full);
    expectValidReport(makeReport());
    expectValidReport(makeReport({ images: [makeReportImage({ stages: [saved] })] }));
  });

  it("has no download where it is not known, but why", () => {
    const report = makeReport({ images: [makeReportImage({ stages: [saved] })] });
    expect(JSON.parse(renderJson(report))).toEqual(report);
    expect(renderJson(report)).not.toMatch(/"download":/);
    expect(renderJson(report)).toContain('"downloadUnknown": "docker save gave it unpacked"');
  });

  it("gives back what the report says", () => {
    expect(JSON.parse(renderJson(full))).toEqual(full);
  });

  it("does not depend on the order of keys in the values", () => {
    const [first = makeFinding()] = full.images[0]?.stages[0]?.findings ?? [];
    const backwards = Object.fromEntries(Object.entries(first).reverse());
    const other = makeReport({
      images: [
        makeReportImage({
          stages: [makeReportStage({ findings: [{ ...first, ...backwards }] })],
        }),
      ],
      tools: { trivy: "1", docker: "2" },
    });
    const same = makeReport({
      images: [makeReportImage({ stages: [makeReportStage({ findings: [first] })] })],
      tools: { docker: "2", trivy: "1" },
    });
    expect(renderJson(other)).toBe(renderJson(same));
  });

  it("starts with what matters most and ends with a line feed", () => {
    expect(renderJson(makeReport())).toMatch(
      /^\{\n {2}"version": 1,\n {2}"name": "app",\n {2}"verdict": "pass",/,
    );
    expect(renderJson(makeReport()).endsWith("}\n")).toBe(true);
  });

  it("writes nothing that is not of the contract", () => {
    const carrying = { ...makeFinding(), layerDiffId: "sha256:0" };
    const stage = makeReportStage({ findings: [carrying] });
    const report = makeReport({ images: [makeReportImage({ stages: [stage] })] });
    expect(renderJson(report)).not.toContain("layerDiffId");
  });
});

describe("the schema", () => {
  const json = (): { images: { stages: Record<string, unknown>[] }[] } =>
    JSON.parse(renderJson(full));

  it.each([
    ["a size that is no whole number", { unpacked: 1.5 }],
    ["a stage that was built without a digest", { digest: undefined }],
    ["only some of the sizes", { own: undefined }],
    ["a download that is missing without a reason", { download: undefined }],
    ["a reason for a download that is there", { downloadUnknown: "no" }],
    ["a layer without a download", { layers: saved.layers }],
    ["a failure without a reason", { status: "failed", digest: undefined }],
    ["a size of a stage that was not built", { status: "skipped", reason: "no" }],
    ["a line 0", { line: 0 }],
    ["a property that nobody knows", { weight: 1 }],
    ["a goal whose limit is of another kind", { goals: [{ ...goal(), limit: "high" }] }],
    ["a goal that is judged without a number", { goals: [{ ...goal(), actual: undefined }] }],
    ["a goal that is unknown without a reason", { goals: [{ ...goal(), verdict: "unknown" }] }],
    ["an original where nothing is reduced", { goals: [{ ...goal(), original: 1 }] }],
    ["a scanner's word from a linter", { findings: [makeLintFinding({ severity: "high" })] }],
  ])("refuses %s", (_, change) => {
    const report = json();
    const stage = report.images[0]?.stages[0] ?? {};
    Object.assign(stage, change);
    expect(schemaErrors(JSON.parse(JSON.stringify(report)))).not.toEqual([]);
  });

  function goal(): Record<string, unknown> {
    return { rule: "max-unpacked", limit: 1, actual: 1, verdict: "pass" };
  }
});

it("shows what would steer a terminal or an editor as its code, and says the same", () => {
  const path = "app/\u202egnp.exe\u009b2J\u200b\u001b[31m\u{E0041}\u2028漢字";
  const stages = [makeReportStage({ biggestFiles: [{ path, bytes: 1, line: 1 }] })];
  const text = renderJson(makeReport({ images: [makeReportImage({ stages })] }));
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\p{Cf}\p{Zl}]/u);
  expect(text).toContain("\\u202egnp.exe\\u009b2J\\u200b\\u001b[31m\\udb40\\udc41\\u2028漢字");
  expect(JSON.parse(text).images[0].stages[0].biggestFiles[0].path).toBe(path);
});
