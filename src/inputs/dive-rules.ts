// The thresholds of a repository that has used dive: its `.dive-ci`, read as dive reads it, as goals
// of the stage that dive was given. https://github.com/wagoodman/dive#ci-integration
import type { Host } from "../host/host.ts";
import type { GoalRules } from "../model/inputs.ts";
import type { InputReader } from "./input-reader.ts";
import { mapped, ok, type Parsed, type ProblemList, problem } from "./parsed.ts";
import { parseSizeInAnyCase } from "./sizes.ts";
import { listOf, quoted, suggestion } from "./wording.ts";
import { findInWorkspace, pathProblem } from "./workspace-paths.ts";
import { describe, readYaml, type YamlEntry, type YamlText } from "./yaml-text.ts";

/** Where dive looks for it. */
const DEFAULT_FILE = ".dive-ci";

/**
 * Reads the file that the user named, or the default one where there is one.
 * @returns the rules for the last stage of every Dockerfile; none where there is no file
 */
export async function readDiveRules(
  host: Pick<Host, "files" | "workspace">,
  reader: InputReader,
): Promise<GoalRules> {
  const named = reader.line("dive-config");
  const { text, where } = named ?? { text: DEFAULT_FILE, where: DEFAULT_FILE };
  const found = await findInWorkspace(host, text);
  if (named === undefined && found.kind === "missing") return {};
  if (found.kind !== "file") {
    reader.problems.add(where, pathProblem(text, found, "file"));
    return {};
  }
  reader.notes.push(
    `dive's thresholds are read from ${found.path}, as goals of the last stage of each Dockerfile that is built.`,
  );
  return parseDiveRules(await host.files.readText(found.path), found.path, reader.problems);
}

/**
 * What dive holds an image to where the file does not say otherwise.
 * https://github.com/wagoodman/dive#ci-integration
 */
const DEFAULTS: readonly (readonly [rule: string, GoalRules])[] = [
  ["lowestefficiency", { minEfficiency: 90 }],
  ["highestuserwastedpercent", { maxOwnWasted: 10 }],
];

/** Reads the text of such a file; what is wrong is left out, and in the problems. */
export function parseDiveRules(text: string, path: string, problems: ProblemList): GoalRules {
  const yaml = readYaml(text, (line) => `${path}:${line}`, problems);
  if (yaml === undefined) return {};
  const root = yaml.root === undefined ? [] : (yaml.entriesOf(yaml.root, `${path}:1`) ?? []);
  const rules = root.find(({ key }) => key === "rules");
  const entries = (rules && yaml.entriesOf(rules.value, rules.where)) ?? [];
  const said = new Set(entries.map(({ key }) => plainName(key)));
  const unsaid = DEFAULTS.filter(([rule]) => !said.has(rule)).map(([, goal]) => goal);
  return Object.assign({}, ...unsaid, ...entries.map((entry) => readRule(yaml, entry, problems)));
}

/** dive has spelt its rules with capitals and with dashes. */
function plainName(key: string): string {
  return key.replaceAll("-", "").toLowerCase();
}

/** By their plain names. */
const RULES = new Map<string, (text: string) => Parsed<GoalRules>>([
  ["lowestefficiency", (text) => mapped(parseRatio(text), (minEfficiency) => ({ minEfficiency }))],
  [
    "highestwastedbytes",
    (text) => mapped(parseSizeInAnyCase(text), (maxWasted) => ({ maxWasted })),
  ],
  [
    "highestuserwastedpercent",
    (text) => mapped(parseRatio(text), (maxOwnWasted) => ({ maxOwnWasted })),
  ],
]);

const NAMES = ["lowestEfficiency", "highestWastedBytes", "highestUserWastedPercent"];

/** What switches a rule off. */
const OFF: readonly unknown[] = ["", "disabled", "disable", "off", "false", "null"];

function readRule(yaml: YamlText, entry: YamlEntry, problems: ProblemList): GoalRules {
  const parse = RULES.get(plainName(entry.key));
  if (parse === undefined) {
    const what = `${quoted(entry.key)} is no rule of dive's; rules are ${listOf(NAMES)}`;
    problems.add(entry.where, `${what}${suggestion(entry.key, NAMES)}`);
    return {};
  }
  const scalar = yaml.scalarOf(entry.value);
  if (OFF.includes(String(scalar))) return {};
  const isValue = typeof scalar === "string" || typeof scalar === "number";
  const parsed = isValue ? parse(String(scalar)) : problem(`is ${describe(entry.value)}`);
  return problems.take(yaml.where(entry.value, entry.where), parsed) ?? {};
}

/** A ratio from 0 to 1, as percent. Not multiplied: 0.07 × 100 is not 7. */
function parseRatio(text: string): Parsed<number> {
  const [, whole = "", digits = ""] = /^([01])?(?:\.(\d+))?$/.exec(text) ?? [];
  const percent = Number(`${whole || "0"}${digits.slice(0, 2).padEnd(2, "0")}.${digits.slice(2)}0`);
  const isRatio = (whole !== "" || digits !== "") && percent <= 100;
  return isRatio ? ok(percent) : problem(`${quoted(text)} is not a ratio from 0 to 1, such as 0.9`);
}
