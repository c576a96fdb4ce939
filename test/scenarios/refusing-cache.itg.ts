// GitHub's cache where it refuses all that is asked, or says nothing at all. While BuildKit asks again,
// all that has a step in common waits with it.

import { describe, expect, it } from "vitest";
import { startCacheService } from "../../scripts/lab/cache/service.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { BASE, BUILD_ALONE, CHANGE, project } from "./cached-project.ts";
import { stagesOf } from "./reading.ts";
import { Scenario } from "./scenario.ts";

const { blobs } = await labParts(["blobs"]);

/** A run, where GitHub's cache answers everything with this. */
async function expectToBeDoneWithout(status: 403 | 429 | 500): Promise<void> {
  await using scenario = await Scenario.start({ files: project() });
  await using refusing = await startCacheService(blobs);
  refusing.misbehave({ fault: { kind: "status", retryAfter: 3600, status } });
  const env = refusing.variables([CHANGE, BASE]);
  const step = await scenario.run({ env, inputs: { ...BUILD_ALONE, cache: "gha" } });
  expect(step.exitCode, step.log).toBe(0);
  expect(stagesOf(step).map(({ status }) => status)).toEqual(Array(5).fill("built"));
  expect(step.report?.notes.join("\n")).toMatch(/could not be read, .*\n.*could not be written, /);
}

describe("a cache that does not do its work", () => {
  // Most of the time is waiting to ask again, so all of them wait together.
  it.concurrent("and answers 403, 429 or 500 fails no run, and the report says so", async () => {
    await Promise.all(([403, 429, 500] as const).map(expectToBeDoneWithout));
  });

  it.concurrent("and says nothing holds up neither the run nor, when that is done, its process", async () => {
    await using scenario = await Scenario.start({ files: project() });
    await using silent = await startCacheService(blobs);
    silent.misbehave({ fault: { kind: "stall" } });
    const env = silent.variables([CHANGE, BASE]);
    const start = performance.now();
    const step = await scenario.run({ env, inputs: { ...BUILD_ALONE, cache: "gha" } });
    expect(step.exitCode, step.log).toBe(0);
    expect(stagesOf(step).map(({ status }) => status)).toEqual(Array(5).fill("built"));
    // Its question is given up after 20 seconds; by itself the request would last for 60.
    expect(performance.now() - start).toBeLessThan(60_000);
  });
});
