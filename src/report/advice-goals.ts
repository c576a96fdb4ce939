// What following the advice does for goals that are missed: those on unpacked bytes, and those on wasted
// ones. Downloads are not told: how well what remains will compress is not known.

import type { GoalResult } from "../model/goal.ts";
import type { Advice, AdviceRule } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";
import { excessOf } from "./excess.ts";
import { formatBytes, formatFew } from "./format.ts";
import { byFarthestMiss } from "./miss-order.ts";
import { isTooBig } from "./obstacles.ts";

/** How a rendering writes the name of a stage. */
type NameOf = (stage: ReportStage) => string;

/** What goals can be on that advice does something for. */
type Subject = "unpacked" | "wasted";

/** A goal that a piece of advice is enough for, by what it is on. */
export interface EnoughFor {
  readonly stage: ReportStage;
  readonly subject: Subject;
}

const SUBJECTS: readonly Subject[] = ["unpacked", "wasted"];

/** Goals of one subject are all met when that is met which asks for most. */
const RULES: Readonly<Record<Subject, readonly GoalResult["rule"][]>> = {
  unpacked: ["max-unpacked", "min-reduction"],
  wasted: ["max-wasted", "max-own-wasted", "min-efficiency"],
};

/** Advice that takes nothing away but bytes that no container sees. */
const ON_WASTE: readonly AdviceRule[] = [
  "metadata-only",
  "deleted-later",
  "overwritten-later",
  "compiled-cache",
];

/** Part of what advice promises that may be lacking once it is followed: the tests hold it to that. */
const LEEWAY = 0.02;

/** So many stages are named one by one. */
const MOST_NAMED = 3;

/** For which goals that a stage misses a piece of its advice is enough by itself. */
export function enoughFor(stage: ReportStage, advice: Advice): readonly EnoughFor[] {
  return SUBJECTS.filter((subject) => {
    const excess = excessOn(stage, subject);
    return excess !== undefined && helps(advice, subject) && isEnough(advice, excess);
  }).map((subject) => ({ stage, subject }));
}

function helps({ rule }: Advice, subject: Subject): boolean {
  return subject === "unpacked" || ON_WASTE.includes(rule);
}

function isEnough({ bytes }: Advice, excess: number): boolean {
  return bytes * (1 - LEEWAY) >= excess;
}

/** Bytes that a stage has too many; undefined where it misses no such goal. */
function excessOn(stage: ReportStage, subject: Subject): number | undefined {
  const goals = stage.goals.filter(({ rule }) => RULES[subject].includes(rule));
  const excesses = goals.flatMap((goal) => excessOf(stage, goal) ?? []);
  return excesses.length === 0 ? undefined : Math.max(...excesses);
}

/** That a piece of advice is all that some stages need; empty where it is not. */
export function enoughWords(enough: readonly EnoughFor[], nameOf: NameOf): string {
  const subjects = Map.groupBy(enough, ({ subject }) => subject);
  const sentences = [...subjects].map(([subject, same]) => {
    const goals = same.length === 1 ? "goal" : "goals";
    const names = same.map(({ stage }) => nameOf(stage));
    return `Enough for the ${goals} on ${subject} bytes of ${formatFew(names, MOST_NAMED)}.`;
  });
  return sentences.join(" ");
}

/** What all advice does where no piece of it is enough. Savings can overlap: it is a bound. */
export function togetherWords(stages: readonly ReportStage[], nameOf: NameOf): string {
  const sentences = stages.toSorted(byFarthestMiss).flatMap((stage) =>
    SUBJECTS.flatMap((subject) => {
      const excess = excessOn(stage, subject);
      const advice = stage.advice.filter((one) => helps(one, subject));
      if (excess === undefined || advice.length === 0) return [];
      if (advice.some((one) => isEnough(one, excess))) return [];
      const saved = advice.reduce((total, { bytes }) => total + bytes, 0);
      const needs = `${nameOf(stage)} has to lose ${formatBytes(excess)} to meet its goal on ${subject} bytes`;
      return saved < excess
        ? [`${needs}: all that is advised saves at most ${formatBytes(saved)}.`]
        : [`${needs}: all that is advised can be enough.`];
    }),
  );
  return sentences.slice(0, MOST_NAMED).join(" ");
}

/** Which stages miss a goal on size without any advice, the worst first; empty where there are none. */
export function unadvisedWords(stages: readonly ReportStage[], nameOf: NameOf): string {
  const unadvised = stages.filter((stage) => isTooBig(stage) && stage.advice.length === 0);
  if (unadvised.length === 0) return "";
  const names = unadvised.toSorted(byFarthestMiss).map(nameOf);
  return `Nothing is advised for ${formatFew(names, MOST_NAMED)}.`;
}
