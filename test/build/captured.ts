// What buildx really printed, and the plan of the Dockerfile that it printed it for.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BakeTarget, bakeTargets } from "../../src/build/bake-file.ts";
import { parseProgress } from "../../src/build/progress/progress.ts";
import { type StepEvent, StepTracker } from "../../src/build/progress/step-tracker.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import type { PlannedImage } from "../../src/model/plan.ts";
import { planBuilds } from "../../src/plan/plan.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "buildx");

export function captured(file: string): string {
  return readFileSync(join(folder, file), "utf8");
}

/** The one image of a fixture's Dockerfile. */
export async function plannedFixture(dockerfile: string): Promise<PlannedImage> {
  using host = createLocalHost({ workspace: folder });
  const inputs = {
    images: [{ name: "app", file: dockerfile, context: ".", where: "test" }],
    targets: [],
    goals: [],
    build: emptyBuildInputs,
  };
  const { plan, problems } = await planBuilds(host, inputs, { platform: "linux/amd64" });
  const image = plan.images[0];
  if (image === undefined || problems.length > 0) throw new Error(JSON.stringify(problems));
  return image;
}

export const emptyBuildInputs = {
  buildArgs: {},
  buildContexts: {},
  secrets: [],
  ssh: [],
  cacheFrom: [],
  cacheTo: [],
  noCache: false,
  pull: false,
};

/** A tracker that has followed a captured solve. */
export function followed(
  file: string,
  image: PlannedImage,
): { tracker: StepTracker; events: readonly StepEvent[] } {
  const events: StepEvent[] = [];
  const tracker = new StepTracker((event) => events.push(event));
  const targets: readonly BakeTarget[] = bakeTargets([image]);
  const solve = { targets };
  for (const line of captured(file).split("\n")) {
    const progress = parseProgress(line);
    if (progress !== undefined) tracker.follow(progress, solve);
  }
  tracker.end(solve, true);
  return { tracker, events };
}

/** The stage of that name. */
export function stageOf(image: PlannedImage, name: string) {
  const stage = image.stages.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`no stage ${name}`);
  return stage;
}
