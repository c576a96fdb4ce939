import { omission } from "../build/progress/telling-lines.ts";
import type { Failure } from "../model/report.ts";

/** So many lines are shown as they are: to leave out some of them would spare nothing. */
const FEW = 16;

/** No more lines than these are shown between two that are, though they say nothing themselves. */
const SMALL_GAP = 6;

/** How much of a failed step's output there is room for. */
export interface OutputRoom {
  readonly lines: number;
  /** Of all lines together. Default: as many as there are. */
  readonly characters?: number;
}

/**
 * The lines of a failed step's output that say most of why it failed, as far as there is room, in
 * the order in which they were written, with `… 120 lines …` where others were left out. Where none
 * is said to say most, the last.
 */
export function failureOutput(failure: Failure | undefined, room: OutputRoom): readonly string[] {
  if (failure === undefined) return [];
  const { output } = failure;
  const shown = withGaps(output, tellingWithin(failure, room), room);
  const lines: string[] = [];
  let next = 0;
  for (const at of [...shown, output.length]) {
    const omitted = countOf(output.slice(next, at));
    if (omitted > 0) lines.push(omission(omitted));
    lines.push(...output.slice(at, at + 1));
    next = at + 1;
  }
  return lines;
}

/** Indices of the lines that there is room for, the best first. */
function tellingWithin(failure: Failure, { lines, characters }: OutputRoom): readonly number[] {
  const best = inOrderOfWeight(failure).slice(0, lines);
  if (characters === undefined) return best;
  let used = 0;
  const beyond = best.findIndex((at) => {
    used += sizeOf(failure.output, at);
    return used > characters;
  });
  return beyond === -1 ? best : best.slice(0, beyond);
}

/**
 * In order, with the few lines between two of them where there is room: what they say may be about
 * these. A single one takes as much room as a mark in its place.
 */
function withGaps(
  output: readonly string[],
  best: readonly number[],
  { lines, characters = Number.POSITIVE_INFINITY }: OutputRoom,
): readonly number[] {
  const shown = new Set(best);
  if (shown.size === 0) return [];
  let used = best.reduce((sum, at) => sum + sizeOf(output, at), 0);
  for (const gap of gapsBetween(output, shown)) {
    const isSmall = gap.length <= SMALL_GAP && shown.size + gap.length <= lines;
    const size = gap.reduce((sum, at) => sum + sizeOf(output, at), 0);
    if (!(gap.length === 1 || isSmall) || used + size > characters) continue;
    used += size;
    for (const at of gap) shown.add(at);
  }
  return [...shown].toSorted((one, other) => one - other);
}

/** Lines beside each other that are not shown, as far as none of them is a mark. */
function gapsBetween(
  output: readonly string[],
  shown: ReadonlySet<number>,
): readonly (readonly number[])[] {
  const ends = [-1, ...[...shown].toSorted((one, other) => one - other), output.length];
  return ends.slice(1).flatMap((end, at) => {
    const start = (ends[at] ?? 0) + 1;
    const gap = Array.from({ length: end - start }, (_, offset) => start + offset);
    const isWhole = gap.every((line) => omittedBy(output[line] ?? "") === undefined);
    return gap.length > 0 && isWhole ? [gap] : [];
  });
}

function sizeOf(output: readonly string[], at: number): number {
  return (output[at]?.length ?? 0) + 1;
}

function inOrderOfWeight({ output, telling = [] }: Failure): readonly number[] {
  const last = output.map((_, at) => output.length - 1 - at);
  const isLine = (at: number) => omittedBy(output[at] ?? "") === undefined;
  const isShort = output.length <= FEW;
  const best = telling.length === 0 || isShort ? [...telling, ...last] : telling;
  return [...new Set(best)].filter((at) => at < output.length && isLine(at));
}

function countOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + (omittedBy(line) ?? 1), 0);
}

/** How many lines a mark stands for; undefined of what is none. */
function omittedBy(line: string): number | undefined {
  const [, count] = /^… (\d{1,12}) lines? …$/.exec(line) ?? [];
  return count === undefined ? undefined : Number(count);
}
