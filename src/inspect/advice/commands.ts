// What a RUN has a shell do, as far as that can be said without being a shell.

import type { Layer } from "../../model/image.ts";

/** A `RUN` for a shell. */
export interface ShellRun {
  readonly flags: readonly string[];
  readonly command: string;
}

/** A `RUN` for a shell; undefined for one in another form, or whose end may be a comment. */
export function shellRun({ instruction = "" }: Pick<Layer, "instruction">): ShellRun | undefined {
  const [, flags = "", command] = /^RUN\s+((?:--\S+\s+)*)(.*)$/is.exec(instruction) ?? [];
  if (command === undefined || /^\[|<<|(?:^|\s)#/.test(command)) return undefined;
  return { flags: flags.split(/\s+/).filter((flag) => flag !== ""), command };
}

/** What a shell does itself, and may keep, or has other rules for than for a program. */
const OWN_WORDS =
  /^(?:\.|alias|bg|break|builtin|case|cd|command|continue|coproc|declare|do|done|elif|else|esac|eval|exec|exit|export|fg|fi|for|function|getopts|hash|if|let|local|popd|pushd|read|readonly|return|select|set|shift|shopt|source|then|time|trap|typeset|ulimit|umask|unalias|unset|until|wait|while)$/;

/**
 * What makes of a list of programs something else: substitutions, brackets, several lines. Here as below,
 * what may be repeated is bounded, or begins where nothing of its kind is before it: else a long line
 * would take the square of its length.
 */
const NOT_PLAIN = /[;()`'"\\\n]|\|\||\$\(|\$\{[^}]{0,500}=|&/;

/**
 * The programs that a shell starts one after the other, as long as none fails: a list of plain commands
 * with `&&` between them; undefined where it is anything else. A pipe is one command of it.
 */
export function plainList(command: string): readonly string[] | undefined {
  const withoutQuotes = command
    .replace(/(?<!\d)\d*>&\d/g, " ")
    .replace(/'[^']*'|"[^"`$\\]*"/g, (quotedText) => "_".repeat(quotedText.length));
  const isPlain = withoutQuotes
    .split("&&")
    .every((each) => !NOT_PLAIN.test(each) && each.split("|").every(startsProgram));
  if (!isPlain) return undefined;
  const commands = command.split("&&").map((each) => each.trim());
  // What is in quotes may look like the end of a command.
  return commands.length === withoutQuotes.split("&&").length ? commands : undefined;
}

function startsProgram(command: string): boolean {
  const words = command.trim().split(/\s+/);
  const name = words.find((word) => !/^[A-Za-z_]\w*=/.test(word)) ?? "";
  return /^[A-Za-z./][\w.+/-]*$/.test(name) && !OWN_WORDS.test(name);
}

/**
 * What several `RUN`s do as one command; undefined where one of them is more than a list of programs,
 * which a shell could understand otherwise then, or take no notice of its failure.
 */
export function inOneCommand(commands: readonly string[]): string | undefined {
  const parts = commands.map((each) => each.replace(/(?<![;\s])[;\s]+$/, ""));
  return parts.every((part) => plainList(part) !== undefined) ? parts.join(" && ") : undefined;
}

/** The commands of a `RUN` that come one after the other; undefined where that cannot be told. */
export function commandsOf(layer: Pick<Layer, "instruction">): readonly string[] | undefined {
  const { instruction = "" } = layer;
  const exec = /^RUN\s+(?:--\S+\s+)*\[(.*)\]\s*$/is.exec(instruction)?.[1];
  if (exec !== undefined) return [exec.replace(/"\s*,\s*"/g, " ").replace(/^\s*"|"\s*$/g, "")];
  const command = shellRun(layer)?.command;
  // What is in quotes or brackets may be anything.
  if (command === undefined || /["'`|<>()\\]|\$\(|(?<!&)&(?!&)/.test(command)) return undefined;
  return command
    .split(/&&|;/)
    .map((each) => each.trim())
    .filter((each) => each !== "" && !/^set\s+[-+]\w+$/.test(each));
}

/** Whether a `RUN` does nothing but change owners, modes or dates. */
export function changesOnlyMetadata(layer: Layer): boolean {
  const commands = commandsOf(layer);
  return commands?.every((each) => METADATA.test(each)) === true && commands.length > 0;
}

const METADATA =
  /^(?:(?:chown|chmod|chgrp|touch)\s|find\s.{0,500}\s-exec\s+(?:chown|chmod|chgrp)\s.*\+$)/;

/** Whether a `RUN` does nothing but delete, and change owners, modes or dates. */
export function readsNothing(layer: Pick<Layer, "instruction">): boolean {
  const commands = commandsOf(layer);
  return commands?.every((each) => isRemoval(each) || TOUCHES_NOTHING.test(each)) === true;
}

const TOUCHES_NOTHING = new RegExp(`${METADATA.source}|^(?:echo|printf|true|:)(?:\\s|$)`);

/** Whether a command deletes what it names. */
export function isRemoval(command: string): boolean {
  return /^rm\s/.test(command);
}

/** Whether a command deletes one path, and nothing else. */
export function isRemovalOf(path: string, command: string): boolean {
  const [name, ...words] = command.trim().split(/\s+/);
  const operands = words.filter((word) => !word.startsWith("-"));
  return name === "rm" && operands.length === 1 && operands[0] === path;
}

/** Whether a text has a path, or one of something in it. */
export function namesPath(text: string, path: string): boolean {
  const parts = text.split(path);
  return parts.slice(1).some((after, at) => {
    return !/[\w.-]$/.test(parts[at] ?? "") && !/^[\w.-]/.test(after);
  });
}

/** Whether a text has a word by itself. */
export function hasWord(text: string, word: string): boolean {
  return text.split(/[\s"'=,:;&|()/{}[\]]+/).includes(word);
}

/** An argument for a shell, as it is to be written. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
