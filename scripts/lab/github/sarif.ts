import { isObject, listOf, member, numberOf, textOf } from "./json.ts";
import { categoryOf, deliveryProblems, type Location, locationOf } from "./sarif-rules.ts";

/** How grave a rule's results are, as SARIF says it. */
export type Level = "none" | "note" | "warning" | "error";

/** How grave a security rule's results are, as GitHub shows it. */
export type SecuritySeverity = "low" | "medium" | "high" | "critical";

/** What GitHub keeps of a rule. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly severity: Level;
  readonly securitySeverity: SecuritySeverity | undefined;
  readonly description: string;
  readonly fullDescription: string;
  readonly tags: readonly string[];
  /** Markdown when the file has it, text otherwise. */
  readonly help: string | undefined;
  readonly helpUri: string | undefined;
}

/** What GitHub keeps of a result: its first location only. */
export interface SarifResult {
  readonly rule: Rule;
  readonly message: string;
  readonly location: Location;
  /** `partialFingerprints.primaryLocationLineHash`, the only fingerprint GitHub uses. */
  readonly fingerprint: string | undefined;
}

/** One run of a file, read. */
export interface SarifRun {
  readonly tool: { readonly name: string; readonly version: string | undefined };
  readonly category: string;
  readonly rulesCount: number;
  readonly results: readonly SarifResult[];
}

/** A run that GitHub has processed, for a commit and a ref. */
export interface Analysis extends SarifRun {
  readonly id: number;
  readonly sarifId: string;
  readonly ref: string;
  readonly commitSha: string;
  readonly createdAt: string;
}

/** What reading an uploaded file came to. */
export type Delivery =
  | { readonly kind: "runs"; readonly runs: readonly SarifRun[] }
  | { readonly kind: "rejected"; readonly errors: readonly string[] };

/** GitHub shows no more results of a run than these, the gravest first. */
const shownResults = 5000;

/**
 * Reads an uploaded file as code scanning's processing does: all of it or nothing.
 * https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function readSarif(text: string, checkoutUri: string | undefined): Delivery {
  const log = parse(text);
  if (log === undefined) return { kind: "rejected", errors: ["Invalid SARIF. JSON syntax error"] };
  const errors = deliveryProblems(log, checkoutUri);
  if (errors.length > 0) return { kind: "rejected", errors };
  return { kind: "runs", runs: listOf(member(log, "runs")).map(readRun) };
}

function parse(text: string): unknown {
  try {
    const log: unknown = JSON.parse(text);
    return isObject(log) ? log : undefined;
  } catch {
    return undefined;
  }
}

function readRun(run: unknown): SarifRun {
  const driver = member(run, "tool", "driver");
  const rules = listOf(member(driver, "rules"));
  const results = listOf(member(run, "results")).map((result) => readResult(result, rules));
  return {
    tool: {
      name: textOf(member(driver, "name")) ?? "",
      version: textOf(member(driver, "semanticVersion")) ?? textOf(member(driver, "version")),
    },
    category: categoryOf(run),
    rulesCount: rules.length,
    results: results.sort(graverFirst).slice(0, shownResults),
  };
}

function readResult(result: unknown, rules: readonly unknown[]): SarifResult {
  const index = numberOf(member(result, "ruleIndex")) ?? numberOf(member(result, "rule", "index"));
  const id = textOf(member(result, "ruleId")) ?? textOf(member(result, "rule", "id"));
  const described =
    rules.find((rule) => id !== undefined && member(rule, "id") === id) ?? rules[index ?? -1];
  return {
    rule: readRule(described, id, levelOf(member(result, "level"))),
    message: textOf(member(result, "message", "text")) ?? "",
    location: locationOf(result),
    fingerprint: textOf(member(result, "partialFingerprints", "primaryLocationLineHash")),
  };
}

function readRule(rule: unknown, resultId: string | undefined, level: Level | undefined): Rule {
  const id = resultId ?? textOf(member(rule, "id")) ?? "";
  const description = textOf(member(rule, "shortDescription", "text")) ?? id;
  return {
    id,
    name: textOf(member(rule, "name")) ?? id,
    severity: level ?? levelOf(member(rule, "defaultConfiguration", "level")) ?? "warning",
    securitySeverity: securitySeverityOf(member(rule, "properties", "security-severity")),
    description,
    fullDescription: textOf(member(rule, "fullDescription", "text")) ?? description,
    tags: listOf(member(rule, "properties", "tags")).flatMap((tag) => textOf(tag) ?? []),
    help: textOf(member(rule, "help", "markdown")) ?? textOf(member(rule, "help", "text")),
    helpUri: textOf(member(rule, "helpUri")),
  };
}

function levelOf(value: unknown): Level | undefined {
  switch (value) {
    case "none":
    case "note":
    case "warning":
    case "error":
      return value;
    default:
      return undefined;
  }
}

function securitySeverityOf(value: unknown): SecuritySeverity | undefined {
  const score = Number(textOf(value) ?? numberOf(value) ?? Number.NaN);
  if (!(score > 0 && score <= 10)) return undefined;
  if (score >= 9) return "critical";
  if (score >= 7) return "high";
  return score >= 4 ? "medium" : "low";
}

const securityOrder = [undefined, "low", "medium", "high", "critical"];
const levelOrder = ["none", "note", "warning", "error"];

function graverFirst(one: SarifResult, other: SarifResult): number {
  const bySecurity =
    securityOrder.indexOf(other.rule.securitySeverity) -
    securityOrder.indexOf(one.rule.securitySeverity);
  if (bySecurity !== 0) return bySecurity;
  return levelOrder.indexOf(other.rule.severity) - levelOrder.indexOf(one.rule.severity);
}
