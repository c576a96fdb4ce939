// The command line: options of the same names as the inputs, and a few of its own. Values are not
// judged here, as inputs.ts judges them wherever they come from.
import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import type { Problem } from "../errors.ts";
import { ALL_OPTIONS, COMMAND_OPTIONS } from "./command-options.ts";
import { renderHelp } from "./help.ts";
import { INPUT_KINDS, INPUT_NAMES, type InputName, type RawInputs } from "./input-kinds.ts";
import { parseFlag, parseWord } from "./values.ts";
import { quoted, suggestion } from "./wording.ts";

/** What the user typed. */
export type CommandLine =
  | CommandRun
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

/** A command line that asks for a run, or for the plan of one. */
export interface CommandRun {
  readonly kind: "run";
  readonly raw: RawInputs;
  /** Folder for the report's files, as typed. */
  readonly out?: string;
  readonly format: "text" | "json";
  readonly dryRun: boolean;
  /** Absent: the terminal decides. */
  readonly color?: boolean;
  readonly verbose: boolean;
}

/** How inputs are called on the command line, for messages. */
export function onCommandLine(name: InputName): string {
  return `--${name}`;
}

/** Reads the arguments after the command's own name. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { tokens } = parseArgs({
    args: [...args],
    options: PARSE_OPTIONS,
    strict: false,
    tokens: true,
  });
  const options = tokens.filter((token) => token.kind === "option").map(namedOption);
  if (options.some(({ name }) => name === "help")) return { kind: "help", text: renderHelp() };
  if (options.some(({ name }) => name === "version")) return { kind: "version" };
  const folders = tokens.filter((token) => token.kind === "positional").map(({ value }) => value);
  const wrong = [...options.flatMap(optionProblems), ...repeatProblems(options)];
  // After an unknown option nobody can tell what is a folder and what was meant for its value.
  const isClear = options.every(({ name }) => ALL_OPTIONS.has(name));
  if (isClear) wrong.push(...folderProblems(folders, options));
  return wrong.length > 0 ? { kind: "problems", problems: wrong } : commandRun(options, folders);
}

const PARSE_OPTIONS: ParseArgsOptionsConfig = Object.fromEntries(
  [...ALL_OPTIONS].map(([name, { takesValue }]) => {
    const short = COMMAND_OPTIONS.find((option) => option.name === name)?.short;
    const type = takesValue ? "string" : "boolean";
    return [name, { type, multiple: true, ...(short !== undefined && { short }) }];
  }),
);

/** An option as it was typed; of a flag, the value is `true` or `false` where none was typed. */
interface TypedOption {
  readonly name: string;
  /** As typed, with its dashes. */
  readonly rawName: string;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function namedOption({ name, rawName, value, inlineValue }: OptionToken): TypedOption {
  const isInline = inlineValue === true;
  const takesValue = ALL_OPTIONS.get(name)?.takesValue;
  if (takesValue === false) return { name, rawName, value: value ?? "true", isInline };
  const positive = name.startsWith("no-") ? name.slice("no-".length) : "";
  const isNegated = takesValue === undefined && ALL_OPTIONS.get(positive)?.takesValue === false;
  if (isNegated && value === undefined)
    return { name: positive, rawName, value: "false", isInline };
  return { name, rawName, value, isInline };
}

function optionProblems({ name, rawName, value, isInline }: TypedOption): readonly Problem[] {
  const option = ALL_OPTIONS.get(name);
  if (option === undefined) {
    const names = [...ALL_OPTIONS.keys()].map((known) => `--${known}`);
    return [{ where: rawName, what: `there is no such option${suggestion(rawName, names)}` }];
  }
  const isForgotten = !isInline && value !== undefined && looksLikeOption(value);
  if (value === undefined || isForgotten) {
    const what = isForgotten ? `needs a value, and ${quoted(value)} is an option` : "needs a value";
    return [{ where: rawName, what }];
  }
  const what = ownProblem(name, value);
  return what === undefined ? [] : [{ where: rawName, what }];
}

function looksLikeOption(value: string): boolean {
  const [name = ""] = value.slice("--".length).split("=");
  return value.startsWith("--") && ALL_OPTIONS.has(name);
}

/** What is wrong with the value of an option that is no input. */
function ownProblem(name: string, value: string): string | undefined {
  const own = COMMAND_OPTIONS.find((option) => option.name === name);
  if (own === undefined) return undefined;
  if (own.value === undefined) return wrongIn(parseFlag(value));
  if (name === "format") return wrongIn(parseWord(value, FORMATS));
  return value === "" ? "is empty; it has to be a folder" : undefined;
}

const FORMATS = ["text", "json"] as const;

function wrongIn(parsed: ReturnType<typeof parseFlag> | ReturnType<typeof parseWord>) {
  return parsed.kind === "ok" ? undefined : parsed.what;
}

function repeatProblems(options: readonly TypedOption[]): readonly Problem[] {
  const groups = Map.groupBy(options, ({ name }) => name);
  return [...groups]
    .filter(([name, typed]) => typed.length > 1 && ALL_OPTIONS.has(name) && !isList(name))
    .map(([name]) => ({ where: `--${name}`, what: "is given more than once" }));
}

function isList(name: string): boolean {
  const input = INPUT_NAMES.find((candidate) => candidate === name);
  const kind = input === undefined ? undefined : INPUT_KINDS[input];
  return kind === "words" || kind === "lines";
}

function folderProblems(
  folders: readonly string[],
  options: readonly TypedOption[],
): readonly Problem[] {
  const [first, second] = folders;
  const where = "command line";
  if (first === undefined) return [];
  if (second !== undefined) {
    const what = `${quoted(first)} and ${quoted(second)} are two contexts; allowed is one folder`;
    return [{ where, what }];
  }
  if (!options.some(({ name }) => name === "context")) return [];
  return [
    { where, what: `${quoted(first)} and --context are two contexts; allowed is one folder` },
  ];
}

function commandRun(options: readonly TypedOption[], folders: readonly string[]): CommandRun {
  const valuesOf = (name: string) =>
    options.flatMap((option) => (option.name === name && option.value ? [option.value] : []));
  const flag = (name: string) => valuesOf(name).some((value) => value.toLowerCase() === "true");
  const [out] = valuesOf("out");
  const [format] = valuesOf("format");
  const [context] = folders;
  const inputs = INPUT_NAMES.flatMap((name) => {
    const values = valuesOf(name);
    return values.length > 0 ? [[name, values.join("\n")] as const] : [];
  });
  return {
    kind: "run",
    raw: { ...Object.fromEntries(inputs), ...(context !== undefined && { context }) },
    ...(out !== undefined && { out }),
    format: format?.toLowerCase() === "json" ? "json" : "text",
    dryRun: flag("dry-run"),
    ...(valuesOf("color").length > 0 && { color: flag("color") }),
    verbose: flag("verbose"),
  };
}
