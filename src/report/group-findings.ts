import { type Finding, SEVERITIES } from "../model/finding.ts";
import type { ReportStage } from "../model/report.ts";
import { ascending } from "./ascending.ts";
import { isOfScan } from "./counts.ts";
import { distinctFindings } from "./distinct-findings.ts";
import { isSecret, secretPlace } from "./remedy.ts";
import { IN_CONFIGURATION } from "./secrets.ts";
import { severityRank } from "./severity-order.ts";

/** One problem that the scan found, with all that carries it: one row of a table. */
export interface FindingGroup {
  /** The first finding of the group: rule, severity, title and versions are those of all. */
  readonly finding: Finding;
  /** All of them as a scanner counts them: a package at two paths is two, whatever stages carry it. */
  readonly findings: readonly Finding[];
  /** Packages, or paths, each once. */
  readonly subjects: readonly string[];
  /** Lines of the Dockerfile that brought it in, ascending. */
  readonly lines: readonly number[];
  /** Stages that carry it, in their order. */
  readonly stages: readonly ReportStage[];
}

interface OpenGroup {
  readonly finding: Finding;
  readonly subjects: Set<string>;
  readonly lines: Set<number>;
  readonly byStage: Map<ReportStage, Finding[]>;
}

/** So many files that one rule found secrets in are a group each. */
const MOST_APART = 5;

/**
 * What the scan found in the stages of one image, secrets and the worst first. A rule in several stages, or in
 * several packages of the same version, is one group. Secrets are grouped by file; where one rule found
 * them in many, by the lines that brought them in.
 */
export function groupScanFindings(stages: readonly ReportStage[]): readonly FindingGroup[] {
  const groups = new Map<string, OpenGroup>();
  for (const stage of stages) {
    for (const finding of stage.findings.filter(isOfScan)) {
      addTo(groups, finding, stage);
    }
  }
  return foldSecrets([...groups.values()])
    .map(closed)
    .sort((one, other) => rank(one) - rank(other));
}

/** The findings of groups as a scanner counts them. */
export function findingsOf(groups: readonly FindingGroup[]): readonly Finding[] {
  return groups.flatMap(({ findings }) => findings);
}

function addTo(groups: Map<string, OpenGroup>, finding: Finding, stage: ReportStage): void {
  const { rule, severity, installed, fixed } = finding;
  const key = JSON.stringify([rule, severity, installed, fixed, secretPlace(finding)]);
  const group = groups.get(key) ?? {
    finding,
    subjects: new Set(),
    lines: new Set(),
    byStage: new Map(),
  };
  groups.set(key, group);
  const ofStage = group.byStage.get(stage) ?? [];
  group.byStage.set(stage, ofStage);
  ofStage.push(finding);
  const isConfigured = isSecret(finding) && finding.path === undefined;
  const subject = isConfigured ? IN_CONFIGURATION : (finding.package ?? finding.path);
  if (subject !== undefined) group.subjects.add(subject);
  if (finding.line !== undefined) group.lines.add(finding.line);
}

/** Files that came by the same lines become one group, where a rule found secrets in many. */
function foldSecrets(groups: readonly OpenGroup[]): readonly OpenGroup[] {
  const byRule = Map.groupBy(groups, ({ finding }) =>
    isSecret(finding) ? JSON.stringify([finding.rule, finding.severity]) : "",
  );
  return [...byRule].flatMap(([rule, same]) => {
    if (rule === "" || same.length <= MOST_APART) return same;
    const byLines = Map.groupBy(same, ({ lines }) => JSON.stringify(ascending(lines)));
    return [...byLines.values()].flatMap(joined);
  });
}

function joined(groups: readonly OpenGroup[]): readonly OpenGroup[] {
  const [first] = groups;
  if (first === undefined) return [];
  const { finding, subjects, lines, byStage } = first;
  for (const other of groups.slice(1)) {
    for (const subject of other.subjects) subjects.add(subject);
    for (const line of other.lines) lines.add(line);
    for (const [stage, findings] of other.byStage) {
      const known = byStage.get(stage) ?? [];
      for (const each of findings) known.push(each);
      byStage.set(stage, known);
    }
  }
  return [{ finding, subjects, lines, byStage }];
}

function closed({ finding, subjects, lines, byStage }: OpenGroup): FindingGroup {
  return {
    finding,
    findings: distinctFindings(byStage.values()),
    subjects: [...subjects],
    lines: ascending(lines),
    stages: [...byStage.keys()],
  };
}

/** Secrets first, as they are out already. The order within a severity stays as it came. */
function rank({ finding }: FindingGroup): number {
  const rank = severityRank(finding);
  return isSecret(finding) ? rank - SEVERITIES.length : rank;
}
