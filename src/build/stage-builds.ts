import type { Host } from "../host/host.ts";
import type { LayerLines, StageBuild } from "../model/build.ts";
import type { Plan, PlannedImage, Stage } from "../model/plan.ts";
import type { BakeTarget } from "./bake-file.ts";
import { withoutValues } from "./build-arguments.ts";
import { clippedReason } from "./failure-reason.ts";
import { skippedForNeeds } from "./failures.ts";
import { mergeLayerLines } from "./metadata.ts";
import type { StepTracker } from "./progress/step-tracker.ts";
import { sumOfSeconds } from "./progress/tracked-vertex.ts";
import type { TargetResult } from "./solves.ts";

/** What became of everything that was to be built. */
export type Results = ReadonlyMap<BakeTarget, TargetResult>;

/** What tells what became of stages, and what is not to be told. */
export interface BuildSources extends Pick<Host, "conceal"> {
  readonly tracker: StepTracker;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** What became of every stage of a plan, those that nobody wanted included. */
export function stageBuilds(
  { images }: Plan,
  results: Results,
  sources: BuildSources,
): ReadonlyMap<Stage, StageBuild> {
  const builds = new Map<Stage, StageBuild>();
  // A stage needs only such as stand before it.
  const inOrder = [...results].toSorted(([one], [other]) => one.stage.index - other.stage.index);
  for (const [{ image, stage }, result] of inOrder) {
    const isOfNeed = result.kind === "unbuilt" && result.isOfNeed;
    const skipped = isOfNeed ? skippedForNeeds(image, stage, builds) : undefined;
    builds.set(stage, skipped ?? stageBuild(image, stage, result, sources));
  }
  for (const stage of images.flatMap((image) => image.stages)) {
    if (builds.has(stage)) continue;
    const reason = stage.decision.kind === "skip" ? stage.decision.reason : "was not built";
    builds.set(stage, { kind: "skipped", reason });
  }
  return builds;
}

function stageBuild(
  image: PlannedImage,
  stage: Stage,
  result: TargetResult,
  { tracker, conceal, buildArgs }: BuildSources,
): StageBuild {
  const steps = tracker.stepsOf(image, stage);
  const seconds = sumOfSeconds(steps.map((step) => step.seconds));
  if (result.kind === "built") {
    const { digest, isSaved } = result.image;
    return { kind: "built", digest, ...(isSaved && { isSaved }), steps, seconds };
  }
  const { build } = result;
  const failed = steps.map((step) =>
    step.line === build.line ? ({ ...step, failed: true } as const) : step,
  );
  const output = build.output.map((line) => conceal(line));
  const concealed = { ...build, reason: conceal(build.reason), output, steps: failed, seconds };
  return { ...concealed, reason: clippedReason(withoutValues(image, concealed, buildArgs)) };
}

/** Which line made each layer, by the image's name. */
export function layerLinesOf({ images }: Plan, results: Results): ReadonlyMap<string, LayerLines> {
  const lines = new Map<string, LayerLines>();
  for (const { name } of images) {
    const maps = [...results].flatMap(([target, result]) =>
      target.image.name === name && result.kind === "built" ? [result.metadata.layerLines] : [],
    );
    lines.set(name, mergeLayerLines(maps));
  }
  return lines;
}
