// Reports larger than any page: what the renderings must stay within their limits for.
import type { Finding } from "../../src/model/finding.ts";
import { SEVERITIES } from "../../src/model/finding.ts";
import type { Report, ReportImage, ReportStage } from "../../src/model/report.ts";
import { makeDigest, makeFinding, makeLayer, makeLintFinding } from "../make.ts";
import {
  makeFailedReportStage,
  makeReport,
  makeReportImage,
  makeReportStage,
} from "../make-report.ts";

/** How much of everything, and how each text that is not ours begins. */
export interface Bulk {
  readonly images: number;
  readonly stages: number;
  /** Of the scan, for each stage. */
  readonly findings: number;
  readonly text?: (what: string) => string;
}

/** A report in which every other stage misses its goals and each first one failed to build. */
export function bigReport({ images, stages, findings, text = plain }: Bulk): Report {
  return makeReport({
    verdict: "fail",
    name: text("run"),
    images: Array.from({ length: images }, (_, at) =>
      bigImage(at, { images, stages, findings, text }),
    ),
    notes: Array.from({ length: 50 }, (_, at) => text(`note ${at}`)),
    tools: { trivy: text("0.73.0"), [text("other")]: "1" },
  });
}

function plain(what: string): string {
  return what;
}

function bigImage(at: number, { stages, findings, text = plain }: Bulk): ReportImage {
  return makeReportImage({
    name: text(`image-${at}`),
    dockerfile: text(`services/${at}/Dockerfile`),
    findings: Array.from({ length: 50 }, () => lint(text)),
    stages: Array.from({ length: stages }, (_, index) =>
      bigStage(`image-${at}`, index, findings, text),
    ),
    failOnLint: { limit: "warning", actual: "warning", verdict: "fail" },
  });
}

function lint(text: (what: string) => string): Finding {
  return makeLintFinding({ rule: text("DL3008"), message: text("Pin versions") });
}

function bigStage(
  image: string,
  index: number,
  findings: number,
  text: (what: string) => string,
): ReportStage {
  const name = text(`stage-${index}`);
  if (index === 0) {
    const failure = {
      line: 3,
      instruction: text("RUN make"),
      output: Array.from({ length: 100 }, () => text("error: no")),
    };
    return makeFailedReportStage({ image, name, index, reason: text("exit code 1"), failure });
  }
  const paths = Array.from({ length: 12 }, (_, at) => ({
    path: text(`/usr/lib/${at}`),
    bytes: 9e6,
  }));
  return makeReportStage({
    image,
    name,
    index,
    layers: Array.from({ length: 30 }, (_, at) =>
      makeLayer({ instruction: text(`RUN make part-${at}`), line: at + 1 }),
    ),
    biggestFiles: paths,
    biggestFolders: paths,
    goals: [
      index % 2 === 0
        ? { rule: "max-unpacked", limit: 1_000, actual: 140_000_000, verdict: "fail" }
        : { rule: "max-unpacked", limit: 1_000, verdict: "unknown", reason: text("no image") },
    ],
    scan:
      index % 3 === 0
        ? { status: "unavailable", reason: text("no database") }
        : { status: "checked" },
    findings: [lint(text), secret(index, text), ...scanFindings(index, findings, text)],
  });
}

function secret(index: number, text: (what: string) => string): Finding {
  return {
    tool: "trivy",
    kind: "secret",
    rule: text("private-key"),
    severity: "high",
    message: text("a key"),
    path: text(`/app/${index}/key.pem`),
    killedBy: { layer: 3, digest: makeDigest("e"), line: 4 },
  };
}

function scanFindings(
  index: number,
  count: number,
  text: (what: string) => string,
): readonly Finding[] {
  return Array.from({ length: count }, (_, at) =>
    makeFinding({
      rule: text(`CVE-2024-${index}-${at}`),
      severity: SEVERITIES[at % SEVERITIES.length] ?? "low",
      message: text("a flaw"),
      package: text(`package-${at}`),
      installed: text("1.0"),
      fixed: text("2.0"),
      help: `https://example.com/${text(`cve-${at}`)}`,
    }),
  );
}
