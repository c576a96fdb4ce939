import { describe, expect, it } from "vitest";
import type { ReportStage } from "../../src/model/report.ts";
import { makeLintFinding } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
  makeSkippedReportStage,
} from "../make-report.ts";
import { documents, runOf } from "./sarif-run.ts";

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
