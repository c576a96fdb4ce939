import type { Goal, GoalResult } from "../model/goal.ts";
import type { DiveError, DiveFigures } from "../model/image.ts";
import type { MeasuredStage } from "../model/measurement.ts";
import { formatBytes, formatPercentBeside } from "./format.ts";

/**
 * Where dive would have judged a stage otherwise by its own thresholds, or the same of other figures,
 * in a sentence each with the reason; none where it finds the same.
 */
export function diveNotes(
  { stage, dive, image }: Pick<MeasuredStage, "stage" | "dive" | "image">,
  goals: readonly GoalResult[],
): readonly string[] {
  if (dive === undefined) return [];
  const baseLayers = (image?.layers ?? []).filter(({ origin }) => origin === "base").length;
  return goals.flatMap((goal) => {
    const view = viewOf(dive, goal);
    const ours = Number(goal.actual);
    if (view === undefined) return [];
    const isOther = view.verdict !== goal.verdict;
    if (!isOther && !isFarFrom(view.actual, ours, goal.rule)) return [];
    const { name } = stage;
    const verb = VERBS[view.verdict];
    const found = wordsOf(view.actual, goal);
    const there = `${found} where there are ${wordsOf(ours, goal)}`;
    const judged = isOther
      ? `dive would ${verb} ${goal.rule} of ${name}: it finds ${there}`
      : `dive too would ${verb} ${goal.rule} of ${name}, but it finds ${there}`;
    return [`${judged}, since ${reasonsOf(dive, goal.rule, view.actual > ours, baseLayers)}.`];
  });
}

const VERBS = { pass: "pass", fail: "fail" } as const;

interface View {
  readonly actual: number;
  readonly verdict: "pass" | "fail";
}

/** What dive would make of a goal that is one of its thresholds. */
function viewOf(dive: DiveFigures, { rule, limit, verdict }: GoalResult): View | undefined {
  if (verdict === "unknown") return undefined;
  const most = (actual: number): View => ({
    actual,
    verdict: actual > Number(limit) ? "fail" : "pass",
  });
  switch (rule) {
    case "min-efficiency": {
      const actual = dive.efficiency * 100;
      return { actual, verdict: actual < Number(limit) ? "fail" : "pass" };
    }
    case "max-wasted":
      return most(dive.wasted);
    case "max-own-wasted":
      return most(dive.userWasted * 100);
    case "max-unpacked":
    case "max-download":
    case "min-reduction":
    case "fail-on-severity":
      return undefined;
  }
}

/** Percent that figures may be apart before it is worth a sentence. */
const FAR_PERCENT = 5;
/** Bytes, and the part of the larger. */
const FAR_BYTES = 1_000_000;
const FAR_SHARE = 0.1;

function isFarFrom(one: number, other: number, rule: Goal["rule"]): boolean {
  const apart = Math.abs(one - other);
  if (rule !== "max-wasted") return apart >= FAR_PERCENT;
  return apart >= FAR_BYTES && apart >= FAR_SHARE * Math.max(one, other);
}

const ERRORS: Readonly<Record<DiveError, string>> = {
  keptCopy: "it counts the copy that is kept as wasted",
  smallestCopy: "it takes the smallest copy for the one that is kept",
  deletedFolder: "it sees nothing in a deleted folder",
  opaqueFolder: "it sees nothing in a folder that is made anew",
};

const MISSES: readonly DiveError[] = ["deletedFolder", "opaqueFolder"];

/** What leads it astray in the direction in which it is wrong. */
function reasonsOf(
  dive: DiveFigures,
  rule: Goal["rule"],
  isMore: boolean,
  baseLayers: number,
): string {
  const isEfficiency = rule === "min-efficiency";
  const overdone: DiveError = isEfficiency ? "smallestCopy" : "keptCopy";
  const errors = isMore === isEfficiency ? MISSES : [overdone];
  const reasons = errors.filter((error) => dive.errors[error] > 0).map((error) => ERRORS[error]);
  if (rule === "max-own-wasted" && baseLayers !== 1) {
    reasons.push("it takes the first layer alone for the base image");
  }
  // Hard links, for example, of which one name goes.
  return reasons.join(", and ") || "it counts paths and not files";
}

function wordsOf(actual: number, { rule, limit }: GoalResult): string {
  return rule === "max-wasted" ? formatBytes(actual) : formatPercentBeside(actual, Number(limit));
}
