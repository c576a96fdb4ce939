// Where to look first when a goal on size or on waste is missed, in words that all renderings share.

import type { GoalResult } from "../model/goal.ts";
import type { Layer } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";
import { bytesAllowed } from "./binding-goals.ts";
import { excessOf } from "./excess.ts";
import { formatBytes, formatBytesBeside, formatLimit } from "./format.ts";

/** How a rendering writes a line of the Dockerfile, which it may link. */
type LineOf = (line: number, words: string) => string;

/** Part of what is too much that a line must have: changing less would hardly be seen. */
const WORTH_A_LOOK = 0.1;

/** Part of what a goal allows that is worth telling when the base image takes it. */
const MUCH = 0.5;

/**
 * How much of its goal the base image takes, and which line of the Dockerfile has most, in the bytes
 * that the goal is about: `the base image is 121.9 of the 125 MB; your largest line is 3, 24 MB`.
 * Empty where nothing helps, and beside goals on something else.
 */
export function firstLook(stage: ReportStage, goal: GoalResult, lineOf: LineOf): string {
  const excess = excessOf(stage, goal);
  if (excess === undefined) return "";
  const [largest] = linesOf(stage, goal).toSorted((one, other) => other.bytes - one.bytes);
  const isLarge = largest !== undefined && largest.bytes >= WORTH_A_LOOK * excess;
  const words = [baseWords(stage, goal), isLarge ? lineWords(goal, largest, lineOf) : ""];
  return words.filter((part) => part !== "").join("; ");
}

/** A line of the Dockerfile, and what it has of that which a goal is about. */
interface LineBytes {
  readonly line: number;
  readonly bytes: number;
}

function lineWords({ rule }: GoalResult, { line, bytes }: LineBytes, lineOf: LineOf): string {
  switch (rule) {
    case "max-unpacked":
    case "min-reduction":
      return `your largest line is ${lineOf(line, String(line))}, ${formatBytes(bytes)}`;
    case "max-download":
      return `your largest line is ${lineOf(line, String(line))}, ${formatBytes(bytes)} to download`;
    case "max-wasted":
    case "max-own-wasted":
    case "min-efficiency":
      return `most is wasted by ${lineOf(line, `line ${line}`)}, ${formatBytes(bytes)}`;
    case "fail-on-severity":
      return "";
  }
}

/** Nothing can be done about a single layer of the base image: only lines of the Dockerfile count. */
function linesOf(stage: ReportStage, { rule }: GoalResult): readonly LineBytes[] {
  switch (rule) {
    case "max-unpacked":
    case "min-reduction":
      return ownLines(stage, ({ unpacked }) => unpacked);
    case "max-download":
      return ownLines(stage, ({ download = 0 }) => download);
    case "max-wasted":
    case "max-own-wasted":
    case "min-efficiency":
      return wastingLines(stage);
    case "fail-on-severity":
      return [];
  }
}

function ownLines(
  { layers }: ReportStage,
  bytesOf: (layer: Layer) => number,
): readonly LineBytes[] {
  const own = layers.filter(({ origin }) => origin === "own");
  return summed(own.map((layer) => ({ line: layer.line, bytes: bytesOf(layer) })));
}

/** Lines by what they made dead, whoever brought it. */
function wastingLines({ waste, layers }: ReportStage): readonly LineBytes[] {
  const own = waste.filter(({ killedBy }) => layers[killedBy.layer]?.origin !== "base");
  return summed(own.map(({ killedBy, bytes }) => ({ line: killedBy.line, bytes })));
}

function summed(
  parts: readonly { readonly line: number | undefined; readonly bytes: number }[],
): readonly LineBytes[] {
  const totals = new Map<number, number>();
  for (const { line, bytes } of parts) {
    if (line !== undefined) totals.set(line, (totals.get(line) ?? 0) + bytes);
  }
  return [...totals].map(([line, bytes]) => ({ line, bytes }));
}

/** That a base image is too much by itself is part of how far the stage is from its goal. */
function baseWords({ base }: ReportStage, goal: GoalResult): string {
  const onDownload = goal.rule === "max-download";
  const allowed = onDownload ? Number(goal.limit) : bytesAllowed(goal);
  const bytes = onDownload ? base?.download : base?.unpacked;
  if (allowed === undefined || bytes === undefined) return "";
  if (bytes > allowed || bytes < MUCH * allowed) return "";
  const whole = goal.rule === "min-reduction" ? formatBytes(allowed) : formatLimit(allowed);
  const [amount, unit] = formatBytesBeside(bytes, allowed).split(" ");
  const part = whole.endsWith(` ${unit}`) ? amount : `${amount} ${unit}`;
  return `the base image is ${part} of the ${whole}`;
}
