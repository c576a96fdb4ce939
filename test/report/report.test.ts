import { describe, expect, it } from "vitest";
import { judge } from "../../src/judge/judge.ts";
import { SEVERITIES } from "../../src/model/finding.ts";
import type { Goal } from "../../src/model/goal.ts";
import type { MeasuredStage, Measurement } from "../../src/model/measurement.ts";
import type { Report } from "../../src/model/report.ts";
import { makeReport } from "../../src/report/report.ts";
import {
  makeDigest,
  makeImageFinding,
  makeLintFinding,
  makeMeasuredImage,
  makeMeasuredStage,
  makeMeasurement,
  makeSavedImage,
  makeStage,
  makeStageBuild,
  makeStageImage,
} from "../make.ts";
import { expectValidReport } from "./schema.ts";

const goals: readonly Goal[] = [
  { rule: "max-unpacked", limit: 150_000_000 },
  { rule: "max-download", limit: 1_000 },
  { rule: "min-reduction", limit: 70, original: 500_000_000 },
  { rule: "fail-on-severity", limit: "high" },
];

function reportOf(measurement: Measurement): Report {
  const judgement = judge(measurement, {
    goalsOf: () => goals,
    failOnLint: "warning",
    severity: SEVERITIES,
  });
  const report = makeReport(measurement, judgement, {
    name: "app",
    notes: ["a .trivyignore is there and was not used"],
    tools: { trivy: "0.73.0" },
    commit: "2f1d7c9e0a4b8c6d5e3f1a2b4c6d8e0f1a3b5c7d",
  });
  expectValidReport(report);
  return report;
}

function runOf(...stages: readonly MeasuredStage[]): Measurement {
  return makeMeasurement({ images: [makeMeasuredImage({ stages })] });
}

function stageWithoutImage(overrides: Partial<MeasuredStage>): MeasuredStage {
  const { image, ...rest } = makeMeasuredStage(overrides);
  return rest;
}

