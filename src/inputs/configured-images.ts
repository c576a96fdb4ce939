// The `images` of a configuration file: each with name, file, context and goals.
import type { GoalEntry } from "../model/inputs.ts";
import type { Said } from "./given.ts";
import { readGoals } from "./goals.ts";
import type { ProblemList } from "./parsed.ts";
import { listOf, quoted, suggestion } from "./wording.ts";
import { describe, type YamlEntry, type YamlText, type YamlValue } from "./yaml-text.ts";

/** An image that a configuration file lists. */
export interface ConfiguredImage {
  readonly name?: Said;
  readonly file?: Said;
  readonly context?: Said;
  /** Their patterns name stages of this image alone. */
  readonly goals: readonly GoalEntry[];
  readonly where: string;
}

/** Reads the list; what is wrong is left out, and in the problems. */
export function readConfiguredImages(
  yaml: YamlText,
  entry: YamlEntry,
  problems: ProblemList,
): readonly ConfiguredImage[] {
  const list = yaml.itemsOf(entry.value);
  const items = list ?? [];
  if (items.length === 0) {
    const given = list === undefined ? describe(entry.value) : "an empty list";
    const what = `"images" is ${given}; it has to be a list of maps, one an image`;
    problems.add(entry.where, what);
  }
  return items.map((item) => readImage(yaml, item, yaml.where(item, entry.where), problems));
}

const KEYS = ["name", "file", "context", "goals"];

function readImage(
  yaml: YamlText,
  item: YamlValue,
  where: string,
  problems: ProblemList,
): ConfiguredImage {
  const entries = yaml.entriesOf(item, where);
  if (entries?.length === 0) problems.add(where, `an image is empty; its keys are ${listOf(KEYS)}`);
  const parts = (entries ?? []).map((entry) => readPart(yaml, entry, problems));
  return Object.assign({ goals: [], where }, ...parts);
}

function readPart(
  yaml: YamlText,
  entry: YamlEntry,
  problems: ProblemList,
): Partial<ConfiguredImage> {
  switch (entry.key) {
    case "name":
      return part("name", readName(yaml, entry, problems));
    case "file":
      return part("file", readText(yaml, entry, problems));
    case "context":
      return part("context", readText(yaml, entry, problems));
    case "goals":
      return { goals: readImageGoals(yaml, entry, problems) };
    default: {
      const hint = suggestion(entry.key, KEYS);
      problems.add(entry.where, `${quoted(entry.key)} is not a key of an image${hint}`);
      return {};
    }
  }
}

function part(key: "name" | "file" | "context", said: Said | undefined): Partial<ConfiguredImage> {
  return said === undefined ? {} : { [key]: said };
}

function readText(yaml: YamlText, entry: YamlEntry, problems: ProblemList): Said | undefined {
  const text = yaml.scalarOf(entry.value);
  const where = yaml.where(entry.value, entry.where);
  if (typeof text === "string" && text !== "") return { text, where };
  const what = `${quoted(entry.key)} is ${describe(entry.value)}; it has to be text; quote it`;
  problems.add(entry.where, what);
  return undefined;
}

/** Names become part of SARIF categories and of the keys of goals. */
const NAME = /^(?=.{1,100}$)[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9._-]+)*$/;
const NAME_FORM =
  "it begins with a letter or digit, goes on with letters, digits, . _ - and single slashes, " +
  "and has at most 100 characters";

function readName(yaml: YamlText, entry: YamlEntry, problems: ProblemList): Said | undefined {
  const name = readText(yaml, entry, problems);
  if (name === undefined || NAME.test(name.text)) return name;
  problems.add(name.where, `${quoted(name.text)} cannot be the name of an image: ${NAME_FORM}`);
  return undefined;
}

/** Goals of one image name its stages alone: nothing before a slash. */
function readImageGoals(
  yaml: YamlText,
  entry: YamlEntry,
  problems: ProblemList,
): readonly GoalEntry[] {
  const goals = readGoals(yaml, entry.value, entry.where, problems);
  for (const goal of goals.filter(({ pattern }) => pattern.includes("/"))) {
    const name = quoted(goal.pattern);
    problems.add(
      goal.where,
      `${name} names an image, but these goals are of one; leave out what is before the slash`,
    );
  }
  return goals.filter(({ pattern }) => !pattern.includes("/"));
}
