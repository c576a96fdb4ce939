import { type Finding, LINT_LEVELS, SEVERITIES } from "../model/finding.ts";

const RANKS = new Map<string, number>(
  [SEVERITIES, LINT_LEVELS].flatMap((words) => words.map((word, at) => [word, at] as const)),
);

/** Place of a finding among the words of its tool, the worst first: 0. */
export function severityRank({ severity }: Pick<Finding, "severity">): number {
  return RANKS.get(severity) ?? RANKS.size;
}

/** Whether a finding is as bad as a word of its tool, or worse. */
export function isAtLeast(finding: Pick<Finding, "severity">, least: string): boolean {
  return severityRank(finding) <= (RANKS.get(least) ?? RANKS.size);
}
