import type { Finding } from "../model/finding.ts";
import type { PublishInputs } from "../model/inputs.ts";
import type { ReportImage } from "../model/report.ts";
import { causesIn, problemKey } from "../report/cause.ts";
import { isOfScan } from "../report/counts.ts";
import { formatFew, plural } from "../report/format.ts";
import { type LintProblem, lintProblems } from "../report/lint-findings.ts";
import { countSecrets, isSecret, remedyOf, remedyWords } from "../report/remedy.ts";
import { isUnnamed } from "../report/sentences.ts";
import { isAtLeast, severityRank } from "../report/severity-order.ts";
import type { Annotation } from "./annotation.ts";

/**
 * Findings on the lines that cause them, the worst of all images first: what linters say one
 * annotation a rule, what the scanner found one a line. Only what is worth an annotation.
 */
export function findingAnnotations(
  images: readonly ReportImage[],
  inputs: Pick<PublishInputs, "fail">,
): readonly Annotation[] {
  return images
    .flatMap((image) => [...scanAnnotations(image), ...lintAnnotations(image, inputs)])
    .toSorted((one, other) => one.weight - other.weight)
    .map(({ annotation }) => annotation);
}

/** An annotation among those of all tools: the lower its weight, the sooner it is shown. */
interface Weighed {
  readonly weight: number;
  readonly annotation: Annotation;
}

/** A finding, the line that caused it, and the stages that carry it from there. */
interface CarriedFinding {
  readonly finding: Finding;
  readonly cause: number | undefined;
  readonly stages: readonly string[];
}

/** So many findings are named on one line; the others are counted. */
const MOST_NAMED = 8;

/** The critical and high ones, each at the lines that brought it in first. */
function scanAnnotations(image: ReportImage): readonly Weighed[] {
  const severe = carriedFindings(image).toSorted(
    (one, other) => severityRank(one.finding) - severityRank(other.finding),
  );
  const lines = Map.groupBy(severe, ({ cause }) => cause);
  return [...lines].map(([line, found]) => {
    const named = found.slice(0, MOST_NAMED).map(({ finding }) => findingText(finding));
    const more = found.length - named.length;
    const stages = [...new Set(found.flatMap((carried) => carried.stages))].join(", ");
    const rest = more > 0 ? [`and ${more} more.`] : [];
    const annotation: Annotation = {
      level: "warning",
      title: countText(found.map(({ finding }) => finding)),
      text: [`In ${stages}:`, ...named, ...rest].join("\n"),
      file: image.dockerfile,
      line,
    };
    return { weight: Math.min(...found.map(({ finding }) => weightOf(finding))), annotation };
  });
}

/** The same problem once for each line that caused it: base images can have it in common. */
function carriedFindings(image: ReportImage): readonly CarriedFinding[] {
  const causeOf = causesIn(image);
  const all = image.stages.flatMap((stage) =>
    stage.findings
      .filter((finding) => isOfScan(finding) && isAtLeast(finding, "high"))
      .map((finding) => ({ finding, cause: causeOf(finding), stage })),
  );
  const same = Map.groupBy(all, ({ finding, cause }) =>
    JSON.stringify([cause, problemKey(finding)]),
  );
  return [...same.values()].flatMap((carriers) => {
    const [first] = carriers;
    const stages = carriers.map(({ stage }) =>
      isUnnamed(stage) ? `stage ${stage.name}` : stage.name,
    );
    if (first === undefined) return [];
    return [{ finding: first.finding, cause: first.cause, stages: [...new Set(stages)] }];
  });
}

/** `1 secret, 2 critical and 13 high findings`; `2 critical and 1 high finding`. */
function countText(findings: readonly Finding[]): string {
  const secrets = countSecrets(findings);
  const others = findings.filter((finding) => !isSecret(finding));
  const counts = (["critical", "high"] as const).flatMap((severity) => {
    const count = others.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [{ count, severity }];
  });
  const found = counts.map(({ count, severity }, at) =>
    at < counts.length - 1 ? `${count} ${severity}` : plural(count, `${severity} finding`),
  );
  const parts = [secrets > 0 ? plural(secrets, "secret") : "", found.join(" and ")];
  return parts.filter((part) => part !== "").join(", ");
}

/** `CVE-2024-0001 (high): openssl 3.0.11-1, fixed in 3.0.13-1`. */
function findingText(finding: Finding): string {
  const { rule, severity, package: name, installed, path, message } = finding;
  const head = `${rule} (${severity})`;
  const remedy = remedyOf(finding);
  if (remedy === undefined) return `${head}: ${path ?? message}`;
  return `${head}: ${[name, installed].filter(Boolean).join(" ")}, ${remedyWords(remedy)}`;
}

/** Errors and warnings, and whatever makes the step fail; the rest is in the summary. */
function lintAnnotations(
  image: ReportImage,
  inputs: Pick<PublishInputs, "fail">,
): readonly Weighed[] {
  const worth = lintProblems(image).filter(
    ({ finding }) => isAtLeast(finding, "warning") || breaks(image, finding),
  );
  const rules = Map.groupBy(worth, ({ finding: { tool, rule, severity } }) =>
    JSON.stringify([tool, rule, severity]),
  );
  return [...rules.values()].flatMap((same) => lintAnnotation(image, same, inputs));
}

function lintAnnotation(
  image: ReportImage,
  [first, ...others]: readonly LintProblem[],
  { fail }: Pick<PublishInputs, "fail">,
): readonly Weighed[] {
  if (first === undefined) return [];
  const { finding, words } = first;
  const isGoal = breaks(image, finding);
  const consequence = fail ? "this is why it fails" : "with fail: false, it only advises";
  const because = isGoal ? [`fail-on-lint is ${image.failOnLint?.limit}: ${consequence}.`] : [];
  const help = finding.help === undefined ? [] : [finding.help];
  const annotation: Annotation = {
    level: isGoal && fail ? "error" : "warning",
    title: `${TOOLS[finding.tool]} ${finding.rule} (${finding.severity})`,
    text: [words, ...alsoAt(others), ...because, ...help].join("\n"),
    file: image.dockerfile,
    line: finding.line,
  };
  return [{ weight: weightOf(finding), annotation }];
}

const TOOLS: Readonly<Record<Finding["tool"], string>> = {
  hadolint: "Hadolint",
  buildkit: "BuildKit",
  trivy: "Trivy",
};

function alsoAt(others: readonly LintProblem[]): readonly string[] {
  const lines = others.flatMap(({ finding: { line } }) => (line === undefined ? [] : [line]));
  const [first, ...rest] = [...new Set(lines)].map(String);
  if (first === undefined) return [];
  return [
    `Also at ${rest.length === 0 ? "line" : "lines"} ${formatFew([first, ...rest], MOST_NAMED)}.`,
  ];
}

function breaks({ failOnLint }: ReportImage, finding: Finding): boolean {
  return failOnLint?.verdict === "fail" && isAtLeast(finding, failOnLint.limit);
}

/** Secrets, critical, then high and errors, then warnings. */
function weightOf(finding: Finding): number {
  if (isSecret(finding)) return -1;
  return isOfScan(finding) ? severityRank(finding) : severityRank(finding) + 1;
}
