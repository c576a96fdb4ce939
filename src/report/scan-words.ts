import type { Finding } from "../model/finding.ts";
import { scanCounts } from "./counts.ts";
import { formatCount } from "./format.ts";
import { isSecret } from "./remedy.ts";
import { isAtLeast } from "./severity-order.ts";

/**
 * What the scan found in a stage: `1 secret, 2 critical, 12 high`. What is below high only where it
 * is asked for, or there is no worse; secrets always.
 */
export function scanWords(findings: readonly Finding[], isWhole: boolean): string {
  const counted = findings.filter(
    (finding) => isWhole || isSecret(finding) || isAtLeast(finding, "high"),
  );
  const others = counted.filter((finding) => !isSecret(finding));
  const rest = findings.length - counted.length;
  const parts = [
    ...(counted.length > 0 ? [scanCounts(counted)] : []),
    ...(others.length === 0 && rest > 0 ? [`${formatCount(rest)} below high`] : []),
  ];
  return parts.length === 0 ? "nothing found" : parts.join(", ");
}
