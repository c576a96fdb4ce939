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

/** What a shell keeps from one command to the next, as it does not from one `RUN` to the next. */
const LASTING =
  /(?:^|[;&|({\n]\s*)(?:(?:cd|pushd|export|umask|exit|exec|unset|alias|source|\.)(?:\s|$)|\w+=\S*\s*(?:$|[;&]))/;

/** It ends at the first failure, but not inside of what has something behind it. */
const ENDS_EARLY = /\bset\s+(?:-o\s+errexit|-\w*e)/;

/**
 * What several `RUN`s do as one command; undefined where a shell would understand it otherwise. Each
 * does what it does by itself, and not where one before it has failed.
 */
export function inOneCommand(commands: readonly string[]): string | undefined {
  const parts = commands.map((each) => each.replace(/[;\s]+$/, ""));
  const last = parts.length - 1;
  const needsShell = (part: string, at: number) =>
    (at < last && LASTING.test(part)) ||
    (at > 0 && /;|\|\||(?<!&)&(?!&)/.test(part)) ||
    /&$/.test(part);
  if (parts.some((part, at) => at < last && ENDS_EARLY.test(part) && needsShell(part, at))) {
    return undefined;
  }
  return parts.map((part, at) => (needsShell(part, at) ? `(${part})` : part)).join(" && ");
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
  /^(?:(?:chown|chmod|chgrp|touch)\s|find\s.*\s-exec\s+(?:chown|chmod|chgrp)\s.*\+$)/;

/** Whether a `RUN` does nothing but delete. */
export function deletesOnly(layer: Layer): boolean {
  const commands = commandsOf(layer);
  return commands?.every((each) => /^rm\s/.test(each)) === true && commands.length > 0;
}

/** An argument for a shell, as it is to be written. */
export function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}
