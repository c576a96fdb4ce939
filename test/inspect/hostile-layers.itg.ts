// Layers that were made to exhaust whoever reads them, by themselves or together: each ends in bounded
// memory, with entries or with a refusal that says how to allow it.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import type { Outcome } from "./read-hostile.ts";

const refused = (why: string, limit: string, what = "layer") =>
  `The ${what} … is refused: ${why}, the limit "${limit.split(":")[0]}"; to allow that, set "${limit}" in layer-limits`;

const CASES: readonly [string, number | string, number][] = [
  [
    "ten million entries",
    refused("it has more than 3000000 files and folders", "entries: 6000000"),
    400e6,
  ],
  ["a million whiteouts of one folder", 1_000_000, 500e6],
  ["a folder that is hidden a million times", 1_000_000, 300e6],
  [
    "paths of 64 KB",
    refused("it has more than 3000000 files and folders", "entries: 6000000"),
    500e6,
  ],
  [
    "four gigabytes of zeros through zstd",
    refused("it unpacks to more than 2000 times its size", "ratio: 4000"),
    300e6,
  ],
  [
    "forty layers of a hundred thousand entries",
    refused("its layers have more than 3000000 files and folders", "entries: 6000000", "image"),
    400e6,
  ],
  ["a million owners", refused("its files have more than 65536 owners", "owners: 131072"), 300e6],
];

/** Milliseconds; a quiet machine needs ten seconds. */
const TIMEOUT = 300_000;

it.each(CASES)(
  "%s end in bounded memory",
  { timeout: TIMEOUT },
  async (name, result, mostBytes) => {
    const program = join(import.meta.dirname, "read-hostile.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [program, name]);
    const outcome: Outcome = JSON.parse(stdout);
    expect(outcome.result).toEqual(result);
    expect(outcome.peakBytes).toBeLessThan(mostBytes);
  },
);