describe("makeReport", () => {
  it("says of a stage that is left out which others need it built all the same", () => {
    const reason = "targets leaves it out";
    const leftOut = (name: string, index: number) =>
      stageWithoutImage({
        stage: makeStage({ name, index, decision: { kind: "skip", reason } }),
        build: { kind: "skipped", reason },
      });
    const production = makeMeasuredStage({
      stage: makeStage({ name: "production", index: 2, needs: [0] }),
    });
    const run = runOf(leftOut("builder", 0), leftOut("docs", 1), production);
    expect(reportOf(run).images[0]?.stages.map((stage) => stage.reason)).toEqual([
      "targets leaves it out; built as far as production needs it",
      "targets leaves it out",
      undefined,
    ]);
  });

  it("tells a built stage in full", () => {
    const measured = makeMeasuredStage({
      build: makeStageBuild({ digest: makeDigest("7") }),
      scan: { kind: "checked", findings: [makeImageFinding()] },
    });
    const stage = reportOf(runOf(measured)).images[0]?.stages[0];
    expect(stage).toMatchObject({
      image: "app",
      name: "production",
      index: 0,
      line: 1,
      platform: "linux/amd64",
      status: "built",
      digest: makeDigest("7"),
      unpacked: 140_000_000,
      download: 50_002_000,
      own: { unpacked: 30_000_000, download: 10_002_000 },
      base: { unpacked: 110_000_000, download: 40_000_000 },
      seconds: 3.2,
      scan: { status: "checked" },
    });
    expect(stage?.goals.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ["max-unpacked", "pass"],
      ["max-download", "fail"],
      ["min-reduction", "pass"],
      ["fail-on-severity", "fail"],
    ]);
    expect(stage?.findings).toMatchObject([{ rule: "CVE-2024-0001", line: 1 }]);
  });

  it("tells why a stage failed and what it said", () => {
    const failed = stageWithoutImage({
      build: {
        kind: "failed",
        line: 3,
        reason: "exit code: 1",
        output: ["no such package"],
        seconds: 1.4,
        steps: [],
      },
      scan: { kind: "unavailable", tool: "trivy", reason: "it failed to build" },
    });
    expect(reportOf(runOf(failed)).images[0]?.stages[0]).toMatchObject({
      status: "failed",
      reason: "exit code: 1",
      failure: { line: 3, output: ["no such package"] },
      scan: { status: "unavailable", reason: "it failed to build" },
    });
  });

  it("has what each step says in the Dockerfile, the failed one and the FROM too", () => {
    const failed = stageWithoutImage({
      build: {
        kind: "failed",
        line: 3,
        reason: "exit code: 1",
        output: [],
        seconds: 1.4,
        steps: [
          { line: 1, seconds: 1, cached: false },
          { line: 2, seconds: 0.4, cached: true },
        ],
      },
    });
    const stage = reportOf(runOf(failed)).images[0]?.stages[0];
    expect(stage?.steps.map(({ instruction }) => instruction)).toEqual([
      "FROM python:3.11-slim AS production",
      "COPY . /app",
    ]);
    expect(stage?.failure?.instruction).toBe("RUN pip install --no-cache-dir -r requirements.txt");
  });

  it("has the line that a check found fault with, where that is an error for BuildKit", () => {
    const reason = "lint violation found for rules: JSONArgsRecommended, StageNameCasing";
    const failed = stageWithoutImage({
      build: { kind: "failed", reason, output: [], seconds: 0, steps: [] },
    });
    const lineWith = (rule: string, ...lines: readonly number[]) => {
      const findings = lines.map((line) => makeLintFinding({ tool: "buildkit", rule, line }));
      const { images } = runOf(failed);
      const report = reportOf({
        images: images.map((image) => ({
          ...image,
          lint: { ...image.lint, buildkit: { kind: "checked", findings } },
        })),
      });
      return report.images[0]?.stages[0]?.failure?.line;
    };
    expect(lineWith("JSONArgsRecommended", 90, 2)).toBe(2);
    expect(lineWith("StageNameCasing", 90)).toBe(90);
    expect(lineWith("MaintainerDeprecated", 2)).toBeUndefined();
  });

  it("leaves out the line of a failure where it is not known", () => {
    const failed = stageWithoutImage({
      build: { kind: "failed", reason: "no", output: [], seconds: 0, steps: [] },
    });
    const stage = reportOf(runOf(failed)).images[0]?.stages[0];
    expect(stage?.failure).toEqual({ output: [] });
  });

  it("tells why a stage was skipped, and no size of it", () => {
    const skipped = stageWithoutImage({
      stage: makeStage({ decision: { kind: "skip", reason: "not among the targets" } }),
      build: { kind: "skipped", reason: "not among the targets" },
      scan: { kind: "off" },
    });
    const stage = reportOf(runOf(skipped)).images[0]?.stages[0];
    expect(stage).toMatchObject({ status: "skipped", reason: "not among the targets" });
    expect(stage).not.toHaveProperty("unpacked");
    expect(stage).not.toHaveProperty("digest");
  });

  it("says of each linter whether it looked", () => {
    const image = makeMeasuredImage({
      lint: {
        hadolint: { kind: "unavailable", tool: "hadolint", reason: "wrong checksum" },
        buildkit: { kind: "off" },
      },
    });
    expect(reportOf(makeMeasurement({ images: [image] })).images[0]).toMatchObject({
      hadolint: { status: "unavailable", reason: "wrong checksum" },
      buildkit: { status: "off" },
      failOnLint: { limit: "warning", verdict: "unknown" },
    });
  });

  it("keeps findings outside any stage at the image", () => {
    const { line, ...whole } = makeLintFinding({ rule: "DL1000", severity: "error" });
    const image = makeMeasuredImage({
      lint: { hadolint: { kind: "checked", findings: [whole] }, buildkit: { kind: "off" } },
    });
    expect(reportOf(makeMeasurement({ images: [image] })).images[0]?.findings).toEqual([whole]);
  });

  it("says in the notes what was not checked, and why", () => {
    const unscanned = makeMeasuredStage({
      scan: { kind: "unavailable", tool: "trivy", reason: "trivy was killed" },
    });
    expect(reportOf(runOf(unscanned, unscanned)).notes).toEqual([
      "a .trivyignore is there and was not used",
      "Trivy did not check Dockerfile: trivy was killed",
    ]);
  });

  it("says of a download that is not known why, in the stage and once in the notes", () => {
    const saved = makeMeasuredStage({ image: makeSavedImage() });
    const report = reportOf(runOf(saved, saved));
    const [stage] = report.images[0]?.stages ?? [];
    expect(stage).not.toHaveProperty("download");
    expect(stage).toMatchObject({
      unpacked: 140_000_000,
      downloadUnknown: "docker save gave it unpacked",
      own: { unpacked: 30_000_000 },
    });
    expect(report.notes).toEqual([
      "a .trivyignore is there and was not used",
      "How much is downloaded is not known: docker save gave it unpacked",
    ]);
  });

  it("says in the notes where lists of packages could not be read", () => {
    const lists = { unreadPackageLists: 1, leftOutPackageLists: 2 };
    const unread = makeMeasuredStage({ image: makeStageImage(lists) });
    const { notes } = reportOf(runOf(unread));
    expect(notes.filter((note) => note.includes("should say what is installed"))).toEqual([
      "1 file in production that should say what is installed could not be read, being too large: what is listed there is told by folder",
      "2 files in production that should say what is installed could not be read, there being more than is read of a layer: what is listed there is told by folder",
    ]);
  });

  it("adds what the checks have to say to the notes, once", () => {
    const noted = makeMeasuredStage({
      scan: { kind: "checked", findings: [], notes: ["Debian 10 gets no more advisories"] },
    });
    expect(reportOf(runOf(noted, noted)).notes).toEqual([
      "a .trivyignore is there and was not used",
      "Debian 10 gets no more advisories",
    ]);
  });
});
