// YAML read with the line of everything, bounded, and with every problem in one list. Nothing here
// builds objects from foreign keys: maps are read entry by entry.
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { ProblemList } from "./parsed.ts";
import { quoted } from "./wording.ts";

/**
 * Characters of the longest text that is read. A runner passes inputs as environment variables, which
 * Linux bounds at 128 KiB each.
 */
export const MOST_CHARACTERS = 100_000;
const MOST_ENTRIES = 1_000;
/** Each use of an alias is read anew; this many are no bomb. */
const MOST_ALIASES = 100;

/** How a line of the text is called in messages: `.github/weighbridge.yml:12`. */
export type PlaceOfLine = (line: number) => string;

/** Something in the text. Which of these it is, `entriesOf` and its siblings find out. */
export type YamlValue = unknown;

/** One `key: value` of a map. */
export interface YamlEntry {
  readonly key: string;
  readonly value: YamlValue;
  /** Of the key. */
  readonly where: string;
}

/** A text that parses. */
export interface YamlText {
  /** Undefined when the text holds nothing but comments. */
  readonly root: YamlValue;
  /** Where a value stands; `fallback` is for one that is empty. */
  where(value: YamlValue, fallback: string): string;
  /** Entries of a map; undefined, and a problem, when it is none. Keys are unique. */
  entriesOf(value: YamlValue, where: string): readonly YamlEntry[] | undefined;
  /** Items of a list; undefined when it is none. */
  itemsOf(value: YamlValue): readonly YamlValue[] | undefined;
  /** The value of a scalar; undefined when it is none. `null` is an empty one. */
  scalarOf(value: YamlValue): string | number | boolean | null | undefined;
}

/** Undefined, and a problem in the list, when the text is not YAML. */
export function readYaml(
  text: string,
  place: PlaceOfLine,
  problems: ProblemList,
): YamlText | undefined {
  if (text.length > MOST_CHARACTERS) {
    const most = MOST_CHARACTERS.toLocaleString("en");
    problems.add(place(1), `is ${text.length} characters long; allowed are ${most}`);
    return undefined;
  }
  const lines = new LineCounter();
  const options = { lineCounter: lines, prettyErrors: false, uniqueKeys: false, schema: "core" };
  const document = parseDocument(text, options);
  // What follows the first error follows from it.
  const [error] = document.errors;
  if (error !== undefined) {
    problems.add(place(lines.linePos(error.pos[0]).line), whatIsWrong(error, text));
    return undefined;
  }
  const lineOf = (offset: number) => place(lines.linePos(offset).line);
  return createYamlText(document.contents, aliasResolver(document), lineOf, problems);
}

/** Finds what an alias stands for; throws when it stands for nothing or there are too many. */
type ResolveAlias = (value: YamlValue) => YamlValue;

function aliasResolver(document: ReturnType<typeof parseDocument>): ResolveAlias {
  let aliases = 0;
  return (value) => {
    if (!isAlias(value)) return value;
    aliases += 1;
    return aliases > MOST_ALIASES ? value : (value.resolve(document) ?? value);
  };
}

function createYamlText(
  root: YamlValue,
  resolve: ResolveAlias,
  placeOfOffset: (offset: number) => string,
  problems: ProblemList,
): YamlText {
  const where = (value: YamlValue, fallback: string) => {
    const start = rangeStart(value);
    return start === undefined ? fallback : placeOfOffset(start);
  };
  return {
    root: root ?? undefined,
    where,
    entriesOf(value, fallback) {
      const map = resolve(value);
      if (isMap(map)) return entriesOfMap(map.items, where, fallback, problems);
      problems.add(where(value, fallback), `${describe(map)} is not a map of \`key: value\` lines`);
      return undefined;
    },
    itemsOf(value) {
      const list = resolve(value);
      return isSeq(list) ? list.items : undefined;
    },
    scalarOf(value) {
      const scalar = resolve(value);
      return isScalar(scalar) ? plainValue(scalar.value) : scalar === null ? null : undefined;
    },
  };
}

function entriesOfMap(
  pairs: readonly { readonly key: unknown; readonly value: unknown }[],
  whereOf: (value: YamlValue, fallback: string) => string,
  fallback: string,
  problems: ProblemList,
): readonly YamlEntry[] {
  const entries = new Map<string, YamlEntry>();
  for (const { key, value } of pairs.slice(0, MOST_ENTRIES)) {
    const where = whereOf(key, fallback);
    const name = keyText(key);
    const first = name === undefined ? undefined : entries.get(name);
    if (name === undefined) problems.add(where, `${describe(key)} is not a plain key`);
    else if (first !== undefined) {
      problems.add(where, `the key ${quoted(name)} stands here again, after ${first.where}`);
    } else entries.set(name, { key: name, value, where });
  }
  if (pairs.length > MOST_ENTRIES) {
    problems.add(fallback, `has ${pairs.length} keys; allowed are ${MOST_ENTRIES}`);
  }
  return [...entries.values()];
}

/** A key as it is written: the stage `2` is called by a number. */
function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return typeof key.value === "string" ? key.value : key.source;
}

function plainValue(value: unknown): string | number | boolean | null | undefined {
  const isPlain = typeof value === "string" || typeof value === "number" || value === null;
  return isPlain || typeof value === "boolean" ? value : undefined;
}

/** What a value is, for a message that says it should be something else. */
export function describe(value: YamlValue): string {
  if (isMap(value)) return "a map";
  if (isSeq(value)) return "a list";
  if (isAlias(value)) return `the alias ${quoted(`*${value.source}`)}, unknown or one too many,`;
  if (!isScalar(value) || value.value === null) return "nothing";
  return quoted(value.source ?? String(value.value));
}

function rangeStart(value: YamlValue): number | undefined {
  const hasRange = isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
  return hasRange ? value.range?.[0] : undefined;
}

function whatIsWrong(error: { readonly code: string; readonly message: string }, text: string) {
  if (error.code === "RESOURCE_EXHAUSTION") return "is not YAML that can be read: nested too deep";
  if (error.code === "MULTIPLE_DOCS") return "holds several YAML documents; allowed is one";
  const starKey = /^[ \t]*(\*[^\s:]*)[ \t]*:/m.exec(text)?.[1];
  const hint =
    starKey === undefined ? "" : `; a key that begins with * stands in quotes: "${starKey}"`;
  return `is not valid YAML: ${error.message}${hint}`;
}
