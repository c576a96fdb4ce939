import type { Finding } from "../model/finding.ts";
import { problemKey } from "./cause.ts";
import { isSecret } from "./remedy.ts";

/**
 * Findings of several stages as a scanner counts those of one: what stages have in common once, and
 * what one has in two places, such as a package at two paths or of two architectures, twice. What a
 * rule recognises as a secret in one place is one.
 */
export function distinctFindings(stages: Iterable<readonly Finding[]>): readonly Finding[] {
  const distinct = new Map<string, Finding>();
  for (const findings of stages) {
    const seen = new Map<string, number>();
    for (const finding of findings) {
      const problem = problemKey(finding);
      const times = isSecret(finding) ? 0 : (seen.get(problem) ?? 0);
      seen.set(problem, times + 1);
      const key = `${times} ${problem}`;
      if (!distinct.has(key)) distinct.set(key, finding);
    }
  }
  return [...distinct.values()];
}
