import type { Finding, ImageFinding, LintLevel, Severity } from "../model/finding.ts";
import { SEVERITIES } from "../model/finding.ts";
import type { Goal, GoalResult, LintGoalResult, Verdict } from "../model/goal.ts";
import type { MeasuredImage, MeasuredStage, Measurement } from "../model/measurement.ts";
import type { Stage } from "../model/plan.ts";
import { isAtLeast, judgeGoal } from "./judge-goal.ts";
import { judgeLint } from "./judge-lint.ts";
import { placeFindings, placeLint } from "./place-findings.ts";
import { sortFindings } from "./sort-findings.ts";

/** What the user wants judged. */
export interface JudgeRules {
  /** The goals on a stage, the more specific ones having won. */
  readonly goalsOf: (stage: Stage) => readonly Goal[];
  readonly failOnLint: LintLevel | "off";
  /** Severities of the scan that are reported. */
  readonly severity: readonly Severity[];
}

/** What is to be said of a stage. */
export interface StageJudgement {
  /** In the order in which the rules gave them. */
  readonly goals: readonly GoalResult[];
  /** What is reported: lint by line, then scan, worst first. */
  readonly findings: readonly Finding[];
}

/** What is to be said of a Dockerfile. */
export interface ImageJudgement {
  /** Undefined unless `fail-on-lint` is set. */
  readonly failOnLint?: LintGoalResult;
  /** Lint findings outside any stage. */
  readonly findings: readonly Finding[];
  /** In the order of the measurement. */
  readonly stages: readonly StageJudgement[];
}

/** What follows from a measurement and the user's rules. */
export interface Judgement {
  readonly verdict: Verdict;
  /** In the order of the measurement. */
  readonly images: readonly ImageJudgement[];
}

/**
 * Judges every goal of every stage. The verdict is `fail` when a goal is missed, a stage that
 * is wanted was not built, or a lint finding reaches `fail-on-lint`; else `unknown` when one of these could not be judged; else
 * `pass`. Goals on a stage that the plan leaves out are unknown, and do not count: of a job matrix
 * over stages, every leg judges its own.
 */
export function judge(measurement: Measurement, rules: JudgeRules): Judgement {
  const judged = measurement.images.map((measured) => ({
    measured,
    judgement: judgeImage(measured, rules),
  }));
  return {
    verdict: worst(judged.flatMap(({ measured, judgement }) => verdictsOf(measured, judgement))),
    images: judged.map(({ judgement }) => judgement),
  };
}

function judgeImage(image: MeasuredImage, rules: JudgeRules): ImageJudgement {
  const lint = placeLint(
    lintFindings(image),
    image.stages.map(({ stage }) => stage),
  );
  const judged = image.stages.map((measured) => ({
    measured,
    goals: rules.goalsOf(measured.stage).map((goal) => judgeGoal(goal, measured)),
  }));
  const isReported = reportedOf(judged, rules.severity);
  const stages = judged.map(({ measured, goals }, at) => {
    const scan = scanFindings(measured, isReported);
    return { goals, findings: sortFindings([...(lint.inStages[at] ?? []), ...scan]) };
  });
  const findings = sortFindings(lint.outside);
  if (rules.failOnLint === "off") return { findings, stages };
  return { failOnLint: judgeLint(image.lint, rules.failOnLint), findings, stages };
}

function lintFindings({ lint }: MeasuredImage): readonly Finding[] {
  return [lint.hadolint, lint.buildkit].flatMap((checked) =>
    checked.kind === "checked" ? checked.findings : [],
  );
}

interface JudgedStage {
  readonly measured: MeasuredStage;
  readonly goals: readonly GoalResult[];
}

/**
 * Which findings are reported: what the user wants to see, and whatever makes a goal missed, which is
 * never left unexplained. That is told of every stage that carries it, whatever goals that has.
 */
function reportedOf(
  stages: readonly JudgedStage[],
  severity: readonly Severity[],
): (finding: ImageFinding) => boolean {
  const breaking = stages.flatMap(({ measured: { scan }, goals }) => {
    const missed = new Set<string>(goals.flatMap(severitiesThatMiss));
    if (scan.kind !== "checked") return [];
    return scan.findings.filter((finding) => missed.has(finding.severity)).map(problemOf);
  });
  const [wanted, told] = [new Set<string>(severity), new Set(breaking)];
  return (finding) => wanted.has(finding.severity) || told.has(problemOf(finding));
}

/** The same in every stage that carries it. */
function problemOf({ rule, package: name, installed, path }: ImageFinding): string {
  return JSON.stringify([rule, name, installed, name === undefined ? path : undefined]);
}

function scanFindings(
  { scan, image }: MeasuredStage,
  isReported: (finding: ImageFinding) => boolean,
): readonly Finding[] {
  if (scan.kind !== "checked") return [];
  const reported = scan.findings.filter(isReported);
  return placeFindings(reported, image ?? { layers: [], packages: [] });
}

function severitiesThatMiss(goal: GoalResult): readonly Severity[] {
  const { limit, verdict } = goal;
  if (typeof limit === "number" || verdict !== "fail") return [];
  return SEVERITIES.filter((severity) => isAtLeast(severity, limit));
}

function verdictsOf(image: MeasuredImage, judgement: ImageJudgement): readonly Verdict[] {
  const stages = image.stages.flatMap(({ stage, build }, at): readonly Verdict[] => {
    if (stage.decision.kind === "skip") return [];
    if (build.kind !== "built") return ["fail"];
    return judgement.stages[at]?.goals.map((goal) => goal.verdict) ?? [];
  });
  const lint = judgement.failOnLint === undefined ? [] : [judgement.failOnLint.verdict];
  return [...stages, ...lint];
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("fail")) return "fail";
  return verdicts.includes("unknown") ? "unknown" : "pass";
}
