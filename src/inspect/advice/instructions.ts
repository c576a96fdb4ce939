// How an instruction of a Dockerfile would be written otherwise. Only ever shown: it is not parsed
// further than that needs.

import type { Layer } from "../../model/image.ts";
import type { Instruction } from "../../model/plan.ts";
import { madeBy, type SavingLayers } from "./words.ts";

/** Whether a layer was made by copying. */
export function isCopy({ instruction = "" }: Layer): boolean {
  return /^(?:COPY|ADD)\s/i.test(instruction);
}

/** Whether it has its lines below it, in a here-document. */
export function isHeredoc({ instruction = "" }: Layer): boolean {
  return instruction.includes("<<");
}

/** The instruction with flags in front of what it has; of a here-document, its first line. */
export function flagged(layer: Layer, flags: readonly string[]): string {
  const { instruction = "" } = layer;
  const shown = isHeredoc(layer) ? instruction.replace(/(<<\S*).*$/s, "$1 …") : instruction;
  const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(shown) ?? [];
  const kept = flags.reduce((text, flag) => without(text, flag), rest);
  return [keyword, ...flags, kept].join(" ");
}

/** A flag replaces one of its name, unless there can be several of them. */
function without(rest: string, flag: string): string {
  const [name = ""] = flag.split("=");
  return name === "--mount" ? rest : rest.replace(new RegExp(`(^|\\s)${name}=\\S+\\s?`), "$1");
}

/**
 * What `--chmod` takes for files of these permission bits. It holds for folders too, which nobody
 * can enter whose bits are a file's 644: `X` is for them, and for what can be executed already.
 * https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
 * @param mode octal, or anything that stands for several
 */
export function copyMode(mode: string): string {
  const bits = Number.parseInt(mode, 8);
  // The letters below have none for set-ID bits and the sticky bit.
  if (Number.isNaN(bits) || (bits & 0o111) !== 0 || bits > 0o777) return mode;
  const letters = (digit: number) => ["", "w", "rX", "rwX"][(digit >> 1) & 0b11];
  return `u=${letters(bits >> 6)},g=${letters(bits >> 3)},o=${letters(bits)}`;
}

/** What a later line writes once more is left to the line that wrote it first. */
export function writtenOnce({ first, later, chain }: SavingLayers): string {
  if (!isCopy(later)) return joinedRuns(first, later, chain);
  return `let line ${later.line} not copy what ${madeBy(first)} has written`;
}

/**
 * Two instructions as one `RUN`, where they are two that a shell reads one after the other.
 * @param chain all that made the image
 */
export function joinedRuns(first: Layer, later: Layer, chain: readonly Instruction[]): string {
  const [one, other] = [shellRun(first), shellRun(later)];
  if (one === undefined || other === undefined || areApart(first, later, chain)) {
    return `do in line ${first.line} what line ${later.line} does`;
  }
  // What one of them must not reach, or may do, the other must too.
  if (rulesOf(one.flags) !== rulesOf(other.flags)) {
    return `do in line ${first.line} what line ${later.line} does`;
  }
  const flags = new Set([...one.flags, ...other.flags]);
  return ["RUN", ...flags, one.command, "&&", other.command].join(" ");
}

/** Flags such as `--network` and `--security`: all but mounts, which add up. */
function rulesOf(flags: readonly string[]): string {
  return flags
    .filter((flag) => !flag.startsWith("--mount"))
    .toSorted()
    .join(" ");
}

/** A `RUN` for a shell; undefined for one in another form, or whose end may be a comment. */
function shellRun({ instruction = "" }: Layer) {
  const [, flags = "", command] = /^RUN\s+((?:--\S+\s+)*)(.*)$/is.exec(instruction) ?? [];
  if (command === undefined || /^\[|<<|\s#/.test(command)) return undefined;
  return { flags: flags.split(/\s+/).filter((flag) => flag !== ""), command };
}

/** Keywords of instructions that say nothing about what a command between them and the next does. */
const WITHOUT_EFFECT = ["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL"];

/** Whether something between two lines, such as a `USER` or a `COPY`, is there for the second. */
function areApart(
  { line: start = 0 }: Layer,
  { line: end = 0 }: Layer,
  chain: readonly Instruction[],
): boolean {
  return chain.some(
    ({ keyword, lines }) =>
      start < lines.start && lines.start < end && !WITHOUT_EFFECT.includes(keyword),
  );
}
