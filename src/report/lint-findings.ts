import type { Finding } from "../model/finding.ts";
import { LINT_LEVELS } from "../model/finding.ts";
import type { ReportImage } from "../model/report.ts";
import { isOfScan } from "./counts.ts";

/** All that the linters found in a Dockerfile, worst first, then by line. */
export function lintFindings(image: ReportImage): readonly Finding[] {
  const all = [...image.findings, ...image.stages.flatMap((stage) => stage.findings)];
  return all
    .filter((finding) => !isOfScan(finding))
    .sort((one, other) => rank(one) - rank(other) || (one.line ?? 0) - (other.line ?? 0));
}

const RANKS = new Map<string, number>(LINT_LEVELS.map((level, at) => [level, at]));

function rank(finding: Finding): number {
  return RANKS.get(finding.severity) ?? LINT_LEVELS.length;
}
