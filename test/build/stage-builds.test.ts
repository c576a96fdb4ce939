import { expect, it } from "vitest";
import { bakeTargets } from "../../src/build/bake-file.ts";
import { StepTracker } from "../../src/build/progress/step-tracker.ts";
import { stageBuilds } from "../../src/build/stage-builds.ts";
import type { StageBuild } from "../../src/model/build.ts";
import { makePlannedImage, makeStage } from "../make.ts";

const image = makePlannedImage({
  stages: [
    makeStage({ name: "base" }),
    makeStage({ name: "two", index: 1 }),
    makeStage({ name: "five", index: 2, needs: [0] }),
    makeStage({ name: "six", index: 3, needs: [1, 2] }),
  ],
});
const failed: StageBuild = { kind: "failed", reason: "no", output: [], seconds: 0, steps: [] };
const skipped: StageBuild = {
  kind: "skipped",
  reason: "needs base, which failed",
  failedNeeds: ["base"],
};

it("a stage that was skipped names all that it needs and that failed, whichever failed first", () => {
  const builds = [failed, failed, skipped, skipped];
  const targets = bakeTargets([image]);
  const results = new Map(
    targets.map(
      (target, at) => [target, { kind: "unbuilt", build: builds[at] ?? failed }] as const,
    ),
  );
  const host = { conceal: (text: string) => text };
  const became = stageBuilds({ images: [image] }, results, new StepTracker(() => {}), host);
  expect([...became.values()].slice(2)).toEqual([
    skipped,
    {
      kind: "skipped",
      reason: "needs base and two, which failed",
      failedNeeds: ["base", "two"],
    },
  ]);
});
