// What an image of a million files takes of memory.

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** Of which some 40 MB are those of a program that Node runs from its TypeScript. */
const MOST_BYTES = 325e6;

it("a million files are accounted for in a few bytes each", { timeout: 120_000 }, async () => {
  const program = join(import.meta.dirname, "many-files.ts");
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  const { live, duplicates, peakBytes } = JSON.parse(stdout);
  expect({ live, duplicates }).toEqual({ live: 5e9 + 2e6, duplicates: 1.8e6 });
  expect(peakBytes).toBeLessThan(MOST_BYTES);
});
