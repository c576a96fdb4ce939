// What following the advice does for goals on unpacked bytes that are missed. Downloads are not told:
// how well what remains will compress is not known.

import type { ReportStage } from "../model/report.ts";
import { bytesAllowed } from "./binding-goals.ts";
import { formatBytes, formatFew } from "./format.ts";

/** How a rendering writes the name of a stage. */
type NameOf = (stage: ReportStage) => string;

/** Part of what advice promises that may be lacking once it is followed: the tests hold it to that. */
const LEEWAY = 0.02;

/** So many stages are named one by one. */
const MOST_NAMED = 3;

/** Whether to save so many bytes is enough for the tightest goal on its bytes that a stage misses. */
export function isEnough(stage: ReportStage, bytes: number): boolean {
  const excess = excessOf(stage);
  return excess !== undefined && bytes * (1 - LEEWAY) >= excess;
}

/** Unpacked bytes that a stage has too many; undefined where it misses no goal on them. */
function excessOf({ goals, unpacked }: ReportStage): number | undefined {
  const missed = goals.filter(({ verdict }) => verdict === "fail");
  const allowed = missed.flatMap((goal) => bytesAllowed(goal) ?? []);
  if (unpacked === undefined || allowed.length === 0) return undefined;
  return unpacked - Math.min(...allowed);
}

/** That a piece of advice is all that some stages need; empty where it is not. */
export function enoughWords(stages: readonly ReportStage[], nameOf: NameOf): string {
  if (stages.length === 0) return "";
  const goals = stages.length === 1 ? "the goal on unpacked bytes" : "the goals on unpacked bytes";
  return `Enough for ${goals} of ${formatFew(stages.map(nameOf), MOST_NAMED)}.`;
}

/** What all advice does together where no piece of it is enough. Savings can overlap: it is a bound. */
export function togetherWords(stages: readonly ReportStage[], nameOf: NameOf): string {
  const short = stages.flatMap((stage) => {
    const excess = excessOf(stage);
    const isMet = stage.advice.some(({ bytes }) => isEnough(stage, bytes));
    if (excess === undefined || isMet || stage.advice.length < 2) return [];
    return [{ stage, excess, saved: savedBytes(stage) }];
  });
  const sentences = short.slice(0, MOST_NAMED).map(({ stage, excess, saved }) => {
    const whose = `the ${formatBytes(excess)} that ${nameOf(stage)} has too many`;
    return saved < excess
      ? `Together they are too little for ${whose}: at most ${formatBytes(saved)}.`
      : `Together they can be enough for ${whose}.`;
  });
  return sentences.join(" ");
}

function savedBytes({ advice }: ReportStage): number {
  return advice.reduce((total, { bytes }) => total + bytes, 0);
}
