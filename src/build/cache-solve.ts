// A cache outside the builder, written in one solve of a whole Dockerfile: when several stages export
// to the same place the last one wins; a stage that needs all others does not have that flaw.

import { randomUUID } from "node:crypto";
import type { Host } from "../host/host.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { PlannedImage } from "../model/plan.ts";
import { oneLine } from "../one-line.ts";
import { ALL_STAGES, textOfAll } from "./all-stages.ts";
import { type BakeHost, bake } from "./bake.ts";
import type { BakeTarget } from "./bake-file.ts";
import type { Caches } from "./cache-places.ts";
import { type CacheFailure, type CachePatience, CacheWatch } from "./cache-watch.ts";
import { type DockerfilePaths, writeDockerfiles } from "./dockerfiles.ts";
import { StepTracker } from "./step-tracker.ts";

export interface CacheSolveRequest {
  readonly targets: readonly BakeTarget[];
  readonly inputs: BuildInputs;
  readonly caches: Caches;
  /** Whether the stages were built with what the caches have. */
  readonly wasRead: boolean;
  readonly builder: string | undefined;
  readonly patience?: CachePatience | undefined;
}

/** What the caches need of the outside. */
export type CacheHost = BakeHost & Pick<Host, "workspace">;

/** One sentence for the report. */
export function cacheNote(
  { conceal }: Pick<Host, "conceal">,
  { what, message }: CacheFailure,
): string {
  const effect = what === "read" ? "what it may hold was built anew" : "the next run is slower";
  return `The build cache could not be ${what}, ${effect}: ${oneLine(conceal(message), 200)}`;
}

/**
 * Writes all stages of the targets to a cache. What the builder took from the cache without fetching
 * it, it finds there again; what it has done itself it has.
 */
export async function writeCaches(
  host: CacheHost,
  request: CacheSolveRequest,
): Promise<CacheFailure | undefined> {
  // One after another: a solve of several misses parts of what it imports (moby/buildkit#4674).
  for (const image of imagesOf(request.targets)) {
    const failure = await writeCache(host, image, request);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

async function writeCache(
  host: CacheHost,
  image: PlannedImage,
  request: CacheSolveRequest,
): Promise<CacheFailure | undefined> {
  const folders = request.caches.foldersOf(image);
  for (const { written } of folders) await host.files.remove(written);
  const failure = await solveTogether(host, image, request);
  if (failure !== undefined) return failure;
  for (const { written, replaced } of folders) {
    await host.files.remove(replaced);
    await host.files.rename(written, replaced);
  }
  return undefined;
}

async function solveTogether(
  host: CacheHost,
  image: PlannedImage,
  { inputs, targets, caches, wasRead, builder, patience }: CacheSolveRequest,
): Promise<CacheFailure | undefined> {
  const target = targetOfAll(image, targets);
  await using dockerfiles = await writeAllStages(host, image, targets);
  using watch = new CacheWatch(patience);
  const { from, to } = caches.placesOf(image);
  const settings = {
    workspace: host.workspace,
    inputs: { ...inputs, noCache: false, pull: false },
    dockerfileOf: (planned: PlannedImage) => dockerfiles.pathOf(planned),
    outputOf: () => "type=cacheonly",
    placesOf: () => ({ from: wasRead ? from : [], to }),
  };
  const tracker = new StepTracker(() => {});
  const result = await bake(host, { targets: [target], settings, builder, tracker, watch });
  if (watch.failure !== undefined) return watch.failure;
  return result.kind === "failed" ? { what: "written", message: result.message } : undefined;
}

function imagesOf(targets: readonly BakeTarget[]): ReadonlySet<PlannedImage> {
  return new Set(targets.map((target) => target.image));
}

/** Stands for all targets of an image. */
function targetOfAll(image: PlannedImage, targets: readonly BakeTarget[]): BakeTarget {
  const first = targets.find((target) => target.image === image);
  if (first === undefined) throw new Error(`no target of ${image.name}`);
  const stage = { ...first.stage, decision: { kind: "build", target: ALL_STAGES } as const };
  return { ...first, stage };
}

/** With a last step that is new in every run: found in the cache, it would need none of the stages. */
async function writeAllStages(
  host: Pick<Host, "files" | "workspace">,
  image: PlannedImage,
  targets: readonly BakeTarget[],
): Promise<DockerfilePaths> {
  const stages = targets.filter((target) => target.image === image).map(({ stage }) => stage);
  const generated = { ...image, generatedText: textOfAll(image, stages, randomUUID()) };
  const written = await writeDockerfiles(host, { images: [generated] });
  return {
    pathOf: () => written.pathOf(generated),
    [Symbol.asyncDispose]: () => written[Symbol.asyncDispose](),
  };
}
