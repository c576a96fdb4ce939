// JSON that others wrote is `unknown` until it is looked at, in one of two ways: without trusting,
// where what has another form reads as empty and the run goes on; or with an error that names the
// tool and the place, where what is missing would be taken for "nothing found".

import { ToolError } from "./errors.ts";
import { oneLine } from "./one-line.ts";

/** A JSON object, or an empty one in place of anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A JSON array, or an empty one in place of anything else. */
export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/**
 * A value in a tool's JSON that knows where it stands, so that what does not fit can be named.
 * Every method throws a ToolError that names the tool, the place and the value.
 */
export interface ForeignValue {
  /** Missing, or `null`. */
  readonly isNothing: boolean;
  /** A field of an object. A missing one is nothing, and so is a field of nothing. */
  field(name: string): ForeignValue;
  /** The elements of a list. */
  items(): readonly ForeignValue[];
  /** The same; none when there is nothing. */
  optionalItems(): readonly ForeignValue[];
  text(): string;
  integer(): number;
  /** Undefined when there is nothing, or nothing but an empty text. */
  optionalText(): string | undefined;
  optionalNumber(): number | undefined;
  optionalBoolean(): boolean | undefined;
  /** One of these words. */
  oneOf<Word extends string>(words: readonly Word[]): Word;
  /** For checks that the methods above do not know. */
  refuse(expected: string): never;
}

/**
 * Reads a tool's JSON.
 * @param tool name and version, for the error
 * @throws ToolError when it is not JSON
 */
export function readForeignJson(tool: string, json: string): ForeignValue {
  try {
    return foreignValue(JSON.parse(json), "", tool);
  } catch (cause) {
    const length = json.length === 0 ? "nothing" : `${json.length} characters that are not JSON`;
    throw new ToolError(`${tool} wrote ${length}`, { command: tool, cause });
  }
}

function foreignValue(value: unknown, path: string, tool: string): ForeignValue {
  const isNothing = value === undefined || value === null;
  const refuse = (expected: string): never => {
    const found = isNothing ? "nothing" : oneLine(JSON.stringify(value), 60);
    const place = path === "" ? "its output" : path;
    throw new ToolError(`${tool} wrote ${found} as ${place}: expected ${expected}`, {
      command: tool,
    });
  };
  const items = () => list().map((item, index) => foreignValue(item, `${path}[${index}]`, tool));
  const record = () => (isRecord(value) ? value : refuse("an object"));
  const list = () => (Array.isArray(value) ? value : refuse("a list"));
  const text = () => (typeof value === "string" ? value : refuse("a text"));
  const number = () => (typeof value === "number" ? value : refuse("a number"));
  const boolean = () => (typeof value === "boolean" ? value : refuse("true or false"));
  return {
    isNothing,
    field: (name) => {
      const fieldPath = path === "" ? name : `${path}.${name}`;
      return foreignValue(isNothing ? undefined : record()[name], fieldPath, tool);
    },
    items,
    optionalItems: () => (isNothing ? [] : items()),
    text,
    integer: () => (Number.isSafeInteger(number()) ? number() : refuse("a whole number")),
    optionalText: () => (isNothing ? undefined : text() || undefined),
    optionalNumber: () => (isNothing ? undefined : number()),
    optionalBoolean: () => (isNothing ? undefined : boolean()),
    oneOf: (words) => words.find((word) => word === value) ?? refuse(`one of ${words.join(", ")}`),
    refuse,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
