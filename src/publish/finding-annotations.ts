import { type Finding, LINT_LEVELS, type LintLevel, SEVERITIES } from "../model/finding.ts";
import type { PublishInputs } from "../model/inputs.ts";
import type { ReportImage } from "../model/report.ts";
import type { Annotation, AnnotationLevel } from "./annotation.ts";

/**
 * Findings of one image on their lines: what linters say one by one, what the scanner found one
 * annotation a line, of the critical and high ones only. Worst first.
 */
export function findingAnnotations(
  image: ReportImage,
  inputs: Pick<PublishInputs, "fail">,
): readonly Annotation[] {
  return [...scanAnnotations(image), ...lintAnnotations(image, inputs)];
}

/** A finding, and the stages that carry it. */
interface CarriedFinding {
  readonly finding: Finding;
  readonly stages: readonly string[];
}

/** Findings that several stages carry, or that stand outside of any, once each. */
function carriedFindings(image: ReportImage): readonly CarriedFinding[] {
  const outside = image.findings.map((finding) => ({ finding, stage: undefined }));
  const inside = image.stages.flatMap((stage) =>
    stage.findings.map((finding) => ({ finding, stage: stage.name })),
  );
  const same = Map.groupBy([...outside, ...inside], ({ finding }) => identityOf(finding));
  return [...same.values()].flatMap((carriers) => {
    const [first] = carriers;
    const stages = carriers.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
    return first === undefined ? [] : [{ finding: first.finding, stages: [...new Set(stages)] }];
  });
}

function identityOf({ tool, rule, line, package: name, installed, path }: Finding): string {
  return JSON.stringify([tool, rule, line, name, installed, path]);
}

/** So many findings are named on one line; the others are counted. */
const MOST_NAMED = 8;

function scanAnnotations(image: ReportImage): readonly Annotation[] {
  const severe = carriedFindings(image)
    .filter(({ finding }) => finding.tool === "trivy")
    .filter(({ finding }) => finding.severity === "critical" || finding.severity === "high")
    .sort((a, b) => rankOf(a.finding) - rankOf(b.finding));
  const lines = Map.groupBy(severe, ({ finding }) => finding.line);
  return [...lines].map(([line, found]) => {
    const named = found.slice(0, MOST_NAMED).map(({ finding }) => findingText(finding));
    const more = found.length - named.length;
    return {
      level: "warning",
      title: countText(found.map(({ finding }) => finding)),
      text: [
        `In ${[...new Set(found.flatMap(({ stages }) => stages))].join(", ")}:`,
        ...named,
        ...(more > 0 ? [`and ${more} more.`] : []),
      ].join("\n"),
      file: image.dockerfile,
      line,
    };
  });
}

/** `2 critical and 13 high findings`. */
function countText(findings: readonly Finding[]): string {
  const counts = (["critical", "high"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return `${counts.join(" and ")} ${findings.length === 1 ? "finding" : "findings"}`;
}

/** `CVE-2024-0001 (high): openssl 3.0.11-1, fixed in 3.0.13-1`. */
function findingText(finding: Finding): string {
  const { rule, severity, package: name, installed, fixed, path, message } = finding;
  const head = `${rule} (${severity})`;
  if (name === undefined) return `${head}: ${path ?? message}`;
  const fix = fixed === undefined ? "no fix yet" : `fixed in ${fixed}`;
  return `${head}: ${[name, installed].filter(Boolean).join(" ")}, ${fix}`;
}

function lintAnnotations(
  image: ReportImage,
  inputs: Pick<PublishInputs, "fail">,
): readonly Annotation[] {
  return carriedFindings(image)
    .filter(({ finding }) => finding.tool !== "trivy")
    .sort((a, b) => rankOf(a.finding) - rankOf(b.finding))
    .map(({ finding }) => ({
      level: lintLevel(finding, image, inputs),
      title: `${finding.rule} (${finding.severity})`,
      text: finding.help === undefined ? finding.message : `${finding.message}\n${finding.help}`,
      file: image.dockerfile,
      line: finding.line,
    }));
}

/** An error only where it makes the run fail. */
function lintLevel(
  finding: Finding,
  { failOnLint }: ReportImage,
  { fail }: Pick<PublishInputs, "fail">,
): AnnotationLevel {
  const limit = failOnLint?.limit;
  if (fail && limit !== undefined && rankOf(finding) <= LINT_LEVELS.indexOf(limit)) return "error";
  return rankOf(finding) <= LINT_LEVELS.indexOf("warning" satisfies LintLevel)
    ? "warning"
    : "notice";
}

/** Place in the order of its tool's own words, worst first. */
function rankOf({ tool, severity }: Finding): number {
  const words: readonly string[] = tool === "trivy" ? SEVERITIES : LINT_LEVELS;
  return words.indexOf(severity);
}
