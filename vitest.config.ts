import { defineConfig } from "vitest/config";
import {
  ALONE,
  APART,
  EVERY_INTEGRATION_TEST,
  LongestFirst,
  ON_EVERY_ENGINE,
  PAIRED,
} from "./scripts/tests/schedule.ts";

const INTEGRATION = { testTimeout: 300_000, hookTimeout: 900_000 };

/** For two cores: two files build while a third one waits, for an engine or a network. */
const THREE_AT_ONCE = { ...INTEGRATION, maxWorkers: 3, sequence: { groupOrder: 1 } };
const AS_A_PAIR = { ...INTEGRATION, maxWorkers: 2, sequence: { groupOrder: 2 } };
const ENGINES_APART = { ...INTEGRATION, maxWorkers: 2, sequence: { groupOrder: 3 } };
const ONE_AT_A_TIME = { ...INTEGRATION, maxWorkers: 1, sequence: { groupOrder: 4 } };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          maxWorkers: 2,
          // None takes a second on a quiet machine; the lab may be compiling beside them.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: [EVERY_INTEGRATION_TEST],
          exclude: [...ALONE, ...APART, ...PAIRED],
          ...THREE_AT_ONCE,
        },
      },
      ...["graph", "builder"].map((engine) => ({
        test: {
          name: `integration-${engine}`,
          include: [...ON_EVERY_ENGINE],
          env: { WEIGHBRIDGE_ENGINE: engine },
          ...THREE_AT_ONCE,
        },
      })),
      { test: { name: "integration-paired", include: [...PAIRED], ...AS_A_PAIR } },
      { test: { name: "integration-apart", include: [...APART], ...ENGINES_APART } },
      { test: { name: "integration-alone", include: [...ALONE], ...ONE_AT_A_TIME } },
    ],
  },
});
