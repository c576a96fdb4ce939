// How the targets of a build are solved: all in one solve, or with a cache to read each in one of its
// own; where a stage fails and takes the others with it, what is left is solved once more.

import type { Host } from "../host/host.ts";
import type { StageBuild } from "../model/build.ts";
import type { BuildInputs } from "../model/inputs.ts";
import { type BakeHost, type BakeResult, bake } from "./bake.ts";
import type { BakeSettings, BakeTarget } from "./bake-file.ts";
import { type CacheFailure, type CachePatience, CacheWatch } from "./cache-watch.ts";
import type { DeliveredImage, Delivery } from "./delivery.ts";
import { failureBehind, refuseUnparsable, unbuilt } from "./failures.ts";
import { inParallel } from "./in-parallel.ts";
import type { TargetMetadata } from "./metadata.ts";
import type { FailedVertex, StepTracker } from "./step-tracker.ts";

/** Solves of their own that run at the same time. */
const PARALLEL_SOLVES = 4;

/** What became of one target. */
export type TargetResult =
  | {
      readonly kind: "built";
      readonly metadata: TargetMetadata;
      readonly image: DeliveredImage;
    }
  | { readonly kind: "unbuilt"; readonly build: StageBuild };

/** What became of all targets, unless the builder cannot reach us. */
export type SolveResult = ReadonlyMap<BakeTarget, TargetResult> | "unreachable";

/** What all solves of a build share. */
export interface SolveRequest {
  readonly targets: readonly BakeTarget[];
  readonly builder: string | undefined;
  readonly tracker: StepTracker;
  /** With places of caches, those are read. */
  readonly settings: BakeSettings;
  readonly delivery: Delivery;
  readonly patience?: CachePatience | undefined;
  /** Called for every image that is in the layout. */
  readonly onBuilt: (target: BakeTarget, digest: string) => void;
  /** Called for every failure of a cache, which is none of the build. */
  readonly onCacheFailure: (failure: CacheFailure) => void;
}

type SolveHost = BakeHost & Pick<Host, "log">;
type FailedBake = Extract<BakeResult, { kind: "failed" }>;

/**
 * Solves all targets. A solve of several misses parts of an imported cache, and has to fetch what it
 * finds of the others: where one is read, each target has a solve of its own.
 * https://github.com/moby/buildkit/issues/4674
 * @throws UserError when BuildKit cannot parse a Dockerfile
 * @throws ToolError when buildx was stopped, or the engine does not do its work
 */
export async function solveAll(host: SolveHost, request: SolveRequest): Promise<SolveResult> {
  const solving = new Solving(host, request);
  const { inputs, placesOf } = request.settings;
  if (placesOf !== undefined) return await solveApart(solving, request.targets, inputs);
  const first = await solving.bake(request.targets);
  refuseUnparsable(first, request.targets);
  if (first.kind === "built") return await solving.collect(request.targets, first);
  if (inputs.noCache) return await solveInRounds(solving, request.targets, first);
  if (solving.isUnreachable(first, solving.failures())) return "unreachable";
  // What the base images are now, the solve that failed has asked; what it had finished is kept.
  return await solveApart(solving, request.targets, { ...inputs, pull: false });
}

/** Gives each target a solve of its own, where none can take another with it. */
async function solveApart(
  solving: Solving,
  targets: readonly BakeTarget[],
  inputs: BuildInputs,
): Promise<SolveResult> {
  const solved = await inParallel(PARALLEL_SOLVES, targets, async (target) => {
    // What has failed is not run again for whoever else needs it.
    const failure = failureBehind(target, solving.failures());
    return failure === undefined
      ? await solving.solveAlone(target, inputs)
      : unbuiltResult(target, failure, failure.error);
  });
  const results = new Map<BakeTarget, TargetResult>();
  for (const [at, target] of targets.entries()) {
    const result = solved[at];
    if (result === "unreachable" || result === undefined) return "unreachable";
    results.set(target, result);
  }
  return results;
}

/**
 * Solves what is left together, until none fails: where no cache is to be used, solves of their own
 * would each do all steps anew, and the images of two stages would not share what they have in
 * common.
 */
