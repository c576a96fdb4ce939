import type { ImageJudgement, Judgement, StageJudgement } from "../judge/judge.ts";
import type { Checked, FindingTool, Lint } from "../model/finding.ts";
import type { MeasuredImage, MeasuredStage, Measurement } from "../model/measurement.ts";
import type { PlannedImage } from "../model/plan.ts";
import type { CheckStatus, Report, ReportImage, ReportStage } from "../model/report.ts";
import { allNeedsOf } from "../plan/chain.ts";
import { diveNotes } from "./dive-note.ts";
import { formatFew } from "./format.ts";
import { violationLine } from "./lint-violation.ts";
import { shownAdvice } from "./shown-advice.ts";
import { failureWithInstruction, stepsWithInstructions } from "./with-instructions.ts";

/** What the report says beside the measurement and its judgement. */
export interface ReportFacts {
  /** Key of the comment, the SARIF categories and the caches. */
  readonly name: string;
  /** What the reader should know, one sentence each. Those of the checks are added. */
  readonly notes: readonly string[];
  /** Versions of what measured. */
  readonly tools: Readonly<Record<string, string>>;
  readonly commit?: string;
}

/** One value with all that is worth saying of a run. Every rendering is made from it alone. */
export function makeReport(
  measurement: Measurement,
  judgement: Judgement,
  facts: ReportFacts,
): Report {
  return {
    version: 1,
    name: facts.name,
    verdict: judgement.verdict,
    images: measurement.images.map((image, at) => imageOf(image, judgement.images[at])),
    notes: [...new Set([...facts.notes, ...notesOfAll(measurement, judgement)])],
    tools: facts.tools,
    ...(facts.commit === undefined ? {} : { commit: facts.commit }),
  };
}

function imageOf(
  { plan, lint, contextBytes, stages }: MeasuredImage,
  judgement: ImageJudgement | undefined,
): ReportImage {
  const failOnLint = judgement?.failOnLint;
  return {
    name: plan.name,
    dockerfile: plan.dockerfile,
    context: plan.context,
    ...(contextBytes !== undefined && { contextBytes }),
    hadolint: statusOf(lint.hadolint),
    buildkit: statusOf(lint.buildkit),
    ...(failOnLint === undefined ? {} : { failOnLint }),
    findings: judgement?.findings ?? [],
    stages: stages.map((stage, at) => ({
      ...stageOf(plan, stage, lint, judgement?.stages[at]),
      ...leftOut(stage, stages),
    })),
  };
}

function stageOf(
  plan: PlannedImage,
  measured: MeasuredStage,
  lint: Lint,
  judgement: StageJudgement | undefined,
): ReportStage {
  const { stage, image } = measured;
  return {
    image: stage.image,
    name: stage.name,
    index: stage.index,
    line: stage.line,
    platform: image?.platform ?? stage.platform,
    ...buildOf(plan, measured, lint),
    ...sizesOf(measured),
    layers: image?.layers ?? [],
    biggestFiles: image?.biggestFiles ?? [],
    biggestFolders: image?.biggestFolders ?? [],
    waste: image?.waste ?? [],
    packages: image?.packages ?? [],
    boxes: image?.boxes ?? [],
    advice: shownAdvice(plan, measured, judgement),
    goals: judgement?.goals ?? [],
    scan: statusOf(measured.scan),
    findings: judgement?.findings ?? [],
  };
}

/** A stage that nobody asked for is built all the same where a wanted one needs it. */
function leftOut(
  { stage, build }: MeasuredStage,
  all: readonly MeasuredStage[],
): Pick<ReportStage, "reason" | "leftOut"> {
  if (stage.decision.kind !== "skip" || build.kind !== "skipped") return {};
  const planned = all.map((measured) => measured.stage);
  const users = all.filter(
    (other) =>
      other.build.kind === "built" && allNeedsOf(planned, other.stage.index).includes(stage.index),
  );
  const names = users.map((other) => other.stage.name);
  if (names.length === 0) return { leftOut: true };
  const verb = names.length === 1 ? "needs" : "need";
  const reason = `${build.reason}; built as far as ${formatFew(names, 3)} ${verb} it`;
  return { reason, leftOut: true };
}

