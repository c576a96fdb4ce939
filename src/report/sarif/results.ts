import type { Finding } from "../../model/finding.ts";
import type { LineRange } from "../../model/plan.ts";
import { fingerprintInFile } from "../fingerprint.ts";
import { formatFew } from "../format.ts";
import { remedyOf, remedyWords } from "../remedy.ts";
import type { SarifProblem } from "./problems.ts";
import { ruleId, type SarifLevel, type SarifText, sarifLevel } from "./rules.ts";
import { plainText, sentenceOf } from "./text.ts";

/** One problem as code scanning shows it. */
export interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: SarifLevel;
  readonly message: SarifText;
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly SarifLocation[];
  readonly partialFingerprints?: { readonly primaryLocationLineHash: string };
}

interface SarifLocation {
  readonly message?: SarifText;
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number; readonly endLine: number };
  };
}

/** The Dockerfile that the problems are in. */
export interface SarifDockerfile {
  /** Relative, with forward slashes, percent-encoded. */
  readonly uri: string;
  /** One a line. */
  readonly fingerprints: readonly string[];
  readonly instructions: readonly LineRange[];
}

/** Most packages and stages that one message names. */
const NAMED = 20;

/** Characters of each of them. */
const SUBJECT_LENGTH = 160;
const STAGE_LENGTH = 80;

/** A problem as a result; of every rule, by its id, the place among the rules must be known. */
export function sarifResult(
  problem: SarifProblem,
  ruleIndices: ReadonlyMap<string, number>,
  dockerfile: SarifDockerfile,
): SarifResult {
  const id = ruleId(problem.rule);
  const fingerprint = fingerprintOf(problem, dockerfile);
  return {
    ruleId: id,
    ruleIndex: ruleIndices.get(id) ?? -1,
    level: levelOf(problem),
    message: { text: messageOf(problem) },
    locations: [locationOf(problem, problem.line, dockerfile)],
    ...relatedTo(problem, dockerfile),
    ...(fingerprint === undefined
      ? {}
      : { partialFingerprints: { primaryLocationLineHash: fingerprint } }),
  };
}

/** GitHub takes two results of one rule and one fingerprint for the same alert. */
function fingerprintOf(
  { line, secretIn }: SarifProblem,
  { fingerprints }: SarifDockerfile,
): string | undefined {
  const { [line - 1]: ofLine } = fingerprints;
  return ofLine === undefined || secretIn === undefined
    ? ofLine
    : fingerprintInFile(ofLine, secretIn);
}

/** The findings come with the worst first. */
function levelOf({ findings: [worst] }: SarifProblem): SarifLevel {
  return worst === undefined ? "note" : sarifLevel(worst);
}

function locationOf(
  problem: SarifProblem,
  line: number,
  dockerfile: SarifDockerfile,
): SarifLocation {
  return {
    physicalLocation: {
      artifactLocation: { uri: dockerfile.uri },
      region: regionOf(problem, line, dockerfile),
    },
  };
}

/** The other lines that the problem stands at. */
function relatedTo(
  problem: SarifProblem,
  dockerfile: SarifDockerfile,
): Pick<SarifResult, "relatedLocations"> {
  if (problem.otherLines.length === 0) return {};
  const message = { text: "It is in a stage that gets it here." };
  return {
    relatedLocations: problem.otherLines
      .slice(0, NAMED)
      .map((line) => ({ ...locationOf(problem, line, dockerfile), message })),
  };
}

/** The scan blames a whole instruction, a linter the very line. */
function regionOf(
  { findings: [worst] }: SarifProblem,
  line: number,
  { instructions }: SarifDockerfile,
): SarifLocation["physicalLocation"]["region"] {
  const lines = instructions.find(({ start }) => start === line);
  const endLine = worst?.tool === "trivy" ? (lines?.end ?? line) : line;
  return { startLine: line, endLine };
}

function messageOf({ rule, findings, stages }: SarifProblem): string {
  const [worst] = findings;
  const subjects = unique(findings.flatMap(subjectOf));
  const where = stages.length === 0 ? "" : ` ${stagesSentence(stages)}`;
  if (worst === undefined || subjects.length === 0) {
    const messages = unique(findings.map(({ message }) => sentenceOf(plainText(message))));
    return `${messages.slice(0, NAMED).join(" ")}${hidingSentence(findings)}${where}`;
  }
  const what = `${plainText(rule)} (${worst.severity}) in ${formatFew(subjects, NAMED)}.`;
  const title = worst.title === undefined ? "" : ` ${sentenceOf(plainText(worst.title))}`;
  return `${what}${title}${where}`;
}

/** `openssl 3.0.11-1 (fixed in 3.0.13-1)`; nothing for a finding that is about no package. */
function subjectOf(finding: Finding): readonly string[] {
  const { package: name = "", installed = "" } = finding;
  const remedy = remedyOf(finding);
  if (remedy === undefined) return [];
  const version = installed === "" ? "" : ` ${installed}`;
  return [plainText(`${name}${version} (${remedyWords(remedy)})`, SUBJECT_LENGTH)];
}

/** A file that a later line deletes is still in the image: who looks for it there must know. */
function hidingSentence(findings: readonly Finding[]): string {
  const [killedBy, ...others] = findings.flatMap((finding) => finding.killedBy ?? []);
  if (killedBy === undefined) return "";
  const place = killedBy.line === undefined ? "a later layer" : `line ${killedBy.line}`;
  const where = others.length + 1 === findings.length ? "Though" : "Where";
  return ` ${where} ${place} deletes or overwrites the file, the layers before that still have it.`;
}

function stagesSentence(stages: readonly string[]): string {
  const names = stages.map((name) => plainText(name, STAGE_LENGTH));
  return `${stages.length === 1 ? "Stage" : "Stages"}: ${formatFew(names, NAMED)}.`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