async function solveInRounds(
  solving: Solving,
  targets: readonly BakeTarget[],
  first: FailedBake,
): Promise<SolveResult> {
  const results = new Map<BakeTarget, TargetResult>();
  let [open, result]: [readonly BakeTarget[], BakeResult] = [targets, first];
  while (result.kind === "failed" && open.length > 0) {
    const { message } = result;
    const failures = solving.failures();
    if (solving.isUnreachable(result, failures)) return "unreachable";
    const behind = (target: BakeTarget) => failureBehind(target, failures);
    const doomed = open.filter((target) => behind(target) !== undefined);
    // Nobody is to blame: once more would not be better.
    const lost = doomed.length === 0 ? open : doomed;
    for (const target of lost) results.set(target, unbuiltResult(target, behind(target), message));
    open = open.filter((target) => !lost.includes(target));
    if (open.length > 0) result = await solving.bake(open);
  }
  if (result.kind === "failed") return results;
  return new Map([...results, ...(await solving.collect(open, result))]);
}

class Solving {
  readonly #host: SolveHost;
  readonly #request: SolveRequest;
  /** A cache that did not answer once is not waited for again. */
  #isCacheGivenUp = false;

  constructor(host: SolveHost, request: SolveRequest) {
    this.#host = host;
    this.#request = request;
  }

  failures(): readonly FailedVertex[] {
    return this.#request.tracker.failures();
  }

  async bake(
    targets: readonly BakeTarget[],
    overrides: Partial<BakeSettings> = {},
  ): Promise<BakeResult> {
    const { builder, tracker, delivery, patience, onCacheFailure } = this.#request;
    const outputOf = (target: BakeTarget) => delivery.outputOf(target);
    const settings = { ...this.#request.settings, outputOf, ...overrides };
    if (settings.placesOf === undefined) {
      return await bake(this.#host, { builder, tracker, targets, settings });
    }
    using watch = new CacheWatch(patience);
    const result = await bake(this.#host, { builder, tracker, targets, settings, watch });
    if (watch.signal.aborted) this.#isCacheGivenUp = true;
    if (watch.failure !== undefined) onCacheFailure(watch.failure);
    return result;
  }

  isUnreachable(result: FailedBake, failures: readonly FailedVertex[]): boolean {
    const errors = [result.message, ...failures.map(({ error }) => error)];
    return errors.some((error) => this.#request.delivery.isUnreachable(error));
  }

  async solveAlone(target: BakeTarget, inputs: BuildInputs): Promise<TargetResult | "unreachable"> {
    const readsCache = this.#request.settings.placesOf !== undefined && !this.#isCacheGivenUp;
    let result = await this.bake([target], { inputs, ...(!readsCache && WITHOUT_CACHE) });
    const isStep = failureBehind(target, this.failures()) !== undefined;
    if (result.kind === "failed" && readsCache && !isStep) {
      refuseUnparsable(result, [target]);
      // No step is to blame, so it may have been the cache.
      result = await this.bake([target], { inputs, ...WITHOUT_CACHE });
    }
    if (result.kind === "failed") {
      refuseUnparsable(result, [target]);
      if (this.isUnreachable(result, [])) return "unreachable";
      return unbuiltResult(target, failureBehind(target, this.failures()), result.message);
    }
    return (await this.collect([target], result)).get(target) ?? notNamed(target);
  }

  async collect(
    targets: readonly BakeTarget[],
    { metadata: ofAll }: Extract<BakeResult, { kind: "built" }>,
  ): Promise<ReadonlyMap<BakeTarget, TargetResult>> {
    const { delivery, onBuilt } = this.#request;
    const named = targets.flatMap((target) => {
      const metadata = ofAll.get(target.id);
      return metadata === undefined ? [] : [{ target, metadata }];
    });
    const images = await delivery.collect(
      named.map(({ target, metadata: { digest } }) => ({ target, digest })),
    );
    const results = new Map<BakeTarget, TargetResult>();
    for (const [at, { target, metadata }] of named.entries()) {
      const { [at]: image } = images;
      if (image === undefined) continue;
      onBuilt(target, image.digest);
      results.set(target, { kind: "built", metadata, image });
    }
    return new Map(targets.map((target) => [target, results.get(target) ?? notNamed(target)]));
  }
}

const WITHOUT_CACHE = { placesOf: undefined };

function unbuiltResult(
  target: BakeTarget,
  failure: FailedVertex | undefined,
  message: string,
): TargetResult {
  return { kind: "unbuilt", build: unbuilt(target, failure, message) };
}

function notNamed(target: BakeTarget): TargetResult {
  return unbuiltResult(target, undefined, "buildx named no digest for it");
}
