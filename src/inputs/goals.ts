// The `goals` map, as an input has it and as a configuration file has it: YAML in, entries out,
// each with its line. What an entry means for a stage is for goals-for.ts.
import { SEVERITIES } from "../model/finding.ts";
import type { GoalEntry, GoalRules } from "../model/inputs.ts";
import { mapped, type Parsed, type ProblemList, problem } from "./parsed.ts";
import { parsePercent } from "./percent.ts";
import { parseGoalSize } from "./sizes.ts";
import { normalPattern, patternProblem } from "./stage-pattern.ts";
import { parseWordInAnyCase } from "./values.ts";
import { choiceOf, listOf, quoted, suggestion } from "./wording.ts";
import {
  describe,
  type PlaceOfLine,
  readYaml,
  type YamlEntry,
  type YamlText,
  type YamlValue,
} from "./yaml-text.ts";

/** Entries of a `goals` input; what is wrong is left out, and in the list of problems. */
export function parseGoals(
  text: string,
  place: PlaceOfLine,
  problems: ProblemList,
): readonly GoalEntry[] {
  const yaml = readYaml(text, place, problems);
  if (yaml === undefined || yaml.root === undefined) return [];
  return readGoals(yaml, yaml.root, place(1), problems);
}

/** Entries of a `goals` map inside a larger text. */
export function readGoals(
  yaml: YamlText,
  value: YamlValue,
  where: string,
  problems: ProblemList,
): readonly GoalEntry[] {
  const seen = new Map<string, YamlEntry>();
  return (yaml.entriesOf(value, where) ?? []).flatMap((entry) => {
    const normal = normalPattern(entry.key);
    const first = seen.get(normal);
    seen.set(normal, entry);
    const wrong = first === undefined ? patternProblem(entry.key) : sameStage(entry, first);
    if (wrong !== undefined) problems.add(entry.where, wrong);
    const rules = readRules(yaml, entry, problems);
    return wrong === undefined ? [{ pattern: entry.key, rules, where: entry.where }] : [];
  });
}

function sameStage(entry: YamlEntry, first: YamlEntry): string {
  const [name, other] = [quoted(entry.key), quoted(first.key)];
  return `${name} is the same stage as ${other} at ${first.where}: case does not matter`;
}

/** What is made of a rule's value, and what that has to be. */
interface Rule {
  readonly parse: (text: string) => Parsed<GoalRules>;
  readonly wanted: string;
}

const RULES = new Map<string, Rule>([
  ["max-unpacked", sizeRule((maxUnpacked) => ({ maxUnpacked }))],
  ["max-download", sizeRule((maxDownload) => ({ maxDownload }))],
  ["min-reduction", percentRule((minReduction) => ({ minReduction }))],
  ["original", sizeRule((original) => ({ original }), parseOriginal)],
  ["max-wasted", sizeRule((maxWasted) => ({ maxWasted }))],
  ["max-own-wasted", percentRule((maxOwnWasted) => ({ maxOwnWasted }))],
  ["min-efficiency", percentRule((minEfficiency) => ({ minEfficiency }))],
  ["fail-on-severity", severityRule()],
]);

function sizeRule(make: (bytes: number) => GoalRules, parse = parseGoalSize): Rule {
  return { parse: (text) => mapped(parse(text), make), wanted: "one size, such as 150MB" };
}

function percentRule(make: (percent: number) => GoalRules): Rule {
  return {
    parse: (text) => mapped(parsePercent(text), make),
    wanted: "one percentage, such as 70%",
  };
}

function severityRule(): Rule {
  const allowed = [...SEVERITIES, "none"] as const;
  return {
    parse: (text) =>
      mapped(parseWordInAnyCase(text, allowed), (failOnSeverity) => ({ failOnSeverity })),
    wanted: `one of ${choiceOf(allowed)}; a severity stands for the worse ones too`,
  };
}

/** Every rule, in the order in which they are told. */
export const RULE_NAMES: readonly string[] = [...RULES.keys()];

function parseOriginal(text: string): Parsed<number> {
  const size = parseGoalSize(text);
  const isNothing = size.kind === "ok" && size.value === 0;
  return isNothing ? problem(`${quoted(text)} leaves nothing to be smaller than`) : size;
}

function readRules(yaml: YamlText, stage: YamlEntry, problems: ProblemList): GoalRules {
  const entries = yaml.entriesOf(stage.value, stage.where);
  if (entries?.length === 0) problems.add(stage.where, `${quoted(stage.key)} has no rules`);
  const parts = (entries ?? []).map((entry) => readRule(yaml, entry, problems));
  return Object.assign({}, ...parts);
}

function readRule(yaml: YamlText, entry: YamlEntry, problems: ProblemList): GoalRules {
  const rule = RULES.get(entry.key);
  if (rule === undefined) {
    problems.add(entry.where, unknownRule(entry.key));
    return {};
  }
  const scalar = yaml.scalarOf(entry.value);
  const where = yaml.where(entry.value, entry.where);
  const isValue = scalar !== undefined && scalar !== null;
  const parsed = isValue
    ? rule.parse(String(scalar))
    : problem(`is ${describe(entry.value)}; it has to be ${rule.wanted}`);
  return problems.take(where, inRule(entry.key, parsed)) ?? WRONG[entry.key] ?? {};
}

/** A wrong `original` still is one: that `min-reduction` lacks it would be a second complaint. */
const WRONG: Readonly<Record<string, GoalRules>> = { original: { original: 1 } };

/** Says which rule it was that a value did not fit. */
function inRule<T>(rule: string, parsed: Parsed<T>): Parsed<T> {
  return parsed.kind === "ok" ? parsed : problem(`${rule}: ${parsed.what}`);
}

function unknownRule(name: string): string {
  const hint = suggestion(name, RULE_NAMES);
  return `${quoted(name)} is not a rule; rules are ${listOf(RULE_NAMES)}${hint}`;
}
