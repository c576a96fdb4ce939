import type { Given, Origin, PlaceOfInput, Said, Settings } from "./given.ts";
import { INPUT_KINDS, type InputName } from "./input-kinds.ts";
import { splitLines, splitWords } from "./lists.ts";
import type { Parsed, ProblemList } from "./parsed.ts";
import { parseFlag, parseLine, parseWord } from "./values.ts";

/** Reads inputs by name. What does not fit becomes a problem, and the fallback is returned. */
export interface InputReader {
  readonly problems: ProblemList;
  /** What the reader of the report should know. One sentence each. */
  readonly notes: string[];
  /** Whether it was given at all. */
  has(name: InputName): boolean;
  /** Where it was given, or would have to be. */
  where(name: InputName): string;
  /** What it is called where inputs are given: `trivy-path` in a workflow, `--trivy-path` in a shell. */
  called(name: InputName): string;
  /** Who gave it; undefined when nobody did. */
  origin(name: InputName): Origin | undefined;
  flag(name: InputName, fallback: boolean): boolean;
  word<T extends string>(name: InputName, allowed: readonly T[], fallback: T): T;
  /** Undefined when not given. */
  value<T>(name: InputName, parse: (text: string) => Parsed<T>): T | undefined;
  /** One line of text; undefined when not given. */
  line(name: InputName): Said | undefined;
  /** Items of a list; empty when not given. */
  items(name: InputName): readonly Said[];
  /** Items of a list, each parsed; what does not fit is left out. */
  values<T>(name: InputName, parse: (text: string) => Parsed<T>): readonly T[];
}

/** A reader of what was given. */
export function createInputReader(
  settings: Settings,
  place: PlaceOfInput,
  problems: ProblemList,
): InputReader {
  const where = (name: InputName) => settings.get(name)?.where ?? place(name);
  const value = <T>(name: InputName, parse: (text: string) => Parsed<T>): T | undefined => {
    const given = settings.get(name);
    if (given?.kind !== "text") return undefined;
    return problems.take(given.where, parse(given.text));
  };
  const items = (name: InputName) => itemsOf(name, settings.get(name), problems);
  return {
    problems,
    notes: [],
    origin: (name) => settings.get(name)?.origin,
    has: (name) => settings.has(name),
    where,
    called: (name) => place(name).replace(/^input /, ""),
    flag: (name, fallback) => value(name, parseFlag) ?? fallback,
    word: (name, allowed, fallback) => value(name, (text) => parseWord(text, allowed)) ?? fallback,
    value,
    line(name) {
      const text = value(name, parseLine);
      return text === undefined ? undefined : { text, where: where(name) };
    },
    items,
    values: (name, parse) =>
      items(name).flatMap(({ text, where: place }) => {
        const parsed = problems.take(place, parse(text));
        return parsed === undefined ? [] : [parsed];
      }),
  };
}

function itemsOf(
  name: InputName,
  given: Given | undefined,
  problems: ProblemList,
): readonly Said[] {
  if (given === undefined) return [];
  if (given.kind === "list") return given.items;
  const split = INPUT_KINDS[name] === "lines" ? splitLines : splitWords;
  const texts = problems.take(given.where, split(given.text));
  if (texts === undefined) return [];
  if (texts.length === 0 && given.text.trim() !== "") {
    problems.add(given.where, "is an empty list; leave it out, or give it an item");
  }
  return texts.map((text) => ({ text, where: given.where }));
}
