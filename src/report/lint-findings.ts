import { isUnreadable } from "../lint/hadolint-report.ts";
import type { Finding } from "../model/finding.ts";
import type { ReportImage } from "../model/report.ts";
import { isOfScan, lintCounts } from "./counts.ts";
import { severityRank } from "./severity-order.ts";

/** One thing that linters find fault with, whatever each of them calls it. */
export interface LintProblem {
  /** As the linter that takes it for the worse says it. */
  readonly finding: Finding;
  /** The other linter's words for the same. */
  readonly others: readonly Finding[];
  /** What is said of it: of two linters BuildKit's words, which name the variable or the place. */
  readonly words: string;
}

/** Rules of Hadolint that are checks of BuildKit under another name. */
const SAME_RULES: Readonly<Record<string, string>> = {
  DL3000: "WorkdirRelativePath",
  DL3012: "MultipleInstructionsDisallowed",
  DL3024: "DuplicateStageName",
  DL3025: "JSONArgsRecommended",
  DL3029: "FromPlatformFlagConstDisallowed",
  DL3064: "SecretsUsedInArgOrEnv",
  DL4000: "MaintainerDeprecated",
  DL4003: "MultipleInstructionsDisallowed",
  DL4004: "MultipleInstructionsDisallowed",
};

/** Whether Hadolint could not read the Dockerfile, and so has linted nothing of it. */
export function hasGivenUp({ findings, stages }: ReportImage): boolean {
  return [...findings, ...stages.flatMap((stage) => stage.findings)].some(isUnreadable);
}

/** How much the linters found: `1 error, 2 warnings; Hadolint …`. */
export function lintSummary(image: ReportImage): string {
  const counts = lintCounts(lintFindings(image));
  return hasGivenUp(image) ? `${counts}; Hadolint could not read on, and linted no more` : counts;
}

/** All that the linters found in a Dockerfile, worst first, then by line: each thing once. */
export function lintProblems(image: ReportImage): readonly LintProblem[] {
  const all = [...image.findings, ...image.stages.flatMap((stage) => stage.findings)]
    .filter((finding) => !isOfScan(finding))
    .sort(
      (one, other) =>
        severityRank(one) - severityRank(other) || (one.line ?? 0) - (other.line ?? 0),
    );
  const groups = Map.groupBy(all, keyOf);
  return [...groups.values()].flatMap((same) => problemsOf(same));
}

/** A rule and what it says, wherever a linter says it. */
export interface LintRow {
  readonly finding: Finding;
  readonly words: string;
  /** Of all linters, as findings: each has a page of its own. */
  readonly rules: readonly Finding[];
  readonly lines: readonly number[];
}

/**
 * Problems of one rule that the same linters tell in the same words as one row, in their order. A line
 * that only one of them finds fault with is in a row without the other.
 */
export function lintRows(problems: readonly LintProblem[]): readonly LintRow[] {
  const groups = Map.groupBy(problems, ({ finding: { rule, severity }, words, others }) =>
    JSON.stringify([rule, severity, words, others.map((other) => other.rule)]),
  );
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const all = [first.finding, ...same.flatMap(({ others }) => others)];
    const rules = [...new Map(all.map((finding) => [finding.rule, finding])).values()];
    const lines = same.flatMap(({ finding: { line } }) => (line === undefined ? [] : [line]));
    const { finding, words } = first;
    return [{ finding, words, rules, lines: [...new Set(lines)] }];
  });
}

/** The same, as the worst of what the linters say of each. */
export function lintFindings(image: ReportImage): readonly Finding[] {
  return lintProblems(image).map(({ finding }) => finding);
}

function keyOf({ rule, line }: Finding): string {
  return JSON.stringify([line, SAME_RULES[rule] ?? rule]);
}

/** One linter can say the same of a line several times, of another variable each: those stay. */
function problemsOf(same: readonly Finding[]): readonly LintProblem[] {
  const [worst] = same;
  if (worst === undefined) return [];
  const ofFirst = same.filter(({ tool }) => tool === worst.tool);
  const others = same.filter(({ tool }) => tool !== worst.tool);
  return ofFirst.map((finding, at) => {
    const also = at === 0 ? others : [];
    return { finding, others: also, words: wordsOf(finding, also) };
  });
}

/** Where Hadolint finds fault with a line once, BuildKit does so with each variable in it. */
function wordsOf(finding: Finding, others: readonly Finding[]): string {
  const { buildkit = [] } = Object.groupBy([finding, ...others], ({ tool }) => tool);
  const messages = new Set(buildkit.map(({ message }) => message));
  return messages.size === 0 ? finding.message : [...messages].join("; ");
}
