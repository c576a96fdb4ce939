// What was measured, kept as JSON: an engine each, the newest measurement of it.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EngineName } from "./course.ts";
import type { Machine } from "./machine.ts";
import type { Run } from "./rounds.ts";

/** All rounds on one engine. */
export interface Measurement {
  readonly engine: EngineName;
  /** RFC 3339. */
  readonly date: string;
  readonly machine: Machine;
  readonly rounds: number;
  readonly runs: readonly Run[];
}

/** Puts a measurement in the place of an older one of its engine; returns all there are. */
export async function keep(
  folder: string,
  measurement: Measurement,
): Promise<readonly Measurement[]> {
  const path = join(folder, "results.json");
  const others = (await load(path)).filter(({ engine }) => engine !== measurement.engine);
  const all = [...others, measurement].toSorted((a, b) => a.engine.localeCompare(b.engine));
  await writeFile(path, `${JSON.stringify(all, undefined, 1)}\n`);
  return all;
}

async function load(path: string): Promise<readonly Measurement[]> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return [];
  }
}
