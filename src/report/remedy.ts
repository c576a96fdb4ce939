import type { Finding, Outlook, ScanKind } from "../model/finding.ts";
import { compareVersions, isFixedIn, leastAbove } from "./version-order.ts";

/** What can be done about a vulnerable package. */
export type Remedy =
  | { readonly kind: "update"; readonly to: string }
  /** Nothing, and why: `won't fix`, `no fix yet`. */
  | { readonly kind: "none"; readonly words: string };

/** What can be done about a finding; of one that is no vulnerability there is nothing to say. */
export function remedyOf(finding: Finding): Remedy | undefined {
  const { installed = "", outlook } = finding;
  if (!isVulnerability(finding)) return undefined;
  const to = leastAbove(installed, fixesOf(finding));
  return to === undefined ? { kind: "none", words: outlookWords(outlook) } : { kind: "update", to };
}

/** The versions that a finding is gone from, one for each branch of the package. */
function fixesOf({ fixed = "" }: Finding): readonly string[] {
  return fixed.split(/,\s*/).filter((version) => version !== "");
}

/** What a goal counts and no update helps against, by its kind. */
export interface WithoutUpdate<Subject> {
  /** What it is called in front of a list. */
  readonly title: string;
  /** What can be done, in a sentence. */
  readonly help: string;
  readonly subjects: readonly Subject[];
}

const ACCEPT = "accept single findings in the file that `trivy-ignore-file` names";

const WITHOUT_UPDATE: Readonly<Record<ScanKind, Pick<WithoutUpdate<never>, "title" | "help">>> = {
  vulnerability: {
    title: "Nothing to update to",
    help: `What can be done: wait, take another base image, ${ACCEPT}, or leave out all that have no fix with \`ignore-unfixed: true\`.`,
  },
  misconfiguration: {
    title: "Misconfigured",
    help: `What can be done: put the file right, keep it out of the image, or ${ACCEPT}.`,
  },
  license: {
    title: "Licenses",
    help: `What can be done: do without the package, or ${ACCEPT}.`,
  },
  secret: {
    title: "Secrets",
    help: "What can be done: replace it, and keep it out of the image.",
  },
};

/** What no update helps against, sorted by what can be done instead. */
export function withoutUpdate<Subject>(
  subjects: readonly Subject[],
  findingOf: (subject: Subject) => Finding | undefined,
): readonly WithoutUpdate<Subject>[] {
  const kinds = Map.groupBy(subjects, (one) => findingOf(one)?.kind ?? "vulnerability");
  return [...kinds].map(([kind, same]) => ({ ...WITHOUT_UPDATE[kind], subjects: same }));
}

/** Why there is no fix. */
function outlookWords(outlook: Outlook | undefined): string {
  switch (outlook) {
    case "will-not-fix":
      return "won't fix";
    case "deferred":
      return "fix put off";
    case "end-of-life":
      return "no fix, support has ended";
    case undefined:
      return "no fix yet";
  }
}

/** The same in two words: `fixed in 3.0.13-1`, `won't fix`. */
export function remedyWords(remedy: Remedy): string {
  return remedy.kind === "update" ? `fixed in ${remedy.to}` : remedy.words;
}

/**
 * The least version that all of these findings in one package are gone from, of those that one of them
 * is fixed in. What helps against one can be of a branch in which another is fixed later.
 */
export function updateFor(findings: readonly Finding[]): string | undefined {
  const fixable = findings.filter((finding) => remedyOf(finding)?.kind === "update");
  const candidates = new Set(fixable.flatMap(candidatesOf));
  const fixes = [...new Map(fixable.map((each) => [each.fixed, fixesOf(each)])).values()];
  return [...candidates]
    .toSorted(compareVersions)
    .find((version) => fixes.every((each) => isFixedIn(version, each)));
}

/** Fixes above what is installed; all where it is above every one, or not to be compared. */
function candidatesOf(finding: Finding): readonly string[] {
  const { installed = "" } = finding;
  const fixes = fixesOf(finding);
  const above = fixes.filter((fix) => compareVersions(fix, installed) > 0);
  return above.length > 0 ? above : fixes;
}

/** A key, a token or a password in a file: no update helps, it must be taken out and replaced. */
export function isSecret({ kind }: Finding): boolean {
  return kind === "secret";
}

/** Tells one place of a secret from others: the file, or the line that put it into the configuration. */
export function secretPlace(finding: Finding): string | number | undefined {
  return isSecret(finding) ? (finding.path ?? finding.line) : undefined;
}

/** Secrets as they are counted: what a rule recognises in one place, once. */
export function countSecrets(findings: readonly Finding[]): number {
  const secrets = findings.filter(isSecret);
  return new Set(secrets.map((each) => JSON.stringify([each.rule, secretPlace(each)]))).size;
}

/** How grave a finding is, for a table in which secrets are counted apart. */
export function severityWords(finding: Finding): string {
  return isSecret(finding) ? `secret (${finding.severity})` : finding.severity;
}

/** A hole in a package, which another version of it may not have. */
function isVulnerability({ kind }: Finding): boolean {
  return kind === "vulnerability";
}

/**
 * How many of the vulnerabilities among some findings have a fix: `11 of 14 have a fix`, or
 * `both vulnerabilities have a fix` where not all findings are some. Empty where there are none.
 */
export function fixWords(findings: readonly Finding[]): string {
  const remedies = findings.flatMap((finding) => remedyOf(finding) ?? []);
  const fixable = remedies.filter(({ kind }) => kind === "update").length;
  const all = remedies.length;
  if (all === 0) return "";
  const isMixed = all < findings.length;
  const many = isMixed ? " vulnerabilities" : "";
  if (all === 1) {
    const subject = isMixed ? "the vulnerability" : "it";
    return fixable === 1 ? `${subject} has a fix` : `${subject} has no fix`;
  }
  if (fixable === 0) return isMixed ? "no vulnerability has a fix" : "none has a fix";
  if (fixable < all) return `${fixable} of ${all}${many} ${fixable === 1 ? "has" : "have"} a fix`;
  return `${all === 2 ? "both" : "all"}${many} have a fix`;
}
