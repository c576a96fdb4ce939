import { SEVERITIES } from "../model/finding.ts";
import type { ScanInputs } from "../model/inputs.ts";
import { formatFew } from "./format.ts";

type FilterInputs = Pick<ScanInputs, "scanners" | "severity" | "ignoreUnfixed" | "trivyIgnoreFile">;

/** So many findings are named that an ignore file lists. */
const MOST_NAMED = 3;

/**
 * What the inputs leave out of what the scan finds: less that is found must never read as if less were
 * there. One sentence each.
 * @param ignored rules of what was found and is listed in the ignore file
 */
export function filterNotes(
  { scanners, severity, ignoreUnfixed, trivyIgnoreFile }: FilterInputs,
  ignored: readonly string[] = [],
): readonly string[] {
  if (scanners.length === 0) return [];
  const isFiltered = severity.length < SEVERITIES.length;
  const unlooked = [
    ...(scanners.includes("vuln") ? [] : ["Vulnerabilities"]),
    ...(scanners.includes("secret") ? [] : ["Secrets"]),
  ];
  return [
    ...unlooked.map(
      (what) => `${what} are not looked for, and no goal counts any (input \`scanners\`).`,
    ),
    ...(isFiltered
      ? [
          `Only ${allInWords(severity)} findings are listed (input \`severity\`), and those that make a goal missed.`,
        ]
      : []),
    ...(ignoreUnfixed && scanners.includes("vuln")
      ? ["Vulnerabilities without a fix are neither reported nor counted (input `ignore-unfixed`)."]
      : []),
    ...(trivyIgnoreFile === undefined ? [] : [ignoredNote(trivyIgnoreFile, ignored)]),
  ];
}

function ignoredNote(file: string, ignored: readonly string[]): string {
  const named = ignored.length === 0 ? "" : `: ${formatFew(ignored, MOST_NAMED)}`;
  return `Findings that ${code(file)} lists are neither reported nor counted (input \`trivy-ignore-file\`)${named}.`;
}

/** A path as code, whatever is in it. */
function code(path: string): string {
  return `\`${path.replaceAll("`", "'")}\``;
}

/** `a, b, c and d`. */
function allInWords(words: readonly string[]): string {
  const [first, ...others] = words.toReversed();
  return others.length === 0 ? (first ?? "") : `${others.toReversed().join(", ")} and ${first}`;
}
