import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ALONE, APART, LONGEST, ON_EVERY_ENGINE, PAIRED } from "../scripts/tests/schedule.ts";

const root = join(import.meta.dirname, "..");

it("names integration tests that there are", () => {
  const missing = [...ALONE, ...APART, ...PAIRED, ...LONGEST, ...ON_EVERY_ENGINE].filter(
    (name) => !existsSync(join(root, name)),
  );
  expect(missing).toEqual([]);
});

it("has nothing beside others on some engine that has to run alone", () => {
  const alone = new Set<string>([...ALONE, ...APART, ...PAIRED]);
  expect(ON_EVERY_ENGINE.filter((name) => alone.has(name))).toEqual([]);
});
