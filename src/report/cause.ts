import type { Finding } from "../model/finding.ts";
import type { ReportImage } from "../model/report.ts";

/**
 * The line that brought each finding of the scan into an image first: what one stage installs,
 * others copy or are built on, so the same problem stands at their lines too.
 */
export type CauseOf = (finding: Finding) => number | undefined;

/** Finds the causes in an image: a problem's line in the first stage that carries it. */
export function causesIn({ stages }: Pick<ReportImage, "stages">): CauseOf {
  const causes = new Map<string, number>();
  for (const stage of stages.toSorted((one, other) => one.index - other.index)) {
    for (const finding of stage.findings) {
      const key = problemKey(finding);
      if (!causes.has(key)) causes.set(key, finding.line ?? stage.line);
    }
  }
  return (finding) => causes.get(problemKey(finding)) ?? finding.line;
}

/** The same for one problem in whatever stages: rule, package, version and path. */
export function problemKey({ tool, rule, package: name, installed, path }: Finding): string {
  return JSON.stringify([tool, rule, name, installed, path]);
}
