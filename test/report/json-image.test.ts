import { describe, expect, it } from "vitest";
import { ADVICE_RULES, PACKAGE_TYPES, WASTE_KINDS } from "../../src/model/image.ts";
import type { ReportStage } from "../../src/model/report.ts";
import { renderJson } from "../../src/report/json.ts";
import { makeAdvice, makePackage, makeWaste } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { expectValidReport, schemaErrors } from "./schema.ts";

const reportOf = (stage: Partial<ReportStage>) =>
  makeReport({ images: [makeReportImage({ stages: [makeReportStage(stage)] })] });

/** All that can be said of a stage's bytes. */
const { path: _path, ...summed } = makeWaste();
const { line: _line, ...withoutLine } = makePackage();
const full = reportOf({
  live: 100_000_000,
  wasted: 40_000_000,
  efficiency: 100 / 140,
  waste: [...WASTE_KINDS.map((kind) => makeWaste({ kind })), summed],
  packages: [...PACKAGE_TYPES.map((type) => makePackage({ type })), withoutLine],
  boxes: [
    { line: 1, box: "/usr/lib", bytes: 1 },
    { box: "pkg:npm/%40a/b@1", bytes: 0 },
  ],
  advice: ADVICE_RULES.map((rule) => makeAdvice({ rule })),
});

describe("where a stage's bytes are", () => {
  it("is told as the schema has it", () => {
    expectValidReport(full);
    expect(JSON.parse(renderJson(full))).toEqual(full);
  });

  it("comes with nothing that is not of the contract", () => {
    const [waste = makeWaste()] = full.images[0]?.stages[0]?.waste ?? [];
    const writtenBy = { ...waste.writtenBy, diffId: "x" };
    expect(renderJson(reportOf({ waste: [{ ...waste, writtenBy }] }))).not.toContain('"x"');
  });
});

describe("the schema of where a stage's bytes are", () => {
  it.each([
    ["a part of the sizes", { live: undefined }],
    ["an efficiency beyond all", { efficiency: 1.01 }],
    ["waste that nothing killed", { waste: [{ ...makeWaste(), killedBy: undefined }] }],
    ["waste of no file", { waste: [makeWaste({ files: 0 })] }],
    ["waste of another kind", { waste: [{ ...makeWaste(), kind: "lost" }] }],
    ["a package of another type", { packages: [{ ...makePackage(), type: "cargo" }] }],
    ["a box that is neither a package nor a folder", { boxes: [{ box: "libc6", bytes: 1 }] }],
    ["advice by another rule", { advice: [{ ...makeAdvice(), rule: "rewrite-it" }] }],
    ["advice that saves part of a byte", { advice: [makeAdvice({ bytes: 0.5 })] }],
  ])("refuses %s", (_, change) => {
    const report: { images: { stages: object[] }[] } = JSON.parse(renderJson(full));
    Object.assign(report.images[0]?.stages[0] ?? {}, change);
    expect(schemaErrors(JSON.parse(JSON.stringify(report)))).not.toEqual([]);
  });
});
