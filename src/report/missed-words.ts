import type { GoalResult } from "../model/goal.ts";
import type { ReportStage } from "../model/report.ts";
import { bytesAllowed } from "./binding-goals.ts";
import { isOfScan, scanCounts } from "./counts.ts";
import {
  formatBytes,
  formatBytesApart,
  formatBytesBeside,
  formatLimit,
  formatPercentBeside,
  formatPercentLimit,
} from "./format.ts";
import { noneAtOrAbove } from "./goal-words.ts";
import { fixWords } from "./remedy.ts";
import { isAtLeast } from "./severity-order.ts";
import { sizeWords } from "./stage-words.ts";

/** How a stage stands to a goal that it misses: `214.2 MB unpacked, 34.2 MB over its goal of 180 MB`. */
export function missedWords(
  stage: ReportStage,
  goal: GoalResult,
  also: readonly GoalResult[] = [],
): string {
  const more = also.map((other) => `; also ${shortStanding(stage, other)}`).join("");
  return `${standing(stage, goal)}${more}${unreachableWords(stage, goal)}`;
}

/** How far a stage is from another goal on the bytes that were told already. */
function shortStanding(stage: ReportStage, goal: GoalResult): string {
  const { rule, limit, actual } = goal;
  if (rule === "min-reduction") return reductionWords(goal);
  if (rule !== "max-unpacked") return standing(stage, goal);
  return `${formatBytes(Number(actual) - Number(limit))} over its goal of ${formatLimit(Number(limit))}`;
}

function standing(stage: ReportStage, goal: GoalResult): string {
  const { rule, limit } = goal;
  const actual = Number(goal.actual);
  if (typeof limit === "string") return severityWords(stage, limit);
  switch (rule) {
    case "max-unpacked":
      return `${bytesOver(actual, limit, "unpacked")} its goal of ${formatLimit(limit)}`;
    case "max-download":
      return `${bytesOver(actual, limit, "to download")} its goal of ${formatLimit(limit)}`;
    case "max-wasted":
      return `${bytesOver(actual, limit, "wasted")} its goal of ${formatLimit(limit)}`;
    case "min-reduction":
      return `${sizeWords(stage, "unpacked")} unpacked, ${reductionWords(goal)}`;
    case "min-efficiency":
      return `an efficiency of ${formatPercentBeside(actual, limit)} where its goal is at least ${formatPercentLimit(limit)}`;
    case "max-own-wasted":
      return `${formatPercentBeside(actual, limit)} of its own bytes wasted where its goal is at most ${formatPercentLimit(limit)}`;
    case "fail-on-severity":
      return "";
  }
}

function bytesOver(actual: number, limit: number, what: string): string {
  return `${formatBytesApart(actual, limit)} ${what}, ${formatBytes(actual - limit)} over`;
}

/** `85.4% below 800 MB where its goal is 97% below (24 MB)`. */
function reductionWords(goal: GoalResult): string {
  const [actual, limit] = [Number(goal.actual), Number(goal.limit)];
  const from = formatLimit(goal.original ?? 0);
  const wanted = `${formatPercentLimit(limit)} below (${formatBytes(bytesAllowed(goal) ?? 0)})`;
  const side = actual < 0 ? "above" : "below";
  return `${formatPercentBeside(Math.abs(actual), limit)} ${side} ${from} where its goal is ${wanted}`;
}

/** `2 critical, 12 high (11 of 14 have a fix), goal: no HIGH or CRITICAL finding`. */
function severityWords({ findings }: ReportStage, limit: string): string {
  const breaking = findings.filter((finding) => isOfScan(finding) && isAtLeast(finding, limit));
  const fixes = fixWords(breaking);
  const aside = fixes === "" ? "" : ` (${fixes})`;
  return `${scanCounts(breaking)}${aside}, goal: ${noneAtOrAbove(limit)}`;
}

/** Nothing that is done in the Dockerfile helps where the base image alone is too much. */
function unreachableWords({ base }: ReportStage, goal: GoalResult): string {
  if (base === undefined) return "";
  const onDownload = goal.rule === "max-download";
  const allowed = onDownload ? Number(goal.limit) : bytesAllowed(goal);
  const alone = onDownload ? base.download : base.unpacked;
  if (allowed === undefined || alone === undefined || alone <= allowed) return "";
  return `; the base image alone is ${formatBytesBeside(alone, allowed)}`;
}
