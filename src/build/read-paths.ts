// Which paths an instruction reads, and out of what.

import { posix } from "node:path";
import type { Instruction } from "../model/plan.ts";
import {
  type Command,
  flagValue,
  parseArguments,
  parseCommand,
  quotedWords,
} from "../plan/command.ts";
import { readMount } from "../plan/run-mount.ts";

/** A path as the Dockerfile has it, with variables in it where that has. */
export interface ReadPath {
  readonly path: string;
  /** The stage or image that it is in; undefined for the build context. */
  readonly from?: string;
}

/** What a copy copies, and what a `RUN` mounts. */
export function readPaths({ text }: Instruction): readonly ReadPath[] {
  const command = parseCommand(text, "\\");
  if (command.keyword === "RUN") return command.flags.flatMap(mounted);
  const from = flagValue(command, "from");
  return sourcesOf(command).map((path) => ({ path, ...(from !== undefined && { from }) }));
}

/** Whether a path as BuildKit tells it is one that the Dockerfile has. */
export function isPath(told: string, { path }: ReadPath): boolean {
  return !path.includes("$") && posix.resolve("/", path) === posix.resolve("/", told);
}

function sourcesOf({ rest }: Command): readonly string[] {
  const list = parseArguments(rest);
  const words = list.kind === "json" ? list.values : quotedWords(rest, "\\").map(unquoted);
  return words.slice(0, -1);
}

function unquoted(word: string): string {
  return word.replace(/["']/g, "").replace(/\\(.)/gs, "$1");
}

function mounted({ name, value = "" }: Command["flags"][number]): readonly ReadPath[] {
  if (name !== "mount") return [];
  const { source, from } = readMount(value);
  if (source === undefined) return [];
  return [{ path: source, ...(from !== undefined && { from }) }];
}
