// The text of --help. What it says of inputs is what action.yml says.
import {
  COMMAND_OPTIONS,
  type CommandOption,
  RUNNER_ONLY,
  VALUE_NAMES,
} from "./command-options.ts";
import { INPUT_KINDS } from "./input-kinds.ts";
import { INPUT_TABLE } from "./input-table.ts";

const COLUMNS = 80;
const INDENT = 2;
const DESCRIPTION_INDENT = 8;

/** How the command is used, in lines of at most 80 characters. */
export function renderHelp(): string {
  const heeded = INPUT_TABLE.filter(({ name }) => !RUNNER_ONLY.includes(name));
  const groups = Map.groupBy(heeded, (input) => input.group);
  const inputs = [...groups].map(([group, rows]) => section(group, rows.map(inputLines)));
  const own = optionSection("Of the command itself", COMMAND_OPTIONS);
  return [OPENING, ...inputs, own, runnerOnly(), CLOSING].join("\n\n");
}

/** So that what a workflow says can be tried as it stands. */
function runnerOnly(): string {
  const names = RUNNER_ONLY.map((name) => `--${name}`);
  const list = `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
  const text = `${list} are for a runner only: they are taken here, and change nothing. Nothing needs a token: nobody is told but you.`;
  return wrap(text, COLUMNS).join("\n");
}

/** Options that are no inputs, under a title. */
export function optionSection(title: string, options: readonly CommandOption[]): string {
  return section(title, options.map(optionLines));
}

const OPENING = `weighbridge builds every stage of a Dockerfile, weighs, lints and scans it, and
judges your goals.

Usage: weighbridge [options] [context]

  weighbridge
        Every stage of ./Dockerfile.
  weighbridge --file Dockerfile.backend --targets production
        One stage of another Dockerfile.
  weighbridge --goals '"*": {max-unpacked: 150MB}' --out ../report
        With a goal for every stage, and files to keep.
  weighbridge --dry-run --format json
        What would be built.
  weighbridge inspect IMAGE
        What an image is made of that is there already; see
        weighbridge inspect --help.

Options are the action's inputs and say the same. A LIST may be given by
repeating its option. What is on unless switched off has a --no- form:
--no-lint is --lint false. Of .github/weighbridge.yml, options given here win,
one by one.`;

const CLOSING = `Exit code: 0 all goals are met, or only advise; 1 a goal is missed or could not
be judged, or a stage did not build; 2 something that was asked for is wrong, or
no engine answers, and nothing was built, or the build was stopped; 3 a tool or
the engine failed.`;

type InputRow = (typeof INPUT_TABLE)[number];

function inputLines({ name, description }: InputRow): string {
  const value = VALUE_NAMES[INPUT_KINDS[name]];
  return entry(value === undefined ? `--${name}[=true|false]` : `--${name} ${value}`, description);
}

function optionLines({ name, short, value, description }: CommandOption): string {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return entry(short === undefined ? long : `-${short}, ${long}`, description);
}

function section(title: string, entries: readonly string[]): string {
  return [`${title}:`, ...entries].join("\n");
}

/** Code is not marked up on a terminal. */
function entry(option: string, description: string): string {
  const text = wrap(description.replaceAll("`", ""), COLUMNS - DESCRIPTION_INDENT);
  const indented = text.map((line) => " ".repeat(DESCRIPTION_INDENT) + line);
  return [" ".repeat(INDENT) + option, ...indented].join("\n");
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const fits = last !== undefined && last.length + 1 + word.length <= columns;
    if (fits) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
