// Which integration tests run beside each other, and in which order.

import { relative } from "node:path";
import { BaseSequencer, type TestSpecification } from "vitest/node";

export const EVERY_INTEGRATION_TEST = "test/**/*.itg.ts";

/** Scenarios that are tried on each engine, beside those that name their engines themselves. */
export const ON_EVERY_ENGINE = [
  "test/scenarios/alerts.itg.ts",
  "test/scenarios/bad-input.itg.ts",
  "test/scenarios/checks.itg.ts",
  "test/scenarios/command-line.itg.ts",
  "test/scenarios/events.itg.ts",
  "test/scenarios/failing-step.itg.ts",
  "test/scenarios/faults.itg.ts",
  "test/scenarios/github.itg.ts",
  "test/scenarios/goals.itg.ts",
  "test/scenarios/hostile.itg.ts",
  "test/scenarios/log.itg.ts",
  "test/scenarios/permissions.itg.ts",
  "test/scenarios/secrets.itg.ts",
  "test/scenarios/tools.itg.ts",
] as const;

/** What can have nothing beside it that builds, or that takes the processor. */
export const ALONE = [
  // Looks for what is left in an engine that saves images.
  "test/build/build.itg.ts",
  // Has an engine's builder wait for a cache, and with it whatever else builds there.
  "test/build/cache.itg.ts",
  // Gives a service a second to answer.
  "test/host/remote-cache.itg.ts",
  // Stops runs at certain moments, and looks for all that is left of them on an engine.
  "test/scenarios/cancel.itg.ts",
] as const;

/** What has an engine to itself, and what is long and needs the other engine alone. */
export const APART = [
  // Looks for all that is left of builders, on the engine with the older store.
  "test/scenarios/own-builder.itg.ts",
  // On the engine with containerd's.
  "test/inspect/advice-caches.itg.ts",
  "test/inspect/packages.itg.ts",
] as const;

/** What goes well with each other, and with nothing else. */
export const PAIRED = [
  // Measures time and memory, and has no need of an engine.
  "test/inspect/hostile-layers.itg.ts",
  // Hardly needs the processor, and has whatever else is built on an engine wait.
  "test/scenarios/refusing-cache.itg.ts",
] as const;

/** What takes longest, so that it does not begin when all else is done. */
export const LONGEST: readonly string[] = [
  "test/scenarios/examples.itg.ts",
  "test/scenarios/cache.itg.ts",
  "test/scenarios/faults.itg.ts",
  "test/scenarios/tools.itg.ts",
  "test/inspect/advice.itg.ts",
  "test/scenarios/workflows.itg.ts",
];

/** Begins with what takes longest, and goes on as vitest itself would. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => this.#rank(one) - this.#rank(other));
  }

  #rank({ moduleId }: TestSpecification): number {
    const path = relative(this.ctx.config.root, moduleId);
    const at = LONGEST.indexOf(path);
    return at < 0 ? LONGEST.length : at;
  }
}
