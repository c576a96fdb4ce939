// How an instruction of a Dockerfile would be written otherwise. Only ever shown: it is not parsed
// further than that needs.

import type { Layer } from "../../model/image.ts";
import type { Instruction } from "../../model/plan.ts";
import { inOneCommand, shellRun } from "./commands.ts";
import { inCode, linesInWords, type SavingLayers } from "./words.ts";

/** A line of a Dockerfile, be it with a layer or not. */
export type Line = Pick<Layer, "line" | "instruction">;

/** Whether a layer was made by copying. */
export function isCopy({ instruction = "" }: Line): boolean {
  return /^(?:COPY|ADD)\s/i.test(instruction);
}

/** Whether a copy gives its files an owner or a mode, whatever they have where they come from. */
export function givesItsOwn({ instruction = "" }: Line): boolean {
  return /\s--ch(?:own|mod)=/.test(instruction);
}

/** Whether a layer was made by running something. */
export function isRun({ instruction = "" }: Line): boolean {
  return /^RUN\s/i.test(instruction);
}

/** Whether it has its lines below it, in a here-document. */
export function isHeredoc({ instruction = "" }: Line): boolean {
  return /<<-?["']?\w/.test(instruction);
}

/** The instruction with flags in front of what it has; of a here-document, its first line. */
export function flagged(layer: Line, flags: readonly string[]): string {
  const { instruction = "" } = layer;
  const shown = isHeredoc(layer) ? instruction.replace(/(<<\S*).*$/s, "$1 …") : instruction;
  const [, keyword = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(shown) ?? [];
  const kept = flags.reduce((text, flag) => without(text, flag), rest);
  return [keyword, ...flags, kept].join(" ");
}

/** A flag replaces one of its name in front of the rest, unless there can be several of them. */
function without(rest: string, flag: string): string {
  const [name = ""] = flag.split("=");
  if (name === "--mount") return rest;
  const [flags = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
  const kept = flags.split(/\s+/).filter((each) => each !== "" && !each.startsWith(`${name}=`));
  return [...kept, rest.slice(flags.length)].join(" ");
}

/** What to write instead of two or more lines, in one. */
export interface JoinedRuns {
  readonly instead: string;
  /** It is all that the lines have been. */
  readonly isWhole: boolean;
  /** The lines that become one: what is run between them too, which may need what is done there. */
  readonly lines: readonly Line[];
  /** Those between that the one line has to stand behind. */
  readonly behind: readonly Line[];
}

/** Several instructions as one `RUN`, where they are such as a shell reads one after the other. */
export function joinedRuns({ first, between, later, chain }: SavingLayers): JoinedRuns {
  const named = [first, ...between, later];
  const others = othersBetween(named, chain, WITHOUT_EFFECT);
  const settings = others.filter(({ keyword }) => SETTINGS.includes(keyword));
  const run = others.filter((other) => !settings.includes(other));
  const lines = [...named, ...run.map(asLine)].toSorted((one, other) => {
    return (one.line ?? 0) - (other.line ?? 0);
  });
  const behind = settings.map(asLine);
  const instead = hasOtherShell(chain) ? undefined : oneRun(lines);
  if (instead !== undefined) return { instead, isWhole: true, lines, behind };
  return { instead: joinedInWords(named, others, lines), isWhole: false, lines, behind };
}

/** What a command behind it may need, and one before it seldom minds. */
const SETTINGS = ["ARG", "ENV"];

/** An instruction as a line, wherever its layer is. */
export function asLine({ lines, text }: Instruction) {
  return { line: lines.start, instruction: text } satisfies Line;
}

function oneRun(lines: readonly Line[]): string | undefined {
  const runs = lines.map(shellRun).filter((run) => run !== undefined);
  // What one of them must not reach, or may do, the others must too.
  const isOneRule = new Set(runs.map(({ flags }) => rulesOf(flags))).size === 1;
  if (runs.length !== lines.length || !isOneRule) return undefined;
  const command = inOneCommand(runs.map((run) => run.command));
  const flags = new Set(runs.flatMap((run) => run.flags));
  return command && ["RUN", ...flags, command].join(" ");
}

/** What is between the lines may be there for the last, or need what only the first one has done. */
function joinedInWords(
  [first, ...rest]: readonly Line[],
  others: readonly Instruction[],
  lines: readonly Line[],
): string {
  if (others.length === 0) {
    const verb = rest.length > 1 ? "do" : "does";
    return `Do in line ${first?.line} what ${linesInWords(rest)} ${verb}.`;
  }
  if (others.every(isOfShell)) return `Do in one line what ${linesInWords(lines)} do.`;
  const copy = inCode("COPY --from=…");
  return `Do in an earlier stage what lines ${first?.line} to ${rest.at(-1)?.line} do, and take from there what is needed, with ${copy}.`;
}

function isOfShell({ keyword }: Instruction): boolean {
  return keyword === "RUN";
}

/** Whether commands may be for a shell that reads lists of programs otherwise than the usual one. */
export function hasOtherShell(chain: readonly Instruction[]): boolean {
  return chain.some(({ keyword, text }) => keyword === "SHELL" && !isUsualShell(text));
}

/** Whether a `SHELL` names one of those that are alike, with no more than settings of its own. */
function isUsualShell(text: string): boolean {
  const words = /^SHELL\s+\[(.*)\]\s*$/is.exec(text)?.[1]?.split(",") ?? [];
  const [program, ...settings] = words.map((word) => /^\s*"([^"\\]*)"\s*$/.exec(word)?.[1] ?? "");
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|dash|ash)$/.test(program ?? "");
  const areSettings = settings.every((word) => /^-[a-z]+$|^[a-z]+$/.test(word));
  return isShell && areSettings && /^-[a-z]*c$/.test(settings.at(-1) ?? "");
}

/** Flags such as `--network` and `--security`: all but mounts, which add up. */
function rulesOf(flags: readonly string[]): string {
  return flags
    .filter((flag) => !flag.startsWith("--mount"))
    .toSorted()
    .join(" ");
}

/** Keywords of instructions that say nothing about what a command between them and the next does. */
export const WITHOUT_EFFECT = ["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "LABEL", "STOPSIGNAL"];

/**
 * Whether something between lines, such as a `USER` or a `COPY`, is there for one of them.
 * @param harmless keywords of what may be there
 */
export function areApart(
  layers: readonly Layer[],
  chain: readonly Instruction[],
  harmless: readonly string[] = WITHOUT_EFFECT,
): boolean {
  return othersBetween(layers, chain, harmless).length > 0;
}

function othersBetween(
  layers: readonly Layer[],
  chain: readonly Instruction[],
  harmless: readonly string[],
): readonly Instruction[] {
  const own = layers.map(({ line = 0 }) => line);
  const [start, end] = [Math.min(...own), Math.max(...own)];
  return chain.filter(
    ({ keyword, lines }) =>
      start < lines.start &&
      lines.start < end &&
      !own.includes(lines.start) &&
      !harmless.includes(keyword),
  );
}

/** Whether something is run after the first of two lines and before the later. */
export function hasRunBetween(about: SavingLayers): boolean {
  return runsAfter(about).some(({ lines }) => lines.start < (about.later.line ?? 0));
}

/** What is run after the first of two lines up to the later, as it is written. */
export function runsFrom(about: SavingLayers): readonly string[] {
  return runsAfter(about).map(({ text }) => text);
}

function runsAfter({ first, later, chain }: SavingLayers): readonly Instruction[] {
  const [start = 0, end = 0] = [first.line, later.line];
  return chain.filter(
    ({ keyword, lines }) => keyword === "RUN" && start < lines.start && lines.start <= end,
  );
}
