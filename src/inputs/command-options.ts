// What the command understands besides the inputs, and how much each option takes.
import { INPUT_KINDS, INPUT_NAMES, type InputKind } from "./input-kinds.ts";

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

/** What stands in the help for the value of an input. */
export const VALUE_NAMES: Readonly<Record<InputKind, string | undefined>> = {
  flag: undefined,
  text: "TEXT",
  path: "PATH",
  words: "LIST",
  lines: "LIST",
  yaml: "YAML",
};

/** Every option by name, and whether it takes a value. */
export const ALL_OPTIONS: ReadonlyMap<string, { readonly takesValue: boolean }> = new Map([
  ...INPUT_NAMES.map((name) => [name, { takesValue: INPUT_KINDS[name] !== "flag" }] as const),
  ...COMMAND_OPTIONS.map(({ name, value }) => [name, { takesValue: value !== undefined }] as const),
]);
