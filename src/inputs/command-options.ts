// What the command understands besides the inputs, and how much each option takes.
import { INPUT_KINDS, INPUT_NAMES, type InputKind, type InputName } from "./input-kinds.ts";
import type { OptionForm, OptionForms } from "./typed-options.ts";

/** An option that is no input. */
export interface CommandOption {
  readonly name: string;
  readonly short?: string;
  /** What stands for its value in the help; absent when it takes none. */
  readonly value?: string;
  readonly description: string;
}

/** What only the command line has; all inputs are options too. */
export const COMMAND_OPTIONS: readonly CommandOption[] = [
  {
    name: "out",
    value: "DIR",
    description: "Write the report into this folder, as Markdown, JSON and SARIF.",
  },
  {
    name: "format",
    value: "text|json",
    description: "What is printed: the report for people, or as JSON. Default: `text`.",
  },
  { name: "dry-run", description: "Print what would be built, and build nothing." },
  {
    name: "color",
    description: "Print in colour, or not with `--no-color`. Default: on a terminal.",
  },
  { name: "verbose", description: "Print more of what is going on." },
  { name: "help", short: "h", description: "Print this, and stop." },
  { name: "version", description: "Print the version, and stop." },
];

/** Inputs that are taken on the command line too, and change nothing there: it has nobody to tell. */
export const RUNNER_ONLY: readonly InputName[] = [
  "allow-untrusted-checkout",
  "comment",
  "upload-sarif",
  "summary",
  "token",
];

/** What stands in the help for the value of an input. */
export const VALUE_NAMES: Readonly<Record<InputKind, string | undefined>> = {
  flag: undefined,
  text: "TEXT",
  path: "PATH",
  words: "LIST",
  lines: "LIST",
  yaml: "YAML",
};

/** Every option by name, and how it is typed. */
export const ALL_OPTIONS: OptionForms = new Map([
  ...INPUT_NAMES.map((name) => [name, inputForm(INPUT_KINDS[name])] as const),
  ...COMMAND_OPTIONS.map((option) => [option.name, formOf(option)] as const),
]);

function inputForm(kind: InputKind): OptionForm {
  return { takesValue: kind !== "flag", isList: kind === "words" || kind === "lines" };
}

/** How an option that is no input is typed. */
export function formOf({ value, short }: CommandOption): OptionForm {
  return { takesValue: value !== undefined, isList: false, ...(short !== undefined && { short }) };
}
