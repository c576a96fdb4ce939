import { describe, expect, it } from "vitest";
import type { ReportStage } from "../../src/model/report.ts";
import { renderSarif } from "../../src/report/sarif.ts";
import {
  makeDigest,
  makeFinding,
  makeInstruction,
  makeLintFinding,
  makePlannedImage,
  makeStage,
} from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSkippedReportStage,
} from "../make-report.ts";
import { bareFinding, documents, runOf, scanOf } from "./sarif-run.ts";

const APP = makeReportImage({ name: "app", dockerfile: "app/Dockerfile" });

describe("documents", () => {
  it("are one for each image and tool, with a category that ends in a slash", () => {
    const report = makeReport({
      images: [APP, makeReportImage({ name: "web", dockerfile: "web/Dockerfile" })],
    });
    expect(documents(report).map(({ category }) => category)).toEqual([
      "weighbridge/app/hadolint",
      "weighbridge/app/buildkit",
      "weighbridge/app/trivy",
      "weighbridge/web/hadolint",
      "weighbridge/web/buildkit",
      "weighbridge/web/trivy",
    ]);
    expect(runOf(documents(report)[0]).automationDetails.id).toBe("weighbridge/app/hadolint/");
  });

  it("have the name of the run in their category where the user gave one", () => {
    const report = makeReport({ name: "nightly", images: [APP] });
    expect(documents(report, true)[0]?.category).toBe("weighbridge:nightly/app/hadolint");
    expect(documents(report, false)[0]?.category).toBe("weighbridge/app/hadolint");
    expect(documents(makeReport({ name: "app", images: [APP] }), true)[0]?.category).toBe(
      "weighbridge/app/hadolint",
    );
  });

  it("have the path of the Dockerfile in it where that is called otherwise", () => {
    const shop = makeReportImage({ name: "app", dockerfile: "shop/Dockerfile" });
    expect(documents(makeReport({ images: [shop] }))[0]?.category).toBe(
      "weighbridge::shop/app/hadolint",
    );
  });

  it("have file names of their own, even where names differ in capitals or slashes only", () => {
    const names = ["app", "App", "a/pp", "a-pp", "a_pp", "../app", "x".repeat(300)];
    const images = names.map((name) => makeReportImage({ name }));
    const files = documents(makeReport({ images })).map(({ fileName }) => fileName);
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(files.length);
    for (const file of files) expect(file).toMatch(/^[A-Za-z0-9._=-]{1,200}\.sarif$/);
  });

  it("have file names that a person can read", () => {
    const dockerfile = "web/Dockerfile.backend";
    const backend = makeReportImage({ name: dockerfile, dockerfile });
    const report = makeReport({ images: [backend] });
    expect(documents(report)[0]?.fileName).toBe(
      "weighbridge_web_Dockerfile.backend_hadolint.sarif",
    );
  });

  it("are written without any result too: that closes what is gone", () => {
    const [hadolint] = documents(makeReport());
    expect(hadolint).toMatchObject({ upload: true });
    expect(runOf(hadolint).results).toEqual([]);
    expect(runOf(hadolint).invocations).toEqual([{ executionSuccessful: true }]);
  });

  it("are the same for the same findings of another commit", () => {
    const one = documents(makeReport({ commit: "a".repeat(40) }));
    const other = documents(makeReport({ commit: "b".repeat(40) }));
    expect(one).toEqual(other);
  });

  it("name the tool and its version", () => {
    expect(runOf(documents(makeReport())[2]).tool.driver).toMatchObject({
      name: "Trivy",
      version: "0.73.0",
    });
  });
});

describe("the version of BuildKit", () => {
  it("is Docker's where it is a part of Docker", () => {
    const [, buildkit] = documents(makeReport({ tools: { docker: "28.5.2" } }));
    expect(runOf(buildkit).tool.driver.version).toBe("28.5.2");
  });
});

