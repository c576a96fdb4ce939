import { defineConfig } from "vitest/config";

/** One engine, two cores: scenarios run one after another. */
const INTEGRATION = { fileParallelism: false, testTimeout: 300_000, hookTimeout: 900_000 };

/** What depends on how an engine builds, beside what names its engines itself. */
const ON_EVERY_ENGINE = "test/scenarios/{alerts,checks,command-line,hostile}.itg.ts";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          // None takes a second on a quiet machine; the lab may be compiling beside them.
          testTimeout: 60_000,
        },
      },
      {
        test: { name: "integration", include: ["test/**/*.itg.ts"], ...INTEGRATION },
      },
      ...["graph", "builder"].map((engine) => ({
        test: {
          name: `integration-${engine}`,
          include: [ON_EVERY_ENGINE],
          env: { WEIGHBRIDGE_ENGINE: engine },
          ...INTEGRATION,
        },
      })),
    ],
  },
});
