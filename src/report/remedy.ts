import type { Finding } from "../model/finding.ts";
import { compareVersions, leastAbove } from "./version-order.ts";

/** What can be done about a vulnerable package. */
export type Remedy =
  | { readonly kind: "update"; readonly to: string }
  /** Nothing, and why: `won't fix`, `no fix yet`. */
  | { readonly kind: "none"; readonly words: string };

/** What can be done about a finding; of one that is about no package there is nothing to say. */
export function remedyOf(finding: Finding): Remedy | undefined {
  const { package: name, installed = "", fixed, message } = finding;
  if (name === undefined) return undefined;
  const to = fixed === undefined ? undefined : leastAbove(installed, fixed.split(/,\s*/));
  return to === undefined || to === ""
    ? { kind: "none", words: noFixWords(message) }
    : { kind: "update", to };
}

/** Why there is no fix: the scan's own words for it are the end of its message. */
function noFixWords(message: string): string {
  if (/will not fix it\.?$/.test(message)) return "won't fix";
  if (/has put the fix off\.?$/.test(message)) return "fix put off";
  if (/support has ended\.?$/.test(message)) return "no fix, support has ended";
  return "no fix yet";
}

/** The same in two words: `fixed in 3.0.13-1`, `won't fix`. */
export function remedyWords(remedy: Remedy): string {
  return remedy.kind === "update" ? `fixed in ${remedy.to}` : remedy.words;
}

/** The one version that all of these findings in one package are gone from. */
export function updateFor(findings: readonly Finding[]): string | undefined {
  return findings.reduce<string | undefined>((highest, finding) => {
    const remedy = remedyOf(finding);
    if (remedy?.kind !== "update") return highest;
    return highest === undefined || compareVersions(remedy.to, highest) > 0 ? remedy.to : highest;
  }, undefined);
}

/** A key, a token or a password in a file: no update helps, it must be taken out and replaced. */
export function isSecret({ tool, package: name, path, help, message }: Finding): boolean {
  if (tool !== "trivy" || name !== undefined || path === undefined) return false;
  // A misconfiguration has a page that explains it.
  return help === undefined && !message.includes(" has the license ");
}
