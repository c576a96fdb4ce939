// Whose rule holds where several entries of goals name a stage.
import type { GoalEntry, GoalRules } from "../model/inputs.ts";
import { compareMatches, matchStage, type StageMatch, type StageName } from "./stage-pattern.ts";
import { listOf, quoted } from "./wording.ts";

/** Which entry says what a rule is for a stage. */
export type Sayers = ReadonlyMap<keyof GoalRules, GoalEntry>;

/**
 * Who has the say for a stage, rule by rule: the more specific key. What was given to the run itself
 * has its way over a configuration file's key that is as specific as it was written there: those that
 * an image lists are written without the image.
 */
export function sayersFor(stage: StageName, entries: readonly GoalEntry[]): Sayers {
  const sayers = new Map(sayersAmong(stage, entries.filter(isConfigured)));
  for (const [rule, given] of sayersAmong(stage, entries.filter(isGiven))) {
    const configured = sayers.get(rule);
    if (configured === undefined || !isMoreSpecific(configured, given, stage)) {
      sayers.set(rule, given);
    }
  }
  return sayers;
}

/** The rules that hold for a stage. */
export function rulesFor(stage: StageName, entries: readonly GoalEntry[]): GoalRules {
  const sayers = sayersFor(stage, entries);
  return Object.fromEntries([...sayers].map(([rule, { rules }]) => [rule, rules[rule]]));
}

/** Says where what was given to the run does not hold, because a configuration file is more specific. */
export function overruledNotes(
  entries: readonly GoalEntry[],
  stages: readonly StageName[],
): readonly string[] {
  const overruled = stages.flatMap((stage) => {
    const sayers = sayersFor(stage, entries);
    return [...sayersAmong(stage, entries.filter(isGiven))].flatMap(([rule, given]) => {
      const sayer = sayers.get(rule);
      if (sayer === undefined || sayer.rules[rule] === given.rules[rule]) return [];
      return [{ given, sayer, what: `${wordOf(rule)} of ${quoted(stage.name)}` }];
    });
  });
  const groups = Map.groupBy(overruled, ({ given, sayer }) => `${given.where}\n${sayer.where}`);
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => noteOf(first, group)),
  );
}

function noteOf(
  { given, sayer }: { readonly given: GoalEntry; readonly sayer: GoalEntry },
  group: readonly { readonly what: string }[],
): string {
  const whats = [...new Set(group.map(({ what }) => what))];
  const [key, other] = [quoted(given.pattern), quoted(sayer.written ?? sayer.pattern)];
  return `What ${given.where} says of ${key} does not hold for ${listOf(whats)}: ${sayer.where} says it of ${other}, which is more specific.`;
}

/** `maxUnpacked` -> `max-unpacked`. */
function wordOf(rule: string): string {
  return rule.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function isGiven(entry: GoalEntry): boolean {
  return entry.isGiven === true;
}

function isConfigured(entry: GoalEntry): boolean {
  return !isGiven(entry);
}

function isMoreSpecific(configured: GoalEntry, given: GoalEntry, stage: StageName): boolean {
  const written = matchStage(configured.written ?? configured.pattern, stage);
  const own = matchStage(given.pattern, stage);
  return written !== undefined && own !== undefined && compareMatches(written, own) > 0;
}

/** Of entries of one origin: the most specific, and of equals the last. */
function sayersAmong(stage: StageName, entries: readonly GoalEntry[]): Sayers {
  const sayers = new Map<keyof GoalRules, GoalEntry>();
  for (const { entry } of matching(stage, entries)) {
    for (const rule of Object.keys(entry.rules)) sayers.set(rule as keyof GoalRules, entry);
  }
  return sayers;
}

/** Entries that name a stage, the least specific first. */
function matching(
  stage: StageName,
  entries: readonly GoalEntry[],
): readonly { readonly entry: GoalEntry; readonly match: StageMatch }[] {
  return entries
    .flatMap((entry) => {
      const match = matchStage(entry.pattern, stage);
      return match === undefined ? [] : [{ entry, match }];
    })
    .sort((one, other) => compareMatches(one.match, other.match));
}
