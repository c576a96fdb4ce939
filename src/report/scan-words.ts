import type { Finding } from "../model/finding.ts";
import { scanCounts } from "./counts.ts";
import { formatCount, plural } from "./format.ts";
import { isSecret } from "./remedy.ts";
import { isAtLeast } from "./severity-order.ts";

/**
 * What the scan found in a stage: `1 secret, 2 critical, 12 high`. Secrets by themselves, as no
 * update helps against them; what is below high only where it is asked for, or there is no worse.
 */
export function scanWords(findings: readonly Finding[], isWhole: boolean): string {
  const secrets = findings.filter(isSecret);
  const others = findings.filter((finding) => !isSecret(finding));
  const grave = others.filter((finding) => isAtLeast(finding, "high"));
  const rest = others.length - grave.length;
  const counted = isWhole ? others : grave;
  const parts = [
    ...(secrets.length > 0 ? [plural(secrets.length, "secret")] : []),
    ...(counted.length > 0 ? [scanCounts(counted)] : []),
    ...(counted.length === 0 && rest > 0 ? [`${formatCount(rest)} below high`] : []),
  ];
  return parts.length === 0 ? "nothing found" : parts.join(", ");
}
