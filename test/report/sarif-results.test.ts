import { describe, expect, it } from "vitest";
import { renderSarif } from "../../src/report/sarif.ts";
import {
  makeDigest,
  makeFinding,
  makeInstruction,
  makeLintFinding,
  makePlannedImage,
  makeStage,
} from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";
import { bareFinding, documents, runOf, scanOf } from "./sarif-run.ts";

describe("results", () => {
  it("are one a problem, with the packages and the stages that carry it", () => {
    const stages = ["production", "development"].map((name) =>
      makeReportStage({
        name,
        findings: [makeFinding({ package: "libssl3" }), makeFinding({ package: "openssl" })],
      }),
    );
    const run = runOf(documents(makeReport({ images: [makeReportImage({ stages })] }))[2]);
    expect(run.results).toHaveLength(1);
    expect(run.results[0]).toMatchObject({
      ruleId: "CVE-2024-0001",
      ruleIndex: 0,
      level: "error",
      message: {
        text: "CVE-2024-0001 (high) in libssl3 3.0.11-1 (fixed in 3.0.13-1), openssl 3.0.11-1 (fixed in 3.0.13-1). Stages: production, development.",
      },
    });
  });

  it("are two where two instructions brought the same problem", () => {
    const run = scanOf(makeFinding({ line: 1 }), makeFinding({ line: 3, package: "curl" }));
    expect(run.results.map((result) => result.locations[0]?.physicalLocation.region)).toEqual([
      { startLine: 1, endLine: 1 },
      { startLine: 3, endLine: 4 },
    ]);
    expect(run.tool.driver.rules).toHaveLength(1);
  });

  it("are one for what one stage installs and others copy, at the line that installs it", () => {
    const stages = [5, 12, 30].map((line, index) =>
      makeReportStage({ name: `stage-${index}`, index, findings: [makeFinding({ line })] }),
    );
    const { results } = runOf(documents(makeReport({ images: [makeReportImage({ stages })] }))[2]);
    const linesOf = (locations: (typeof results)[number]["locations"] = []) =>
      locations.map(({ physicalLocation }) => physicalLocation.region.startLine);
    expect(results).toHaveLength(1);
    expect(linesOf(results[0]?.locations)).toEqual([5]);
    expect(linesOf(results[0]?.relatedLocations)).toEqual([12, 30]);
    expect(results[0]?.message.text).toContain("Stages: stage-0, stage-1, stage-2.");
  });

  it("say where nothing can be updated, and why", () => {
    const { fixed: _, ...unfixed } = makeFinding({ outlook: "will-not-fix" });
    expect(scanOf(unfixed).results[0]?.message.text).toContain("openssl 3.0.11-1 (won't fix).");
  });

  it("stand at the FROM of their stage where they have no line", () => {
    const stage = makeReportStage({ line: 3, findings: [bareFinding(makeFinding())] });
    const image = makeReportImage({ stages: [stage] });
    const run = runOf(documents(makeReport({ images: [image] }))[2]);
    expect(run.results[0]?.locations[0]?.physicalLocation.region.startLine).toBe(3);
  });

  it("stand at the first line where they are outside of any stage", () => {
    const image = makeReportImage({ findings: [bareFinding(makeLintFinding())] });
    const [hadolint] = documents(makeReport({ images: [image] }));
    const result = runOf(hadolint).results[0];
    expect(result?.locations[0]?.physicalLocation.region).toEqual({ startLine: 1, endLine: 1 });
    expect(result?.message.text).toBe("Pin versions in apt get install.");
  });

  it("of a linter stand at their line alone", () => {
    const stage = makeReportStage({ findings: [makeLintFinding({ line: 3 })] });
    const [hadolint] = documents(makeReport({ images: [makeReportImage({ stages: [stage] })] }));
    expect(runOf(hadolint).results[0]).toMatchObject({
      level: "warning",
      message: { text: "Pin versions in apt get install. Stage: production." },
      locations: [{ physicalLocation: { region: { startLine: 3, endLine: 3 } } }],
    });
  });

  it("have GitHub's fingerprint of their line", () => {
    const text = "x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n";
    const image = makeReportImage({
      stages: [makeReportStage({ findings: [makeFinding({ line: 3 })] })],
    });
    const [, , trivy] = renderSarif(
      makeReport({ images: [image] }),
      [makePlannedImage({ text, stages: [makeStage({ instructions: [makeInstruction()] })] })],
      { nameIsGiven: false, targets: [] },
    );
    expect(runOf(trivy).results[0]?.partialFingerprints).toEqual({
      primaryLocationLineHash: "1131fd5871777f34:1",
    });
  });

  it("are one a file of the secrets of one line, each with a fingerprint of its own", () => {
    const secretIn = (path: string, line: number) => ({
      ...bareFinding(makeFinding({ kind: "secret", rule: "private-key", line: 1 })),
      path,
      message: `Asymmetric Private Key in ${path}, at line ${line} of that file.`,
    });
    const { results } = scanOf(
      secretIn("/keys/b.pem", 1),
      secretIn("/keys/a.pem", 1),
      secretIn("/keys/a.pem", 9),
    );
    expect(results.map(({ message }) => message.text)).toEqual([
      "Asymmetric Private Key in /keys/a.pem, at line 1 of that file. Asymmetric Private Key in /keys/a.pem, at line 9 of that file. Stage: production.",
      "Asymmetric Private Key in /keys/b.pem, at line 1 of that file. Stage: production.",
    ]);
    const hashes = results.map(({ partialFingerprints }) => partialFingerprints);
    expect(hashes[0]).toBeDefined();
    expect(hashes[0]).not.toEqual(hashes[1]);
  });

  it("have no fingerprint at a line that the Dockerfile does not have", () => {
    expect(scanOf(makeFinding({ line: 99 })).results[0]).not.toHaveProperty("partialFingerprints");
  });

  it("come worst first, and only the worst 5,000 of them", () => {
    const findings = Array.from({ length: 6_000 }, (_, at) =>
      makeFinding({
        rule: `CVE-${at}`,
        severity: at < 100 ? "low" : at % 2 === 0 ? "high" : "medium",
      }),
    );
    const { results } = scanOf(...findings);
    expect(results).toHaveLength(5_000);
    expect(results.map(({ level }) => level).slice(0, 2_950)).toEqual(Array(2_950).fill("error"));
    expect(results.every(({ level }) => level !== "note")).toBe(true);
  });

  it("have a percent-encoded, relative address with forward slashes", () => {
    const image = makeReportImage({
      dockerfile: "my apps/größe:1/Dockerfile#x",
      stages: [makeReportStage({ findings: [makeFinding()] })],
    });
    const run = runOf(documents(makeReport({ images: [image] }))[2]);
    expect(run.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri).toBe(
      "my%20apps/gr%C3%B6%C3%9Fe%3A1/Dockerfile%23x",
    );
  });

  it("say no more than twenty packages and stages", () => {
    const findings = Array.from({ length: 30 }, (_, at) => makeFinding({ package: `p${at}` }));
    expect(scanOf(...findings).results[0]?.message.text).toContain("and 10 more");
  });

  it("have no link and no placeholder that somebody else wrote", () => {
    const stage = makeReportStage({
      findings: [makeLintFinding({ message: "see [this](https://example.com) and {0}" })],
    });
    const [hadolint] = documents(makeReport({ images: [makeReportImage({ stages: [stage] })] }));
    expect(runOf(hadolint).results[0]?.message.text).toBe(
      "see [this] (https://example.com) and { 0}. Stage: production.",
    );
  });

  it("of secrets say what was found", () => {
    const secret = bareFinding(
      makeFinding({
        kind: "secret",
        rule: "private-key",
        message: "Asymmetric Private Key in /key.pem",
      }),
    );
    expect(scanOf(secret).results[0]?.message.text).toBe(
      "Asymmetric Private Key in /key.pem. Stage: production.",
    );
  });

  it("of a secret that a later line deletes say that it is there all the same", () => {
    const message = "Asymmetric Private Key in /key.pem.";
    const secret = {
      ...bareFinding(makeFinding({ kind: "secret", rule: "private-key", message })),
      path: "/key.pem",
      killedBy: { layer: 3, digest: makeDigest("9"), line: 12 },
    };
    expect(scanOf(secret).results[0]?.message.text).toBe(
      "Asymmetric Private Key in /key.pem. Though line 12 deletes or overwrites the file, the layers before that still have it. Stage: production.",
    );
  });
});
