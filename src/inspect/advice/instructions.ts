// How an instruction of a Dockerfile would be written otherwise. Only ever shown: it is not parsed
// further than that needs.

import type { Layer } from "../../model/image.ts";

/** Whether a layer was made by copying. */
export function isCopy({ instruction = "" }: Layer): boolean {
  return /^(?:COPY|ADD)\s/i.test(instruction);
}

/** Whether it was copied out of the build context, rather than from a stage or an image. */
export function isFromContext(layer: Layer): boolean {
  return isCopy(layer) && !/\s--from=/.test(layer.instruction ?? "");
}

/** The instruction with flags in front of what it has. */
export function flagged({ instruction = "" }: Layer, flags: readonly string[]): string {
  const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(instruction) ?? [];
  const kept = flags.reduce((text, flag) => without(text, flag), rest);
  return [keyword, ...flags, kept].join(" ");
}

/** A flag replaces one of its name, unless there can be several of them. */
function without(rest: string, flag: string): string {
  const [name = ""] = flag.split("=");
  return name === "--mount" ? rest : rest.replace(new RegExp(`(^|\\s)${name}=\\S+\\s?`), "$1");
}

/** Two instructions as one `RUN`, where they are two. */
export function joinedRuns(first: Layer, later: Layer): string {
  const commands = [first, later].map(commandOf);
  if (commands.some((command) => command === undefined)) {
    return `do in line ${first.line} what line ${later.line} does`;
  }
  return `RUN ${commands.join(" && ")}`;
}

/** The command of a `RUN` for a shell; undefined for one in another form. */
function commandOf({ instruction = "" }: Layer): string | undefined {
  const [, command] = /^RUN\s+(.*)$/is.exec(instruction) ?? [];
  return command?.startsWith("[") || command?.includes("<<") ? undefined : command;
}
