import type { Finding, FindingTool } from "../../model/finding.ts";
import { LINT_LEVELS, SEVERITIES } from "../../model/finding.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";

/** What becomes one alert: a rule at a line, whatever packages and stages carry it. */
export interface SarifProblem {
  readonly rule: string;
  readonly line: number;
  /** All findings behind it, the worst first. */
  readonly findings: readonly Finding[];
  /** Names of the stages that carry it, in their order; none for what is outside of any stage. */
  readonly stages: readonly string[];
}

/** A finding where it stands in the report. */
interface PlacedFinding {
  readonly finding: Finding;
  readonly stage?: ReportStage;
  /** Where it has no line of its own: that of the stage's `FROM`, or the first of the file. */
  readonly line: number;
}

/** The problems that a tool found in an image, worst first; the same order from run to run. */
export function sarifProblems(image: ReportImage, tool: FindingTool): readonly SarifProblem[] {
  const placed = [
    ...image.findings.map((finding) => ({ finding, line: finding.line ?? 1 })),
    ...image.stages.flatMap((stage) =>
      stage.findings.map((finding) => ({ finding, stage, line: finding.line ?? stage.line })),
    ),
  ];
  const ofTool = placed.filter(({ finding }) => finding.tool === tool);
  const groups = Map.groupBy(ofTool, ({ finding, line }) => JSON.stringify([line, finding.rule]));
  return [...groups.values()].flatMap(problemOf).sort(compareProblems);
}

/** Place of a severity among those of its tool, the worst first. */
export function severityRank({ severity }: Finding): number {
  return RANKS.get(severity) ?? RANKS.size;
}

const RANKS = new Map<string, number>(
  [SEVERITIES, LINT_LEVELS].flatMap((words) => words.map((word, at) => [word, at] as const)),
);

function problemOf(group: readonly PlacedFinding[]): readonly SarifProblem[] {
  const [first] = group;
  if (first === undefined) return [];
  const stages = group.flatMap(({ stage }) => (stage === undefined ? [] : [stage.name]));
  const findings = group.map(({ finding }) => finding);
  return [
    {
      rule: first.finding.rule,
      line: first.line,
      findings: findings.sort((one, other) => severityRank(one) - severityRank(other)),
      stages: [...new Set(stages)],
    },
  ];
}

function compareProblems(one: SarifProblem, other: SarifProblem): number {
  return (
    worstRank(one) - worstRank(other) || one.line - other.line || compare(one.rule, other.rule)
  );
}

function worstRank({ findings }: SarifProblem): number {
  return Math.min(...findings.map(severityRank));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