describe("uploading", () => {
  it("is not done for a scan of which a stage failed to build", () => {
    const image = makeReportImage({
      stages: [makeReportStage(), makeFailedReportStage({ name: "monitoring" })],
    });
    const [hadolint, buildkit, trivy] = documents(makeReport({ images: [image] }));
    expect(trivy).toMatchObject({
      upload: false,
      whyNot: {
        what: "the stage monitoring was not built",
        otherwise: "alerts that may still be true would be closed",
      },
    });
    expect(runOf(trivy).invocations).toMatchObject([{ executionSuccessful: false }]);
    // Some of BuildKit's checks are made while a stage is built.
    expect([hadolint?.upload, buildkit?.upload]).toEqual([true, false]);
  });

  it("is not done for what Hadolint says where it could not read the Dockerfile", () => {
    const finding = makeLintFinding({ tool: "hadolint", rule: "DL1000", severity: "error" });
    const image = makeReportImage({ stages: [makeReportStage({ findings: [finding] })] });
    const [hadolint, buildkit] = documents(makeReport({ images: [image] }));
    expect(hadolint).toMatchObject({
      upload: false,
      whyNot: {
        what: "Hadolint could not read the Dockerfile to its end",
        otherwise: "alerts that may still be true would be closed",
      },
    });
    expect(runOf(hadolint).results).toHaveLength(1);
    expect(buildkit?.upload).toBe(true);
  });

  it("is nothing to speak of for a scan that was not asked for, where no stage was built", () => {
    const stages = [makeFailedReportStage({ scan: { status: "off" } })];
    const images = [{ ...APP, stages }];
    const names = (tools: Record<string, string>) =>
      documents(makeReport({ images, tools })).map(({ category }) => category);
    expect(names({ docker: "28.5.2" })).not.toContain("weighbridge/app/trivy");
    expect(names({ trivy: "0.73.0" })).toContain("weighbridge/app/trivy");
  });

  it("is not done for a scan of which a stage was skipped, since one that it needs failed", () => {
    const { leftOut, ...skipped } = makeSkippedReportStage({ failedNeeds: ["builder"] });
    const image = makeReportImage({ stages: [makeReportStage(), skipped] });
    expect(documents(makeReport({ images: [image] }))[2]?.upload).toBe(false);
  });

  it("is done for the targets that were asked for, whatever stages there are, in a category of theirs", () => {
    const leftOut = makeSkippedReportStage({ name: "dev" });
    const { name, ...chosen } = makeReportStage();
    const [a, b] = [
      { ...chosen, name: "a" },
      { ...chosen, name: "b" },
    ];
    const categoriesOf = (targets: readonly string[], ...stages: readonly ReportStage[]) => {
      const report = makeReport({ images: [{ ...APP, stages }] });
      return documents(report, false, targets).map(({ category }) => category);
    };
    const excluded = ["hadolint", "buildkit", "trivy"].map((tool) =>
      tool === "hadolint" ? "weighbridge/app/hadolint" : `weighbridge/app:!dev/${tool}`,
    );
    expect(categoriesOf(["!dev"], a, leftOut)).toEqual(excluded);
    expect(categoriesOf(["!dev"], a, b, leftOut)).toEqual(excluded);
    expect(categoriesOf(["web/*", "a"], a, leftOut)).toContain("weighbridge/app:a+web%2F*/trivy");
    expect(categoriesOf(["a", "web/*"], a, leftOut)).toContain("weighbridge/app:a+web%2F*/trivy");
    expect(categoriesOf(["!dev"], a, b)).toEqual(excluded);
    expect(categoriesOf([], a, b)).toContain("weighbridge/app/trivy");
    expect(categoriesOf(["a".repeat(100)], a, leftOut).at(-1)).toMatch(
      /^weighbridge\/app:[0-9a-f]{16}\/trivy$/,
    );
  });

  it("is not done where no stage was asked for", () => {
    const image = makeReportImage({ stages: [makeSkippedReportStage({ name: "dev" })] });
    expect(documents(makeReport({ images: [image] })).at(-1)?.upload).toBe(false);
  });

  it("is done in categories of which no two are the same, whatever slashes names have", () => {
    const { name, ...chosen } = makeReportStage();
    const stages = [{ ...chosen, name: "a" }, makeSkippedReportStage({ name: "dev" })];
    const categoryOf = (given: string, image: string, targets: readonly string[] = []) => {
      const images = [makeReportImage({ name: image, ...(targets.length > 0 && { stages }) })];
      return documents(makeReport({ name: given, images }), given !== "", targets).at(-1)?.category;
    };
    const all = [
      categoryOf("", "web/api"),
      categoryOf("web", "api"),
      categoryOf("web/api", "x"),
      categoryOf("web", "api/x"),
      categoryOf("", "web", ["api"]),
      categoryOf("", "web:api"),
      categoryOf("", "web%3Aapi"),
      categoryOf("", "web", ["web/api"]),
    ];
    expect(new Set(all).size).toBe(all.length);
  });

  it("is not done for a scan that could not look at a stage", () => {
    const unscanned = makeReportStage({ scan: { status: "unavailable", reason: "no database" } });
    const image = makeReportImage({ stages: [makeReportStage(), unscanned] });
    expect(documents(makeReport({ images: [image] }))[2]).toMatchObject({
      upload: false,
      whyNot: { what: "the stage production was not scanned", said: "no database" },
    });
  });

  it("is not done for a linter that did not run, and is for the other", () => {
    const image = makeReportImage({
      hadolint: { status: "unavailable", reason: "wrong checksum" },
    });
    expect(documents(makeReport({ images: [image] })).map(({ upload }) => upload)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("is not done for a Dockerfile outside of the repository", () => {
    const image = makeReportImage({ dockerfile: "../Dockerfile" });
    expect(documents(makeReport({ images: [image] })).some(({ upload }) => upload)).toBe(false);
  });

  it("has no document of what is switched off", () => {
    const image = makeReportImage({
      hadolint: { status: "off" },
      buildkit: { status: "off" },
      stages: [makeReportStage({ scan: { status: "off" } })],
    });
    expect(documents(makeReport({ images: [image] }))).toEqual([]);
  });
});

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
