// A cache outside the builder, read and written in one solve of everything. Solves of several
// targets miss parts of an imported cache (moby/buildkit#4674), and when each exports to the same
// place the last one wins; one solve of a stage that needs all others does neither.

import type { Host } from "../host/host.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { Instruction, PlannedImage, Stage } from "../model/plan.ts";
import { bake } from "./bake.ts";
import type { BakeTarget } from "./bake-file.ts";
import { type DockerfilePaths, writeDockerfiles } from "./dockerfiles.ts";
import type { StepTracker } from "./step-tracker.ts";

/** Name of the generated stage; it stands last, so it hides any other of the same name. */
const ALL_STAGES = "weighbridge-all";

/** The targets whose steps a cache has, or is to have. */
export interface CacheSolveRequest {
  readonly targets: readonly BakeTarget[];
  readonly inputs: BuildInputs;
  readonly builder: string | undefined;
  readonly tracker: StepTracker;
}

/** How the one solve over all targets ended. */
export type CacheSolve =
  /** Every step is in the builder's own cache now. */
  | { readonly kind: "solved" }
  /** A stage or the cache failed: the stages have to be built without this. */
  | { readonly kind: "failed"; readonly message: string }
  /** The inputs name no cache. */
  | { readonly kind: "none" };

/** Builds all targets of each image in one solve with the caches that the inputs name. */
export async function solveWithCache(
  host: Pick<Host, "exec" | "files" | "env" | "workspace">,
  request: CacheSolveRequest,
): Promise<CacheSolve> {
  const { inputs, targets, builder, tracker } = request;
  if (inputs.cacheFrom.length + inputs.cacheTo.length === 0) return { kind: "none" };
  const images = [...new Set(targets.map((target) => target.image))];
  const together = images.map((image) => targetOfAll(image, targets));
  await using dockerfiles = await writeAllStages(host, images, targets);
  const settings = {
    workspace: host.workspace,
    inputs,
    dockerfileOf: (image: PlannedImage) => dockerfiles.pathOf(image),
    outputOf: () => "type=cacheonly",
    exportsCache: true,
  };
  const result = await bake(host, { targets: together, settings, builder, tracker });
  return result.kind === "built" ? { kind: "solved" } : result;
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
): Promise<DockerfilePaths> {
  const generated = new Map(
    images.map((image) => [image, { ...image, generatedText: textOfAll(image, targets) }]),
  );
  const written = await writeDockerfiles(host, { images: [...generated.values()] });
  return {
    pathOf: (image) => written.pathOf(generated.get(image) ?? image),
    [Symbol.asyncDispose]: () => written[Symbol.asyncDispose](),
  };
}

/**
 * The Dockerfile with one more stage, which needs every other. Mounting needs a stage's last layer
 * itself, so that a cache gets it; copying needs only a part of its content, and is what is left
 * where no stage has a shell or a stage has no name.
 */
function textOfAll(image: PlannedImage, targets: readonly BakeTarget[]): string {
  const needed = targets.filter((target) => target.image === image).map(({ stage }) => stage);
  const shell = image.stages.find(hasShell);
  const mounted = shell === undefined ? [] : needed.filter((stage) => nameOf(stage) !== "");
  const copied = needed.filter((stage) => !mounted.includes(stage));
  const mounts = mounted.map(
    (stage) => `--mount=from=${nameOf(stage)},target=/.weighbridge/${stage.index}`,
  );
  return [
    image.generatedText ?? image.text,
    `FROM ${shell === undefined ? "scratch" : nameOf(shell)} AS ${ALL_STAGES}`,
    ...(mounts.length === 0 ? [] : [`RUN ${mounts.join(" ")} true`]),
    ...copied.map(({ index }) => `COPY --from=${index} /.weighbridge-none-* /`),
    "",
  ].join("\n");
}

/** How other stages call it; empty where they cannot. */
function nameOf({ decision }: Stage): string {
  return decision.kind === "build" ? decision.target : "";
}

/** Whether a stage that has a name ran something in its shell. */
function hasShell(stage: Stage): boolean {
  const isInShell = ({ keyword, text }: Instruction): boolean =>
    keyword === "RUN" && !text.includes("[");
  return nameOf(stage) !== "" && stage.instructions.some(isInShell);
}
