// The command line: a sub-command, or the main job, with options of the same names as the inputs and
// a few of its own. Values are not judged here, as inputs.ts judges them wherever they come from.
import type { Problem } from "../errors.ts";
import { ALL_OPTIONS, COMMAND_OPTIONS } from "./command-options.ts";
import { renderHelp } from "./help.ts";
import { INPUT_NAMES, type InputName, type RawInputs } from "./input-kinds.ts";
import { type InspectRun, parseInspectLine } from "./inspect-line.ts";
import {
  isOn,
  knowsAll,
  optionNames,
  readTyped,
  type TypedLine,
  typedProblems,
  valuesOf,
} from "./typed-options.ts";
import { parseFlag, parseWord } from "./values.ts";
import { listOf, nearest, quoted } from "./wording.ts";

/** What the user typed. */
export type CommandLine =
  | CommandRun
  | InspectRun
  | { readonly kind: "help"; readonly text: string }
  | { readonly kind: "version" }
  | CommandProblems;

/** What is wrong with the command line by itself. */
export interface CommandProblems {
  readonly kind: "problems";
  readonly problems: readonly Problem[];
  /** The inputs with which nothing is wrong so far; absent where it is not the main job's line. */
  readonly raw?: RawInputs;
  /** Whether nobody can tell which images are meant. */
  readonly isVague?: boolean;
  /** Nothing was to be built. */
  readonly dryRun?: boolean;
}

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
  // A folder of that name is `./inspect`.
  if (args[0] === "inspect") return parseInspectLine(args.slice(1));
  const typed = readTyped(args, ALL_OPTIONS);
  if (isAskedFor(typed, "help")) return { kind: "help", text: renderHelp() };
  if (isAskedFor(typed, "version")) return { kind: "version" };
  // Its options are not those of the main job, which would be told as wrong one by one.
  if (typed.words.includes("inspect")) return { kind: "problems", problems: [INSPECT_COMES_FIRST] };
  const unknown = unknownCommand(typed.words);
  if (unknown !== undefined) return { kind: "problems", problems: [unknown] };
  const wrong = [...typedProblems(typed, ALL_OPTIONS, ownProblem, hintOf)];
  if (knowsAll(typed, ALL_OPTIONS)) wrong.push(...folderProblems(typed));
  return wrong.length > 0 ? commandProblems(typed, wrong) : commandRun(typed);
}

/** Options that say which images are meant. */
const CHOOSING = ["file", "context", "config"];

/**
 * Whether an option that there is not may have been meant to say which images are: nobody can tell what
 * it stands for, or it is that.
 */
function mayChoose(typed: TypedLine): boolean {
  const unknown = typed.options.filter(({ name }) => !ALL_OPTIONS.has(name));
  if (unknown.length === 0) return false;
  // A word may be its value, or a context.
  const isContextOpen = typed.words.length > 0 && valuesOf(typed, "context").length === 0;
  const meant = unknown.map(({ name }) => nearest(name, optionNames(ALL_OPTIONS)));
  return isContextOpen || meant.some((name) => name === undefined || CHOOSING.includes(name));
}

function commandProblems(typed: TypedLine, problems: readonly Problem[]): CommandProblems {
  const places = new Set(problems.map(({ where }) => where));
  const isWrong = ({ name, rawName }: TypedLine["options"][number]) =>
    places.has(rawName) || places.has(`--${name}`);
  const wrong = typed.options.filter(isWrong);
  const isVague =
    mayChoose(typed) ||
    places.has("command line") ||
    wrong.some(({ name }) => CHOOSING.includes(name));
  const options = typed.options.filter((option) => !isWrong(option));
  // A word may be the value of an option that there is not.
  const isOpen = isVague || !knowsAll(typed, ALL_OPTIONS);
  const { raw, dryRun } = commandRun({ ...typed, options, ...(isOpen && { words: [] }) });
  return { kind: "problems", problems, raw, isVague, dryRun };
}

const INSPECT_COMES_FIRST: Problem = {
  where: "command line",
  what: '"inspect" comes first: weighbridge inspect [options] IMAGE; a folder of that name is ./inspect',
};

/** A word that is nearly a command: as a context, it can be written as the folder that it is. */
function unknownCommand([first = ""]: readonly string[]): Problem | undefined {
  if (!/^[a-z]+$/i.test(first) || nearest(first, ["inspect"]) === undefined) return undefined;
  const what = `there is no command ${quoted(first)}; did you mean "inspect"? A folder of that name is ./${first}`;
  return { where: "command line", what };
}

/** However it was typed. */
function isAskedFor({ options }: TypedLine, name: string): boolean {
  return options.some((option) => option.name === name);
}

/** What is wrong with the value of an option that is no input. */
function ownProblem(name: string, value: string): string | undefined {
  const own = COMMAND_OPTIONS.find((option) => option.name === name);
  if (own === undefined) return undefined;
  if (own.value === undefined) return wrongIn(parseFlag(value));
  if (name === "format") return wrongIn(parseWord(value, FORMATS));
  return value === "" ? "is empty; it has to be a folder" : undefined;
}

/** What `docker build` does with an image afterwards. */
const DELIVERING = ["-t", "--tag", "--push", "--load"];

function hintOf(rawName: string): string | undefined {
  return DELIVERING.includes(rawName) ? `: ${NOT_DELIVERED}` : undefined;
}

const NOT_DELIVERED =
  "weighbridge pushes, tags and loads nothing; what was built is in the OCI layout, the folder " +
  "layout in that of --state, to be pushed from there";

const FORMATS = ["text", "json"] as const;

function wrongIn(parsed: ReturnType<typeof parseFlag> | ReturnType<typeof parseWord>) {
  return parsed.kind === "ok" ? undefined : parsed.what;
}

function folderProblems({ words, options, flagsBeforeWords }: TypedLine): readonly Problem[] {
  const [first, second] = words;
  const where = "command line";
  if (first === undefined) return [];
  if (second !== undefined) {
    const what = `${quoted(first)} and ${quoted(second)} are two contexts; allowed is one folder`;
    return [{ where, what: `${what}${flagValues(flagsBeforeWords)}` }];
  }
  if (!options.some(({ name }) => name === "context")) return [];
  return [
    { where, what: `${quoted(first)} and --context are two contexts; allowed is one folder` },
  ];
}

/** What was meant for the value of a flag was read as a folder. */
function flagValues(flags: readonly string[]): string {
  return flags.length === 0 ? "" : `, and true or false behind ${listOf([...new Set(flags)])}`;
}

function commandRun(typed: TypedLine): CommandRun {
  const [out] = valuesOf(typed, "out");
  const [format] = valuesOf(typed, "format");
  const [context] = typed.words;
  const inputs = INPUT_NAMES.flatMap((name) => {
    const values = valuesOf(typed, name);
    return values.length > 0 ? [[name, values.join("\n")] as const] : [];
  });
  return {
    kind: "run",
    raw: { ...Object.fromEntries(inputs), ...(context !== undefined && { context }) },
    ...(out !== undefined && { out }),
    format: format?.toLowerCase() === "json" ? "json" : "text",
    dryRun: isOn(typed, "dry-run"),
    ...(valuesOf(typed, "color").length > 0 && { color: isOn(typed, "color") }),
    verbose: isOn(typed, "verbose"),
  };
}
