// Which goals hold for a stage, and which entries of the `goals` map can hold for none.
import type { Problem } from "../errors.ts";
import type { Goal } from "../model/goal.ts";
import type { GoalEntry, GoalRules } from "../model/inputs.ts";
import { overruledNotes, rulesFor, sayersFor } from "./goal-precedence.ts";
import { isGlob, matchStage, type StageName } from "./stage-pattern.ts";
import { choiceOf, nearestSlip, quoted, thereIs } from "./wording.ts";

/**
 * The goals of one stage. The rules of all entries that name it are merged one by one, and the more
 * specific entry has its way, from least to most specific:
 *
 * 1. `*`
 * 2. a glob, `prod*`
 * 3. the stage, `production`
 * 4. image and stage with a glob in the image, then with a glob in the stage, `web/*`
 * 5. image and stage in full, `web/production`
 *
 * `defaults` are less specific than all of them. Of two globs the one with more literal characters
 * is the more specific; of two entries that are equally specific the later has its way. What was given
 * to the run itself has its way over what a configuration file says as specifically, be it of an image
 * or of all.
 */
export function goalsFor(
  stage: StageName,
  entries: readonly GoalEntry[],
  defaults: GoalRules = {},
): readonly Goal[] {
  return goalsOf({ ...defaults, ...rulesFor(stage, entries) });
}

function goalsOf(rules: GoalRules): readonly Goal[] {
  const { maxUnpacked, maxDownload, maxWasted, maxOwnWasted, minEfficiency } = rules;
  const { minReduction, original, failOnSeverity } = rules;
  const goals: Goal[] = [];
  if (maxUnpacked !== undefined) goals.push({ rule: "max-unpacked", limit: maxUnpacked });
  if (maxDownload !== undefined) goals.push({ rule: "max-download", limit: maxDownload });
  if (minReduction !== undefined && original !== undefined) {
    goals.push({ rule: "min-reduction", limit: minReduction, original });
  }
  if (maxWasted !== undefined) goals.push({ rule: "max-wasted", limit: maxWasted });
  if (maxOwnWasted !== undefined) goals.push({ rule: "max-own-wasted", limit: maxOwnWasted });
  if (minEfficiency !== undefined) goals.push({ rule: "min-efficiency", limit: minEfficiency });
  if (failOnSeverity !== undefined && failOnSeverity !== "none") {
    goals.push({ rule: "fail-on-severity", limit: failOnSeverity });
  }
  return goals;
}

/**
 * What is wrong with the goals, once the stages are known: an entry that names a stage there is
 * not, and a reduction that no original is given for.
 */
export function goalProblems(
  entries: readonly GoalEntry[],
  stages: readonly StageName[],
): readonly Problem[] {
  // Without a stage that could be read, something else is wrong.
  if (stages.length === 0) return [];
  return [...missingStages(entries, stages), ...missingOriginals(entries, stages)];
}

/**
 * What the reader should know of goals that may be meant for other runs: that they hold for nothing
 * here can be a slip all the same; so can it be that a configuration file has its way. One sentence
 * each.
 */
export function goalNotes(
  entries: readonly GoalEntry[],
  stages: readonly StageName[],
): readonly string[] {
  const patterns = idle(entries, stages)
    .filter((entry) => !mustNameStage(entry))
    .map(({ pattern }) => pattern);
  const known = [...overruledNotes(entries, stages), ...originalNotes(entries, stages)];
  if (patterns.length === 0 || stages.length === 0) return known;
  const names = choiceOf(patterns.map(quoted));
  const slips = patterns.flatMap((pattern) => nearestSlip(pattern, namesOf(pattern, stages)) ?? []);
  const near = [...new Set(slips)].map(quoted);
  const meant = near.length === 0 ? "" : ` Was ${choiceOf(near)} meant?`;
  return [
    ...known,
    `No stage of this run is called ${names}: the goals on that hold for nothing here.${meant}`,
  ];
}

/** What stages are called by a pattern of this form. */
function namesOf(pattern: string, stages: readonly StageName[]): readonly string[] {
  return stages.map(({ image, name }) => (pattern.includes("/") ? `${image}/${name}` : name));
}

/** What a stage weighed asks for nothing by itself: the rule that it is for was forgotten. */
function originalNotes(
  entries: readonly GoalEntry[],
  stages: readonly StageName[],
): readonly string[] {
  const names = stages
    .filter((stage) => {
      const { original, minReduction } = rulesFor(stage, entries);
      return original !== undefined && minReduction === undefined;
    })
    // Given for all, it is for those that have the rule.
    .filter((stage) => !isGlob(sayersFor(stage, entries).get("original")?.pattern ?? "*"))
    .map(({ name }) => quoted(name));
  if (names.length === 0) return [];
  return [
    `Goals of ${choiceOf(names)} have an original, and no min-reduction that is measured from it.`,
  ];
}

function missingStages(
  entries: readonly GoalEntry[],
  stages: readonly StageName[],
): readonly Problem[] {
  return idle(entries, stages)
    .filter(mustNameStage)
    .map(({ pattern, where }) => ({ where, what: noSuchStage(pattern, stages) }));
}

/** A glob of a configuration file may be meant for other runs; what is given to this one is for it. */
function mustNameStage({ pattern, isGiven, mayNameNoStage }: GoalEntry): boolean {
  return mayNameNoStage !== true && (isGiven === true || !isGlob(pattern));
}

/** Entries that hold for none of the stages. */
function idle(entries: readonly GoalEntry[], stages: readonly StageName[]): readonly GoalEntry[] {
  return entries.filter(({ pattern }) =>
    stages.every((stage) => matchStage(pattern, stage) === undefined),
  );
}

function noSuchStage(pattern: string, stages: readonly StageName[]): string {
  const none = isGlob(pattern)
    ? `${quoted(pattern)} matches no stage`
    : `there is no stage ${quoted(pattern)}`;
  return `${none}; ${thereIs(pattern, namesOf(pattern, stages))}`;
}

function missingOriginals(
  entries: readonly GoalEntry[],
  stages: readonly StageName[],
): readonly Problem[] {
  const problems = new Map<GoalEntry, Problem>();
  for (const stage of stages) {
    const rules = rulesFor(stage, entries);
    if (rules.minReduction === undefined || rules.original !== undefined) continue;
    const said = sayersFor(stage, entries).get("minReduction");
    if (said === undefined || problems.has(said)) continue;
    const what = `min-reduction of stage ${quoted(stage.name)} ${NO_ORIGINAL}`;
    problems.set(said, { where: said.where, what });
  }
  return [...problems.values()];
}

const NO_ORIGINAL = "has no original to be measured from; add original: 500MB, say";
