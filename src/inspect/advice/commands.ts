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
