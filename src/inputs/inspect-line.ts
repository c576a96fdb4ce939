// The command line of `weighbridge inspect`.
import type { Problem } from "../errors.ts";
import type { LayerBounds } from "../model/inputs.ts";
import { renderInspectHelp } from "./inspect-help.ts";
import { INSPECT_FORMS, INSPECT_OPTIONS } from "./inspect-options.ts";
import { parseLayerBounds } from "./layer-bounds.ts";
import { type Parsed, ProblemList } from "./parsed.ts";
import {
  isOn,
  knowsAll,
  readTyped,
  type TypedLine,
  typedProblems,
  valuesOf,
} from "./typed-options.ts";
import { parseFlag, parsePlatform, parseWord } from "./values.ts";
import { quoted } from "./wording.ts";

/** One image is to be inspected. */
export interface InspectRun {
  readonly kind: "inspect";
  /** As typed: a path, or `docker://…`, `registry://…`. */
  readonly target: string;
  readonly platform?: string;
  /** Path of the Dockerfile that it was built from. */
  readonly file?: string;
  /** Of that Dockerfile. */
  readonly stage?: string;
  /** What to look into, inside the image. */
  readonly path?: string;
  /** Only what this layer did; from 0. */
  readonly layer?: number;
  /** Whether folders are looked into all the way down. */
  readonly isTree: boolean;
  /** Rows of each table. */
  readonly top?: number;
  /** Folder that is kept between runs, as typed. */
  readonly state?: string;
  /** How much an image and each of its layers may hold. */
  readonly limits?: LayerBounds;
  readonly format: "text" | "json";
  /** Absent: the terminal decides. */
  readonly color?: boolean;
  readonly verbose: boolean;
}

/** What came of reading it. */
export type InspectLine =
  | InspectRun
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** Reads the arguments after `inspect`. */
export function parseInspectLine(args: readonly string[]): InspectLine {
  const typed = readTyped(args, INSPECT_FORMS);
  if (typed.options.some(({ name }) => name === "help")) {
    return { kind: "help", text: renderInspectHelp() };
  }
  const limits = readLimits(typed);
  const wrong = [...typedProblems(typed, INSPECT_FORMS, problemOf), ...limits.problems];
  if (knowsAll(typed, INSPECT_FORMS)) wrong.push(...targetProblems(typed));
  if (wrong.length > 0) return { kind: "problems", problems: wrong };
  return { ...inspectRun(typed), ...(limits.isGiven && { limits: limits.value }) };
}

/** Most rows that anybody reads; programs take them all at once. */
const MOST_ROWS = 1000;

function problemOf(name: string, value: string): string | undefined {
  const option = INSPECT_OPTIONS.find((each) => each.name === name);
  if (option?.value === undefined) return wrongIn(parseFlag(value));
  if (value === "") return "is empty";
  switch (name) {
    case "format":
      return wrongIn(parseWord(value, FORMATS));
    case "platform":
      return wrongIn(parsePlatform(value));
    case "layer":
      return wholeNumberProblem(value, 0, 9999);
    case "top":
      return wholeNumberProblem(value, 1, MOST_ROWS);
    default:
      return undefined;
  }
}

const FORMATS = ["text", "json"] as const;

function wrongIn(parsed: Parsed<unknown>): string | undefined {
  return parsed.kind === "ok" ? undefined : parsed.what;
}

function wholeNumberProblem(text: string, least: number, most: number): string | undefined {
  const isWithin = /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;
  return isWithin ? undefined : `${quoted(text)} is no whole number from ${least} to ${most}`;
}

function targetProblems(typed: TypedLine): readonly Problem[] {
  const [first, second] = typed.words;
  const where = "command line";
  if (first === undefined) {
    const what = "says no image; weighbridge inspect --help says how one is named";
    return [{ where, what }];
  }
  if (second !== undefined) {
    const what = `${quoted(first)} and ${quoted(second)} are two images; allowed is one`;
    return [{ where, what }];
  }
  if (valuesOf(typed, "stage").length === 0 || valuesOf(typed, "file").length > 0) return [];
  return [{ where: "--stage", what: "is of a Dockerfile, and needs --file to say of which" }];
}

function readLimits(typed: TypedLine) {
  const [text = ""] = valuesOf(typed, "layer-limits");
  const list = new ProblemList();
  const value = parseLayerBounds(text, (line) => `--layer-limits, line ${line}`, list);
  return { isGiven: text !== "", value, problems: list.problems };
}

function inspectRun(typed: TypedLine): InspectRun {
  const texts = TEXTS.flatMap((name) => {
    const [value] = valuesOf(typed, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const numbers = (["layer", "top"] as const).flatMap((name) => {
    const [value] = valuesOf(typed, name);
    return value === undefined ? [] : [[name, Number(value)] as const];
  });
  const [target = ""] = typed.words;
  const [format] = valuesOf(typed, "format");
  return {
    kind: "inspect",
    target,
    ...Object.fromEntries(texts),
    ...Object.fromEntries(numbers),
    isTree: isOn(typed, "tree"),
    format: format === "json" ? "json" : "text",
    ...(valuesOf(typed, "color").length > 0 && { color: isOn(typed, "color") }),
    verbose: isOn(typed, "verbose"),
  };
}

const TEXTS = ["platform", "file", "stage", "path", "state"] as const;
