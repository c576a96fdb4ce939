// How an instruction of a Dockerfile would be written otherwise. Only ever shown: it is not parsed
// further than that needs.

import type { Layer } from "../../model/image.ts";
import type { Instruction } from "../../model/plan.ts";
import type { SavingLayers } from "./words.ts";

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

/** An instruction as a line, wherever its layer is. */
export function asLine({ lines, text }: Instruction) {
  return { line: lines.start, instruction: text } satisfies Line;
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

/** What is between lines, but for instructions of harmless keywords. */
export function othersBetween(
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
