import { SEVERITIES } from "../model/finding.ts";
import type { ScanInputs } from "../model/inputs.ts";
import { formatFew } from "./format.ts";

/**
 * What the inputs leave out of what the scan finds: less that is found must never read as if less were
 * there. One sentence each.
 */
export function filterNotes({
  scanners,
  severity,
  ignoreUnfixed,
}: Pick<ScanInputs, "scanners" | "severity" | "ignoreUnfixed">): readonly string[] {
  if (scanners.length === 0) return [];
  const isFiltered = severity.length < SEVERITIES.length;
  const words = formatFew(
    severity.map((each) => each.toUpperCase()),
    SEVERITIES.length,
  );
  const unlooked = [
    ...(scanners.includes("vuln") ? [] : ["Vulnerabilities"]),
    ...(scanners.includes("secret") ? [] : ["Secrets"]),
  ];
  return [
    ...unlooked.map((what) => `${what} are not looked for, and no goal counts any (scanners).`),
    ...(isFiltered
      ? [
          `Of what the scan finds, only ${words} is reported, and what makes a goal missed (severity).`,
        ]
      : []),
    ...(ignoreUnfixed && scanners.includes("vuln")
      ? ["Vulnerabilities without a fix are neither reported nor counted (ignore-unfixed)."]
      : []),
  ];
}
