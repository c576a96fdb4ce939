// The documents of a report, read back.
import type { Finding } from "../../src/model/finding.ts";
import type { Report } from "../../src/model/report.ts";
import { renderSarif, type SarifDocument } from "../../src/report/sarif.ts";
import { makePlannedImage } from "../make.ts";
import { makeReport, makeReportImage, makeReportStage } from "../make-report.ts";

/** What our tests look at in a run. */
export interface Run {
  readonly tool: {
    readonly driver: {
      readonly name: string;
      readonly version?: string;
      readonly rules: readonly {
        readonly id: string;
        readonly name: string;
        readonly shortDescription: { readonly text: string };
        readonly fullDescription: { readonly text: string };
        readonly help: { readonly text: string; readonly markdown: string };
        readonly helpUri?: string;
        readonly defaultConfiguration: { readonly level: string };
        readonly properties: Readonly<Record<string, unknown>>;
      }[];
    };
  };
  readonly automationDetails: { readonly id: string };
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly Location[];
    readonly relatedLocations?: readonly Location[];
    readonly partialFingerprints?: { readonly primaryLocationLineHash: string };
  }[];
}

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number; readonly endLine: number };
  };
}

/** The one run of a document. */
export function runOf(document: SarifDocument | undefined): Run {
  const { runs }: { runs: Run[] } = JSON.parse(document?.text ?? "");
  const [run] = runs;
  if (run === undefined || runs.length !== 1) throw new Error("not one run");
  return run;
}

/** The documents of a report whose images are all the one of `makePlannedImage`. */
export function documents(
  report: Report,
  nameIsGiven = false,
  targets: readonly string[] = [],
): readonly SarifDocument[] {
  return renderSarif(report, [makePlannedImage()], { nameIsGiven, targets });
}

/** What Trivy found in the single stage of a report. */
export function scanOf(...findings: readonly Finding[]): Run {
  const image = makeReportImage({ stages: [makeReportStage({ findings })] });
  return runOf(documents(makeReport({ images: [image] }))[2]);
}

/** A finding without all that is optional in it. */
export function bareFinding({ tool, kind, rule, severity, message }: Finding): Finding {
  return { tool, ...(kind && { kind }), rule, severity, message };
}
