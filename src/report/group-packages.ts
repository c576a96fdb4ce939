import type { Finding } from "../model/finding.ts";
import type { ReportStage } from "../model/report.ts";
import { ascending } from "./ascending.ts";
import { type CauseOf, causesIn } from "./cause.ts";
import { isOfScan } from "./counts.ts";
import { distinctFindings } from "./distinct-findings.ts";
import { isSecret, remedyOf, updateFor } from "./remedy.ts";
import { isAtLeast, severityRank } from "./severity-order.ts";

/** A package, or what else was found, that makes goals on severity missed; secrets are told apart. */
export interface Culprit {
  /** What is found in it, each rule once, the worst first. */
  readonly findings: readonly Finding[];
  /** The same as a scanner counts them, of each place that it is in. */
  readonly counted: readonly Finding[];
  /** The version that all of them that have a fix are gone from. */
  readonly update?: string;
  /** Lines of the Dockerfile that brought it in first, ascending. */
  readonly lines: readonly number[];
  readonly stages: readonly ReportStage[];
}

/** What makes the goals on severity of some stages missed, by what can be done about it. */
export interface Culprits {
  /** Packages that an update helps, the one with the worst first. */
  readonly updates: readonly Culprit[];
  /** Packages, or what else there is, that nothing helps for now. */
  readonly others: readonly Culprit[];
}

/** Sorts what makes goals on severity missed: what has a fix, and what has none. */
export function culpritsOf(stages: readonly ReportStage[]): Culprits {
  const found = stages.flatMap((stage) =>
    breakingFindings(stage)
      .filter((finding) => !isSecret(finding))
      .map((finding) => ({ finding, stage })),
  );
  const { update = [], none = [] } = Object.groupBy(
    found,
    ({ finding }) => remedyOf(finding)?.kind ?? "none",
  );
  // What is told of one stage must not name the `FROM` of another, which may not even have the goal.
  const causeOf = causesIn({ stages }, "each FROM of it");
  return {
    updates: culprits(update, causeOf),
    others: culprits(none, causeOf),
  };
}

/** What makes a stage miss its goal on severity; nothing where it has none or meets it. */
export function breakingFindings({ goals, findings }: ReportStage): readonly Finding[] {
  const goal = goals.find(({ rule }) => rule === "fail-on-severity");
  if (goal?.verdict !== "fail") return [];
  return findings.filter((finding) => isOfScan(finding) && isAtLeast(finding, String(goal.limit)));
}

interface Found {
  readonly finding: Finding;
  readonly stage: ReportStage;
}

function culprits(found: readonly Found[], causeOf: CauseOf): readonly Culprit[] {
  const groups = Map.groupBy(found, ({ finding }) => subjectKey(finding));
  return [...groups.values()].map((same) => culpritOf(same, causeOf)).toSorted(byWorst);
}

/** What an update or a removal is about. */
function subjectKey({ rule, package: name, installed, path }: Finding): string {
  if (name !== undefined) return JSON.stringify([name, installed]);
  return path === undefined ? rule : JSON.stringify(path);
}

function culpritOf(found: readonly Found[], causeOf: CauseOf): Culprit {
  const findings = found.map(({ finding }) => finding);
  const unique = [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
  const byStage = Map.groupBy(found, ({ stage }) => stage);
  const ofStages = [...byStage.values()].map((same) => same.map(({ finding }) => finding));
  const update = updateFor(findings);
  return {
    findings: unique.toSorted((one, other) => severityRank(one) - severityRank(other)),
    counted: distinctFindings(ofStages),
    ...(update === undefined ? {} : { update }),
    lines: ascending(findings.map(causeOf)),
    stages: [...byStage.keys()],
  };
}

function byWorst(one: Culprit, other: Culprit): number {
  return worstOf(one) - worstOf(other) || other.findings.length - one.findings.length;
}

function worstOf({ findings: [worst] }: Culprit): number {
  return worst === undefined ? Number.POSITIVE_INFINITY : severityRank(worst);
}