type BuildFacts = Pick<
  ReportStage,
  "status" | "reason" | "failedNeeds" | "failure" | "digest" | "seconds" | "steps"
>;

function buildOf(plan: PlannedImage, { stage, build }: MeasuredStage, lint: Lint): BuildFacts {
  switch (build.kind) {
    case "built":
      return {
        status: "built",
        digest: build.digest,
        seconds: build.seconds,
        steps: stepsWithInstructions(plan, build.steps),
      };
    case "failed": {
      const { output, telling } = build;
      const line = build.line ?? violationLine(plan, stage, build, lint.buildkit);
      return {
        status: "failed",
        reason: build.reason,
        failure: failureWithInstruction(plan, {
          ...(line !== undefined && { line }),
          output,
          ...(telling !== undefined && { telling }),
        }),
        seconds: build.seconds,
        steps: stepsWithInstructions(plan, build.steps),
      };
    }
    case "skipped": {
      const { reason, failedNeeds } = build;
      return {
        status: "skipped",
        reason,
        ...(failedNeeds !== undefined && { failedNeeds }),
        steps: [],
      };
    }
  }
}

type SizeFacts = Pick<
  ReportStage,
  "unpacked" | "download" | "downloadUnknown" | "own" | "base" | "live" | "wasted" | "efficiency"
>;

function sizesOf({ image }: MeasuredStage): SizeFacts {
  if (image === undefined) return {};
  const { unpacked, download, downloadUnknown, own, base, live, wasted, efficiency } = image;
  return {
    unpacked,
    ...(download !== undefined && { download }),
    ...(downloadUnknown !== undefined && { downloadUnknown }),
    ...{ own, base, live, wasted, efficiency },
  };
}

function statusOf(checked: Checked<unknown>): CheckStatus {
  switch (checked.kind) {
    case "checked":
      return { status: "checked" };
    case "unavailable":
      return { status: "unavailable", reason: checked.reason };
    case "off":
      return { status: "off", ...(checked.reason !== undefined && { reason: checked.reason }) };
  }
}

function notesOfAll({ images }: Measurement, judgement: Judgement): readonly string[] {
  return images.flatMap((image, at) => notesOf(image, judgement.images[at]));
}

function notesOf(
  { plan, lint, stages }: MeasuredImage,
  judgement: ImageJudgement | undefined,
): readonly string[] {
  const checks = [lint.hadolint, lint.buildkit, ...stages.map(({ scan }) => scan)];
  return [
    ...checks.flatMap((check) => notesOfCheck(check, plan.dockerfile)),
    ...stages.flatMap(downloadNotes),
    ...stages.flatMap(unreadNotes),
    ...stages.flatMap((stage, at) => diveNotes(stage, judgement?.stages[at]?.goals ?? [])),
  ];
}

/** The same of all stages: it is said once. */
function downloadNotes({ image }: MeasuredStage): readonly string[] {
  if (image?.downloadUnknown === undefined) return [];
  return [`How much is downloaded is not known: ${image.downloadUnknown}`];
}

/** Packages that are not told must never read as if they were not there. */
function unreadNotes({ stage, image }: MeasuredStage): readonly string[] {
  const causes = [
    { count: image?.unreadPackageLists, why: "being too large" },
    { count: image?.leftOutPackageLists, why: "there being more than is read of a layer" },
  ];
  return causes.flatMap(({ count, why }) => {
    if (count === undefined) return [];
    const files = count === 1 ? "1 file" : `${count} files`;
    return `${files} in ${stage.name} that should say what is installed could not be read, ${why}: what is listed there is told by folder`;
  });
}

/** What is not checked must never read as if nothing was found. */
function notesOfCheck(check: Checked<unknown>, dockerfile: string): readonly string[] {
  switch (check.kind) {
    case "checked":
      return check.notes ?? [];
    case "unavailable":
      return [`${TOOL_NAMES[check.tool]} did not check ${dockerfile}: ${check.reason}`];
    case "off":
      return check.reason === undefined ? [] : [check.reason];
  }
}

const TOOL_NAMES: Readonly<Record<FindingTool, string>> = {
  hadolint: "Hadolint",
  buildkit: "BuildKit",
  trivy: "Trivy",
};
