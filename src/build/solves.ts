// How the targets of a build are solved: all in one solve; where a stage fails and takes the others
// with it, what is left is solved once more.

import type { Host } from "../host/host.ts";
import type { BuildInputs } from "../model/inputs.ts";
import { type BakeHost, type BakeResult, bake, type FailedBake } from "./bake.ts";
import type { BakeSettings, BakeTarget } from "./bake-file.ts";
import type { CacheFailure, CachePatience, SolveWatch } from "./cache/cache-watch.ts";
import { FoundWatch } from "./cache/found-watch.ts";
import { type SolveCaches, watchedBake } from "./cache/watched-bake.ts";
import type { DeliveredImage, Delivery } from "./delivery/delivery.ts";
import {
  failureBehind,
  isRace,
  refusedInstruction,
  refuseUnparsable,
  type Unbuilt,
  unbuilt,
} from "./failures.ts";
import { inParallel } from "./in-parallel.ts";
import type { TargetMetadata } from "./metadata.ts";
import type { FailedVertex, StepTracker } from "./progress/step-tracker.ts";

/** Solves of their own that run at the same time. */
const PARALLEL_SOLVES = 4;

/** What became of one target. */
export type TargetResult =
  | {
      readonly kind: "built";
      readonly metadata: TargetMetadata;
      readonly image: DeliveredImage;
    }
  | ({ readonly kind: "unbuilt" } & Unbuilt);

/** What became of all targets, unless the builder cannot reach us. */
export type SolveResult = ReadonlyMap<BakeTarget, TargetResult> | "unreachable";

/** What all solves of a build share. */
export interface SolveRequest {
  readonly targets: readonly BakeTarget[];
  readonly builder: string | undefined;
  readonly tracker: StepTracker;
  readonly settings: BakeSettings;
  readonly delivery: Delivery;
  readonly caches: SolveCaches;
  /** Called for every image that is in the layout. */
  readonly onBuilt: (target: BakeTarget, digest: string) => void;
}

type SolveHost = BakeHost & Pick<Host, "log">;

/**
 * Solves all targets.
 * @param begun a solve of all of them that has failed already: it is not done again
 * @throws UserError when BuildKit cannot parse a Dockerfile
 * @throws ToolError when buildx was stopped, or the engine does not do its work
 */
export async function solveAll(
  host: SolveHost,
  request: SolveRequest,
  begun?: FailedBake,
): Promise<SolveResult> {
  const solving = new Solving(host, request);
  const first = begun ?? (await solving.bake(request.targets));
  refuseUnparsable(first, request.targets);
  if (first.kind === "built") return await solving.collect(request.targets, first);
  return request.settings.inputs.noCache
    ? await solveInRounds(solving, request.targets, first)
    : await solveApart(solving, request.targets, first);
}

/** What came of solves that only took what a cache has. */
export interface FoundSolve {
  /** Undefined where anything was missing. */
  readonly results?: ReadonlyMap<BakeTarget, TargetResult>;
  /** Where the first solve had nothing of the cache, or it was given up. */
  readonly failure?: CacheFailure;
}

/**
 * Solves targets one after another, each with the caches of the settings, as long as these have every
 * step. So no layer is unpacked, and each is only fetched to be delivered. One after another because
 * solves at the same time miss parts of a cache: https://github.com/moby/buildkit/issues/4674
 */
export async function solveFound(
  host: SolveHost,
  request: SolveRequest,
  patience: CachePatience | undefined,
): Promise<FoundSolve> {
  const solving = new Solving(host, request);
  const results = new Map<BakeTarget, TargetResult>();
  const ofRegistry = new Set<string>();
  for (const target of request.targets) {
    using watch = new FoundWatch(patience, () => request.delivery.heardAt(), ofRegistry);
    const result = await solving.bake([target], {}, watch);
    if (result.kind === "failed") {
      const { failure } = watch;
      const isTold = results.size === 0 || failure?.blocks === true;
      return failure !== undefined && isTold ? { failure } : {};
    }
    for (const [solved, its] of await solving.collect([target], result)) results.set(solved, its);
    for (const base of watch.basesOfRegistry) ofRegistry.add(base);
  }
  return { results };
}

/**
 * Gives each target that the failed solve took with it a solve of its own, where none can take
 * another with it. What that solve had finished is in the cache.
 */
async function solveApart(
  solving: Solving,
  targets: readonly BakeTarget[],
  first: FailedBake,
): Promise<SolveResult> {
  const failures = solving.failures();
  if (solving.isUnreachable(first, failures)) return "unreachable";
  const solved = await inParallel(PARALLEL_SOLVES, targets, async (target) => {
    const failure = failureBehind(target, failures);
    return failure === undefined
      ? await solving.solveAlone(target)
      : unbuiltResult(target, failure, first.message);
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
    const all = [...failures, ...refusedInstruction(result, open)];
    const behind = (target: BakeTarget) => failureBehind(target, all);
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
    own?: SolveWatch,
  ): Promise<BakeResult> {
    const { builder, tracker, delivery, caches } = this.#request;
    const outputOf = (target: BakeTarget) => delivery.outputOf(target);
    const settings = { ...this.#request.settings, outputOf, ...overrides };
    const request = { builder, tracker, targets, settings };
    if (own !== undefined) return await bake(this.#host, { ...request, watch: own });
    return await watchedBake(this.#host, request, caches, () => delivery.heardAt());
  }

  isUnreachable(result: FailedBake, failures: readonly FailedVertex[]): boolean {
    const errors = [result.message, ...failures.map(({ error }) => error)];
    return errors.some((error) => this.#request.delivery.isUnreachable(error));
  }

  /** What it needs of the base was asked for in the solve before. */
  async solveAlone(target: BakeTarget): Promise<TargetResult | "unreachable"> {
    const { settings } = this.#request;
    const inputs: BuildInputs = { ...settings.inputs, pull: false };
    let result = await this.bake([target], { inputs });
    const failure = failureBehind(target, this.failures());
    const raced = failure !== undefined && isRace(failure) ? failure : undefined;
    if (result.kind === "failed" && raced !== undefined) {
      // What a solve that was cancelled has left is gone by then.
      result = await this.bake([target], { inputs });
    } else if (
      result.kind === "failed" &&
      failure === undefined &&
      settings.placesOf !== undefined
    ) {
      // No step is to blame, so it may have been the cache.
      result = await this.bake([target], { inputs, placesOf: () => ({ from: [], to: [] }) });
    }
    if (result.kind === "failed") {
      if (this.isUnreachable(result, [])) return "unreachable";
      const since = this.failures().filter(({ error }) => error !== raced?.error);
      const failures = [...since, ...refusedInstruction(result, [target])];
      return unbuiltResult(target, failureBehind(target, failures) ?? raced, result.message);
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

function unbuiltResult(
  target: BakeTarget,
  failure: FailedVertex | undefined,
  message: string,
): TargetResult {
  return { kind: "unbuilt", ...unbuilt(target, failure, message) };
}

function notNamed(target: BakeTarget): TargetResult {
  return unbuiltResult(target, undefined, "buildx named no digest for it");
}
