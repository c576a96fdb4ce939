import type { Finding, ScanKind } from "../../model/finding.ts";
import { escapeCode, escapeSentence, link } from "../markdown-escape.ts";
import { isSecret } from "../remedy.ts";
import { severityRank } from "../severity-order.ts";
import type { SarifProblem } from "./problems.ts";
import { DESCRIPTION_LENGTH, NAME_LENGTH, plainText, sentenceOf } from "./text.ts";

/** A rule as code scanning shows it. */
export interface SarifRule {
  readonly id: string;
  readonly name: string;
  readonly shortDescription: SarifText;
  readonly fullDescription: SarifText;
  readonly help: SarifText & { readonly markdown: string };
  readonly helpUri?: string;
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: Readonly<Record<string, string | readonly string[]>>;
}

/** Text as SARIF wraps it. */
export interface SarifText {
  readonly text: string;
}

/** SARIF's own words for how bad a result is. */
export type SarifLevel = "error" | "warning" | "note";

/** The rules of some problems, by id. What they say does not depend on package or stage. */
export function sarifRules(problems: readonly SarifProblem[]): readonly SarifRule[] {
  const worst = new Map<string, Finding>();
  for (const finding of problems.flatMap(({ findings }) => findings)) {
    const id = ruleId(finding.rule);
    const known = worst.get(id);
    if (known === undefined || isWorse(finding, known)) worst.set(id, finding);
  }
  return [...worst.values()].sort((one, other) => (one.rule < other.rule ? -1 : 1)).map(ruleOf);
}

/** A rule's id in code scanning. */
export function ruleId(rule: string): string {
  return plainText(rule, NAME_LENGTH);
}

/** How grave code scanning shows a finding. */
export function sarifLevel({ severity }: Finding): SarifLevel {
  switch (severity) {
    case "critical":
    case "high":
    case "error":
      return "error";
    case "medium":
    case "warning":
      return "warning";
    case "low":
    case "unknown":
    case "info":
    case "style":
      return "note";
  }
}

/** One rule can have several severities and scores, a package each: it shows the worst. */
function isWorse(finding: Finding, known: Finding): boolean {
  const order = severityRank(finding) - severityRank(known);
  return order < 0 || (order === 0 && (finding.cvss ?? 0) > (known.cvss ?? 0));
}

function ruleOf(finding: Finding): SarifRule {
  const id = ruleId(finding.rule);
  const title = plainText(finding.title ?? finding.message, DESCRIPTION_LENGTH - NAME_LENGTH - 3);
  return {
    id,
    name: kindOf(finding),
    shortDescription: { text: sentenceOf(`${id}: ${title}`) },
    fullDescription: { text: sentenceOf(title) },
    help: helpOf(finding, title),
    ...(isWebAddress(finding.help) ? { helpUri: finding.help } : {}),
    defaultConfiguration: { level: sarifLevel(finding) },
    properties: finding.tool === "trivy" ? scanProperties(finding) : lintProperties(finding),
  };
}

/** A name must not repeat the id; what kind of problem it is does not stand anywhere else. */
function kindOf(finding: Finding): string {
  if (finding.tool !== "trivy") return "DockerfileLint";
  return finding.kind === undefined ? "ImageProblem" : KINDS[finding.kind].name;
}

/** What there is to say of each kind of what the scan finds. */
const KINDS: Readonly<
  Record<ScanKind, { readonly name: string; readonly tags: readonly string[] }>
> = {
  vulnerability: { name: "VulnerablePackage", tags: ["vulnerability"] },
  secret: { name: "SecretInImage", tags: [] },
  misconfiguration: { name: "Misconfiguration", tags: [] },
  license: { name: "LicenseInImage", tags: ["license"] },
};

function helpOf(finding: Finding, title: string): SarifText & { readonly markdown: string } {
  const { rule, help } = finding;
  const advice = adviceOf(finding);
  const more = isWebAddress(help) ? ` More: ${help}` : "";
  const id = link(escapeCode(ruleId(rule)), isWebAddress(help) ? help : undefined);
  return {
    text: `${sentenceOf(title)}${advice === "" ? "" : ` ${advice}`}${more}`,
    markdown: [`${id}: ${sentenceOf(escapeSentence(title))}`, advice].join("\n\n").trim(),
  };
}

/** What to do, which is the same for all packages and stages; a linter's message says it itself. */
function adviceOf(finding: Finding): string {
  if (finding.tool !== "trivy") return "";
  if (isSecret(finding)) {
    return (
      "Take it out of the image and replace what it opens: whoever can pull the image has it. " +
      "A build secret (RUN --mount=type=secret) leaves nothing behind."
    );
  }
  const where =
    "The line is that of the instruction that brought it into the image: FROM, where the base image did.";
  if (finding.kind === "license") {
    return `${where} Do without the package, or accept the license in the file that trivy-ignore-file names.`;
  }
  if (finding.kind !== "vulnerability") return where;
  return `${where} Where the message names a fixed version, update the package or the base image to it.`;
}

/** Only the plain ones: one that a strict reader takes for no address costs the whole upload. */
function isWebAddress(help: string | undefined): help is string {
  return help !== undefined && /^https?:\/\/[\w.-]+(\/[\w./?=&+~-]*)?(#[\w./-]*)?$/.test(help);
}

/**
 * What code scanning ranks vulnerabilities by: a score as text, above 9.0 critical, from 7.0 high,
 * from 4.0 medium. Without a severity there is none: 0.0 would read as harmless.
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
function scanProperties({ severity, cvss, kind }: Finding): SarifRule["properties"] {
  const score = cvss !== undefined && cvss > 0 ? cvss.toFixed(1) : SCORES[severity];
  return {
    ...(score === undefined ? {} : { "security-severity": score }),
    precision: "very-high",
    tags: ["security", "container", ...(kind === undefined ? [] : KINDS[kind].tags)],
  };
}

const SCORES: Readonly<Record<string, string>> = {
  critical: "9.5",
  high: "8.0",
  medium: "5.5",
  low: "2.0",
};

function lintProperties(finding: Finding): SarifRule["properties"] {
  const level = sarifLevel(finding);
  return {
    "problem.severity": level === "note" ? "recommendation" : level,
    precision: "high",
    tags: ["maintainability", "container"],
  };
}
