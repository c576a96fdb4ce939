import type { Finding, FindingTool } from "../../model/finding.ts";
import type { ReportImage, ReportStage } from "../../model/report.ts";
import { ascending } from "../ascending.ts";
import { causesIn } from "../cause.ts";
import { isSecret } from "../remedy.ts";
import { severityRank } from "../severity-order.ts";

/**
 * What becomes one alert: a rule at the line that caused it, whatever packages and stages carry it;
 * of secrets, one in each file, since each must be taken out and replaced by itself.
 */
export interface SarifProblem {
  readonly rule: string;
  readonly line: number;
  /** Path inside the image of the file that it is in. Of secrets alone; hostile text. */
  readonly secretIn?: string;
  /** Where else it stands, ascending: lines that copy it, or are built on it. */
  readonly otherLines: readonly number[];
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
  /** The line that brought it in first. */
  readonly cause: number;
}

/** The problems that a tool found in an image, worst first; the same order from run to run. */
export function sarifProblems(image: ReportImage, tool: FindingTool): readonly SarifProblem[] {
  const causeOf = causesIn(image);
  const placed = [
    ...image.findings.map((finding) => placedAt(finding, finding.line ?? 1)),
    ...image.stages.flatMap((stage) =>
      stage.findings.map((finding) => {
        const line = finding.line ?? stage.line;
        // A linter blames each line for itself.
        const cause = tool === "trivy" ? (causeOf(finding) ?? line) : line;
        return { ...placedAt(finding, line), stage, cause };
      }),
    ),
  ];
  const ofTool = placed.filter(({ finding }) => finding.tool === tool);
  const groups = Map.groupBy(ofTool, ({ finding, cause }) =>
    JSON.stringify([cause, finding.rule, secretPath(finding)]),
  );
  return [...groups.values()].flatMap(problemOf).sort(compareProblems);
}

function secretPath(finding: Finding): string | undefined {
  return isSecret(finding) ? finding.path : undefined;
}

function placedAt(finding: Finding, line: number): PlacedFinding {
  return { finding, line, cause: line };
}

function problemOf(group: readonly PlacedFinding[]): readonly SarifProblem[] {
  const [first] = group;
  if (first === undefined) return [];
  const stages = group.flatMap(({ stage }) => (stage === undefined ? [] : [stage.name]));
  const findings = group.map(({ finding }) => finding);
  const secretIn = secretPath(first.finding);
  return [
    {
      rule: first.finding.rule,
      line: first.cause,
      ...(secretIn !== undefined && { secretIn }),
      otherLines: otherLinesOf(group),
      findings: findings.sort((one, other) => severityRank(one) - severityRank(other)),
      stages: [...new Set(stages)],
    },
  ];
}

function otherLinesOf(group: readonly PlacedFinding[]): readonly number[] {
  const others = group.filter(({ line, cause }) => line !== cause).map(({ line }) => line);
  return ascending(others);
}

function compareProblems(one: SarifProblem, other: SarifProblem): number {
  return (
    worstRank(one) - worstRank(other) ||
    one.line - other.line ||
    compare(one.rule, other.rule) ||
    compare(one.secretIn ?? "", other.secretIn ?? "")
  );
}

function worstRank({ findings }: SarifProblem): number {
  return Math.min(...findings.map(severityRank));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
