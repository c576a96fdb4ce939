import type { Finding } from "../model/finding.ts";
import { SEVERITIES } from "../model/finding.ts";

/**
 * The order in which findings are reported, the same from run to run: lint by line, then what the
 * scan found, worst first.
 */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort(
    (one, other) =>
      rank(one) - rank(other) ||
      (one.line ?? 0) - (other.line ?? 0) ||
      compare(one.rule, other.rule) ||
      compare(one.package ?? "", other.package ?? "") ||
      compare(one.installed ?? "", other.installed ?? "") ||
      compare(one.path ?? "", other.path ?? "") ||
      compare(one.message, other.message),
  );
}

const RANKS = new Map<string, number>(SEVERITIES.map((severity, at) => [severity, at]));

/** All of lint before all of the scan: a linter's words are none of the scanner's. */
function rank(finding: Finding): number {
  return RANKS.get(finding.severity) ?? -1;
}

/** By code units: no locale changes the order. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
