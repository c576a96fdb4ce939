// Rounds of all ways through all states, alternated so that what else the machine does, and what
// its caches hold, falls on each of them alike.

import { rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { run as runProgram } from "../scripts/lab/shell.ts";
import { messageOf } from "../src/errors.ts";
import { layOut, type Parts } from "./course.ts";
import { measured, type Usage } from "./usage.ts";
import type { State, Way } from "./way.ts";
import { composed } from "./ways/composed.ts";
import { floor } from "./ways/floor.ts";
import { ours } from "./ways/ours.ts";

export const WAYS = { ours, composed, floor } as const;
export type WayName = keyof typeof WAYS;
export const WAY_NAMES: readonly WayName[] = ["ours", "composed", "floor"];

/** Of the first run of a round. */
const ATTEMPTS = 3;

/** One run of one way. */
export interface Run extends Usage {
  readonly round: number;
  readonly state: State;
  readonly way: WayName;
  /** What it keeps outside of the engine's own store, as `du` counts it. */
  readonly diskBytes: number;
  /** Load average of the last minute, at its start. */
  readonly load: number;
}

/** Goes through the rounds; says each run as it ends. */
export async function runRounds(
  parts: Parts,
  rounds: number,
  names: readonly WayName[],
  say: (run: Run) => void,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const run of await runRound(parts, round, rotated(names, round - 1), say)) runs.push(run);
  }
  return runs;
}

async function runRound(
  parts: Parts,
  round: number,
  names: readonly WayName[],
  say: (run: Run) => void,
): Promise<readonly Run[]> {
  await using stack = new AsyncDisposableStack();
  const ways = new Map<WayName, Way>();
  const runs: Run[] = [];
  const add = (state: State, way: WayName, cost: Cost) => {
    runs.push({ round, state, way, ...cost });
    say({ round, state, way, ...cost });
  };
  for (const name of names) {
    const { way, cost } = await runFirst(stack, name, parts);
    ways.set(name, way);
    add("nothing", name, cost);
  }
  for (const [name, way] of ways) {
    await way.forget();
    add("build", name, await runOnce(way, "build"));
  }
  for (const [name, way] of ways) add("everything", name, await runOnce(way, "everything"));
  return runs;
}

type Cost = Omit<Run, "round" | "state" | "way">;

/** Downloads of the steps may fail. Then another copy, as unseen as the first, is tried. */
async function runFirst(
  stack: AsyncDisposableStack,
  name: WayName,
  parts: Parts,
): Promise<{ readonly way: Way; readonly cost: Cost }> {
  for (let attempt = 1; ; attempt++) {
    const course = await layOut(parts);
    stack.defer(() => rm(course.folder, { recursive: true, force: true }));
    const way = stack.use(await WAYS[name](course));
    try {
      return { way, cost: await runOnce(way, "nothing") };
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      console.error(`${name} once more, from the start: ${messageOf(error)}`);
    }
  }
}

/** One run, measured and then looked at. */
export async function runOnce(way: Way, state: State): Promise<Cost> {
  const [load = 0] = loadavg();
  const usage = await measured(() => way.run());
  await way.verify(state);
  return { ...usage, diskBytes: await diskBytes(way.keeps), load };
}

async function diskBytes(folders: readonly string[]): Promise<number> {
  const list = await runProgram("du", ["--summarize", "--block-size=1", ...folders]);
  return list.split("\n").reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}

/** The items, begun with another one. */
export function rotated<T>(items: readonly T[], by: number): readonly T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
