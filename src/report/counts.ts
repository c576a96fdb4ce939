import type { Finding, LintLevel, Severity } from "../model/finding.ts";
import { LINT_LEVELS, SEVERITIES } from "../model/finding.ts";
import { plural } from "./format.ts";
import { countSecrets, isSecret } from "./remedy.ts";

/**
 * How many there are of each severity of the scan, worst first: `1 secret, 2 critical, 12 high`.
 * Secrets are counted by themselves wherever anything is counted: no update helps against them.
 */
export function scanCounts(findings: readonly Finding[], least: Severity = "unknown"): string {
  const severities = SEVERITIES.slice(0, SEVERITIES.indexOf(least) + 1);
  const counted = findings.filter(({ severity }) => severities.some((word) => word === severity));
  const secrets = countSecrets(counted);
  const others = counted.filter((finding) => !isSecret(finding));
  if (secrets === 0) return countEach(others, severities, (severity) => severity);
  const rest = others.length === 0 ? [] : [countEach(others, severities, (severity) => severity)];
  return [plural(secrets, "secret"), ...rest].join(", ");
}

/** How many there are of each level of the linters, worst first: `1 error, 3 warnings, 2 info`. */
export function lintCounts(findings: readonly Finding[], least: LintLevel = "style"): string {
  const levels = LINT_LEVELS.slice(0, LINT_LEVELS.indexOf(least) + 1);
  return countEach(findings, levels, (level) =>
    level === "error" || level === "warning" ? `${level}s` : level,
  );
}

/** Whether the scanner found it, or a linter. */
export function isOfScan(finding: Finding): boolean {
  return finding.tool === "trivy";
}

function countEach(
  findings: readonly Finding[],
  words: readonly string[],
  many: (word: string) => string,
): string {
  const counts = new Map<string, number>();
  for (const { severity } of findings) counts.set(severity, (counts.get(severity) ?? 0) + 1);
  const parts = words.flatMap((word) => {
    const count = counts.get(word);
    return count === undefined ? [] : [plural(count, word, many(word))];
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}
