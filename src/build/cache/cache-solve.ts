// A cache outside the builder, read and written in one solve of everything. Solves of several
// targets miss parts of an imported cache (moby/buildkit#4674), and when each exports to the same
// place the last one wins; one solve of a stage that needs all others does neither.

import { randomUUID } from "node:crypto";
import type { Host } from "../../host/host.ts";
import type { BuildInputs } from "../../model/inputs.ts";
import type { PlannedImage } from "../../model/plan.ts";
import { oneReason } from "../../one-line.ts";
import { type BakeHost, type BakeResult, bake } from "../bake.ts";
import type { BakeTarget } from "../bake-file.ts";
import { type DockerfilePaths, writeDockerfiles } from "../dockerfiles.ts";
import { StepTracker } from "../progress/step-tracker.ts";
import { ALL_STAGES, textOfAll } from "./all-stages.ts";
import type { Caches } from "./cache-places.ts";
import { type CacheFailure, type CachePatience, CacheWatch } from "./cache-watch.ts";

export interface CacheSolveRequest {
  readonly targets: readonly BakeTarget[];
  readonly inputs: BuildInputs;
  readonly caches: Caches;
  readonly builder: string | undefined;
  readonly patience?: CachePatience;
}

/** How a solve with a cache ended. */
export interface CacheSolve {
  readonly result: BakeResult;
  /** What was wrong with the cache, whatever became of the stages. */
  readonly failure?: CacheFailure;
}

/** What the caches need of the outside. */
export type CacheHost = BakeHost & Pick<Host, "workspace">;

/** One sentence for the report. */
export function cacheNote(
  { conceal }: Pick<Host, "conceal">,
  { what, message }: CacheFailure,
): string {
  const effect = what === "read" ? "what it may hold was built anew" : "the next run is slower";
  return `The build cache could not be ${what}, ${effect}: ${oneReason(conceal(message), 200)}`;
}

/**
 * Builds all stages of the targets with what a cache has of them. Afterwards the builder has it all
 * itself, to the last layer: nothing is fetched from the cache later on.
 */
export async function readCaches(
  host: CacheHost,
  request: CacheSolveRequest,
  tracker: StepTracker,
): Promise<CacheSolve> {
  const placesOf = (image: PlannedImage) => ({ from: request.caches.placesOf(image).from, to: [] });
  // A last step that is new in every run: found in the cache, it would need none of the stages.
  return await solveTogether(host, { ...request, tracker, placesOf, nonce: randomUUID() });
}

/** Writes all stages of the targets, of which the builder has every step, to a cache. */
export async function writeCaches(
  host: CacheHost,
  request: CacheSolveRequest,
): Promise<CacheFailure | undefined> {
  const { caches } = request;
  const folders = [...imagesOf(request.targets)].flatMap((image) => caches.foldersOf(image));
  for (const { written } of folders) await host.files.remove(written);
  const { result, failure } = await solveTogether(host, {
    ...request,
    inputs: { ...request.inputs, noCache: false, pull: false },
    tracker: new StepTracker(() => {}),
    placesOf: (image) => ({ from: [], to: caches.placesOf(image).to }),
    onlyWrites: true,
  });
  if (failure !== undefined) return failure;
  if (result.kind === "failed") return { what: "written", message: result.message };
  for (const { written, replaced } of folders) {
    await host.files.remove(replaced);
    await host.files.rename(written, replaced);
  }
  return undefined;
}

interface TogetherRequest extends CacheSolveRequest {
  readonly tracker: StepTracker;
  readonly placesOf: Caches["placesOf"];
  readonly nonce?: string;
  readonly onlyWrites?: boolean;
}

async function solveTogether(host: CacheHost, request: TogetherRequest): Promise<CacheSolve> {
  const { inputs, targets, builder, tracker, placesOf, patience, nonce } = request;
  const { onlyWrites = false } = request;
  const images = [...imagesOf(targets)];
  const together = images.map((image) => targetOfAll(image, targets));
  await using dockerfiles = await writeAllStages(host, images, targets, nonce);
  using watch = new CacheWatch(patience, { onlyWrites });
  const settings = {
    workspace: host.workspace,
    inputs,
    dockerfileOf: (image: PlannedImage) => dockerfiles.pathOf(image),
    outputOf: () => "type=cacheonly",
    placesOf,
  };
  const result = await bake(host, { targets: together, settings, builder, tracker, watch });
  const { failure } = watch;
  return { result, ...(failure === undefined ? {} : { failure }) };
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

async function writeAllStages(
  host: Pick<Host, "files" | "workspace">,
  images: readonly PlannedImage[],
  targets: readonly BakeTarget[],
  nonce: string | undefined,
): Promise<DockerfilePaths> {
  const generated = new Map(
    images.map((image) => {
      const stages = targets.filter((target) => target.image === image).map(({ stage }) => stage);
      return [image, { ...image, generatedText: textOfAll(image, stages, nonce) }];
    }),
  );
  const written = await writeDockerfiles(host, { images: [...generated.values()] });
  return {
    pathOf: (image) => written.pathOf(generated.get(image) ?? image),
    [Symbol.asyncDispose]: () => written[Symbol.asyncDispose](),
  };
}
