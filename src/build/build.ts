// Builds every wanted stage: a plan comes in; images in the layout, timings and the lines of each
// layer go out. A stage that fails is a value. Nothing is weighed or judged here.

import { messageOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import type { LayerLines, StageBuild } from "../model/build.ts";
import type { Finding } from "../model/finding.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { Plan, PlannedImage, Stage } from "../model/plan.ts";
import type { Layout } from "../state/layout.ts";
import { Announcements, type OnImage } from "./announcements.ts";
import type { BakeResult } from "./bake.ts";
import { type BakeSettings, type BakeTarget, bakeTargets } from "./bake-file.ts";
import { type BuildLog, buildLog } from "./build-log.ts";
import type { Builder } from "./builder.ts";
import type { Caches } from "./cache-places.ts";
import { type CacheHost, cacheNote, readCaches, writeCaches } from "./cache-solve.ts";
import type { CacheFailure, CachePatience } from "./cache-watch.ts";
import { type DeliveryRequest, openExportDelivery, openPushDelivery } from "./delivery.ts";
import { type DockerfilePaths, writeDockerfiles } from "./dockerfiles.ts";
import { mergeLayerLines } from "./metadata.ts";
import { openSaveDelivery, savedNote } from "./save-delivery.ts";
import {
  type FoundSolve,
  type SolveRequest,
  type SolveResult,
  solveAll,
  solveFound,
  type TargetResult,
} from "./solves.ts";
import { StepTracker } from "./step-tracker.ts";
import { StuckWatch } from "./stuck-watch.ts";

/** For a solve that comes after one which did all of its steps. */
const ALL_IS_BUILT = { noCache: false, pull: false };

/** Why images are saved where that is found out in the middle: by then the engine has them all. */
const CUT_OFF = "the builder cannot reach this machine's loopback";

/** Stages that are solved one after another: each of these solves asks the cache anew. */
const MOST_FOUND = 16;

/** What is built, with what, and where the images go. */
export interface BuildRequest {
  readonly plan: Plan;
  readonly inputs: BuildInputs;
  readonly builder: Builder;
  /** Whether it has never built anything: what it need not run it then has from the caches. */
  readonly isBuilderNew: boolean;
  readonly caches: Caches;
  readonly layout: Layout;
  /**
   * Called as soon as a stage's image is whole in the layout and listed by its `index.json`; called
   * again in the rare case that the stage was built once more and came out different.
   */
  readonly onImage: OnImage;
  readonly patience?: CachePatience;
  /** Starts the builder anew. Undefined where it is not ours. */
  restartBuilder?(): Promise<void>;
}

/** What became of everything that was to be built. */
export interface BuildOutcome {
  /** What became of every stage of the plan. */
  readonly builds: ReadonlyMap<Stage, StageBuild>;
  /** By the image's name. */
  readonly layerLines: ReadonlyMap<string, LayerLines>;
  /** What the builder warned of while it built, by the image's name. */
  readonly warnings: ReadonlyMap<string, readonly Finding[]>;
  /** Bytes of its context that were sent to the builder, by the image's name. */
  readonly contextBytes: ReadonlyMap<string, number>;
  /**
   * What the reader should know, one sentence each; kept when the caches are written, which
   * goes on while the images are looked at.
   */
  readonly notes: Promise<readonly string[]>;
}

type BuildHost = CacheHost &
  Pick<Host, "kind" | "log" | "loopback" | "conceal" | "owner" | "signal">;

/**
 * Builds all wanted stages in one solve; when one fails, finishes the others. What it says is in a group
 * of the log, which whatever comes next ends.
 * @throws UserError when BuildKit cannot parse a Dockerfile.
 * @throws ToolError when the engine itself does not do its work.
 */
export async function buildStages(host: BuildHost, request: BuildRequest): Promise<BuildOutcome> {
  const targets = bakeTargets(request.plan.images);
  await using dockerfiles = await writeDockerfiles(host, request.plan);
  using log = buildLog(host, targets);
  const session = new BuildSession(host, request, targets, { dockerfiles, log });
  if (targets.length === 0) return session.outcome(new Map());
  const { driver } = request.builder;
  const count = targets.length === 1 ? "1 stage" : `${targets.length} stages`;
  host.log.group(`Build ${count} with the ${driver} driver`);
  try {
    return await session.outcome(await session.run());
  } finally {
    host.log.progress("");
  }
}

type Results = ReadonlyMap<BakeTarget, TargetResult>;

/** One build, with what its solves share. */
class BuildSession {
  readonly #host: BuildHost;
  readonly #request: BuildRequest;
  readonly #targets: readonly BakeTarget[];
  readonly #dockerfiles: DockerfilePaths;
  readonly #tracker: StepTracker;
  readonly #announcements: Announcements;
  readonly #cacheFailures: CacheFailure[] = [];
  readonly #notes: string[] = [];
  /** Once a cache was given up that the builder may still wait for. */
  #stuckWatch: (() => StuckWatch) | undefined;

  constructor(
    host: BuildHost,
    request: BuildRequest,
    targets: readonly BakeTarget[],
    { dockerfiles, log }: { readonly dockerfiles: DockerfilePaths; readonly log: BuildLog },
  ) {
    this.#host = host;
    this.#request = request;
    this.#targets = targets;
    this.#dockerfiles = dockerfiles;
    this.#tracker = new StepTracker(log.tell, host.conceal);
    this.#announcements = new Announcements(request.layout, request.onImage);
  }

  /** Builds by the fastest way that works. */
  async run(): Promise<Results> {
    const { description, because, reads } = this.#request.caches;
    if (description !== undefined) this.#host.log.info(description);
    if (because !== undefined) {
      this.#host.log.debug(`No build steps are kept outside of the builder: ${because}`);
    }
    // What is built anew in any case has no use for a cache.
    const uses = reads && !this.#request.inputs.noCache;
    const found = uses ? await this.#pushFound() : {};
    if (found.results !== undefined) return found.results;
    if (found.failure !== undefined) await this.#noteFailure(found.failure);
    const cached = uses && found.failure === undefined ? await this.#readCaches() : undefined;
    if (this.#request.builder.reachesLoopback) {
      const results = await this.#push(cached);
      if (results !== "unreachable") return results;
      this.#host.log.info("The builder cannot reach this machine's loopback");
      if (this.#request.builder.store === "graph") this.#notes.push(savedNote(CUT_OFF));
    }
    const results = await this.#export(cached);
    return results === "unreachable" ? new Map() : results;
  }

  /** Puts together what is known of every stage, those that nobody wanted included. */
  async outcome(results: Results): Promise<BuildOutcome> {
    const builds = new Map<Stage, StageBuild>();
    for (const [{ image, stage }, result] of results) {
      builds.set(stage, this.#stageBuild(image, stage, result));
    }
    for (const stage of this.#request.plan.images.flatMap((image) => image.stages)) {
      if (builds.has(stage)) continue;
      const reason = stage.decision.kind === "skip" ? stage.decision.reason : "was not built";
      builds.set(stage, { kind: "skipped", reason });
    }
    await this.#announcements.done();
    const notes = this.#finishCaches(results);
    // Whoever waits for them is told; until then nobody listens.
    notes.catch(() => {});
    const { contextBytes, warnings } = this.#tracker;
    return { builds, layerLines: this.#layerLines(results), warnings, contextBytes, notes };
  }

  /** The images as the caches have them, for a new builder: it has nothing that they lack. */
  async #pushFound(): Promise<FoundSolve> {
    const { builder, isBuilderNew, inputs, caches, patience } = this.#request;
    const isFew = this.#targets.length <= MOST_FOUND;
    if (!isBuilderNew || !builder.reachesLoopback || !isFew) return {};
    await using push = await openPushDelivery(this.#host, this.#deliveryRequest());
    const placesOf = (image: PlannedImage) => ({ from: caches.placesOf(image).from, to: [] });
    const settings = { ...this.#settings(undefined), inputs, placesOf };
    const request = this.#solveRequest({ delivery: push, settings });
    const found = await solveFound(this.#host, request, patience);
    if (found.results !== undefined) {
      this.#host.log.info(`${push.description}, layers as they are in the cache`);
    }
    return found;
  }

  /** A step that has failed here has failed; a cache that has is left alone. */
  async #readCaches(): Promise<BakeResult | undefined> {
    const { result, failure } = await readCaches(this.#host, this.#cacheRequest(), this.#tracker);
    if (failure !== undefined) await this.#noteFailure(failure);
    if (result.kind === "built") return result;
    const isStep = this.#tracker.failures().some(({ step }) => step !== undefined);
    if (isStep) return result;
    if (failure === undefined) this.#cacheFailures.push({ what: "read", message: result.message });
    return undefined;
  }

  /** Where the builder waits for the cache it is freed, or at least watched. */
  async #noteFailure(failure: CacheFailure): Promise<void> {
    this.#cacheFailures.push(failure);
    if (failure.blocks !== true) return;
    const { restartBuilder, patience } = this.#request;
    if (restartBuilder === undefined) this.#stuckWatch = () => new StuckWatch(patience);
    else await restartBuilder();
  }

  async #push(cached: BakeResult | undefined): Promise<SolveResult> {
    await using push = await openPushDelivery(this.#host, this.#deliveryRequest());
    // Found out in the middle, it would cost all that was built until then.
    if (this.#request.inputs.noCache && !(await push.reaches())) return "unreachable";
    this.#host.log.info(push.description);
    return await this.#solve({ delivery: push, settings: this.#settings(cached) }, cached);
  }

  async #export(cached: BakeResult | undefined): Promise<SolveResult> {
    const settings = this.#settings(cached);
    const { name: builder, store } = this.#request.builder;
    const request = this.#deliveryRequest();
    await using delivery =
      store === "graph"
        ? openSaveDelivery(this.#host, request)
        : openExportDelivery(this.#host, request, { builder, settings });
    this.#host.log.info(delivery.description);
    return await this.#solve({ delivery, settings }, cached);
  }

  async #solve(
    how: Pick<SolveRequest, "delivery" | "settings">,
    cached: BakeResult | undefined,
  ): Promise<SolveResult> {
    const begun = cached?.kind === "failed" ? cached : undefined;
    using watch = this.#stuckWatch?.();
    return await solveAll(this.#host, { ...this.#solveRequest(how), watch }, begun);
  }

  #solveRequest(how: Pick<SolveRequest, "delivery" | "settings">): SolveRequest {
    return {
      ...how,
      targets: this.#targets,
      builder: this.#request.builder.name,
      tracker: this.#tracker,
      onBuilt: ({ stage }, digest) => this.#announcements.add(stage, digest),
    };
  }

  /**
   * After a solve with the caches the builder has it all. After one that a step has ended, it has
   * layers that are still in the caches alone.
   */
  #settings(cached: BakeResult | undefined): BakeSettings {
    const { inputs, caches } = this.#request;
    const common = {
      workspace: this.#host.workspace,
      dockerfileOf: (image: PlannedImage) => this.#dockerfiles.pathOf(image),
      outputOf: () => "",
    };
    if (cached?.kind === "built") return { ...common, inputs: { ...inputs, ...ALL_IS_BUILT } };
    if (cached === undefined) return { ...common, inputs };
    const placesOf = (image: PlannedImage) => ({ from: caches.placesOf(image).from, to: [] });
    return { ...common, inputs, placesOf };
  }

  #deliveryRequest(): DeliveryRequest {
    const { builder, layout } = this.#request;
    const onImage = (id: string, digest: string): void => {
      const stage = this.#targets.find((target) => target.id === id)?.stage;
      if (stage !== undefined) this.#announcements.add(stage, digest);
    };
    return { builder, layout, onImage };
  }

  #cacheRequest() {
    const { inputs, builder, caches, patience } = this.#request;
    const request = { targets: this.#targets, inputs, caches, builder: builder.name };
    return { ...request, ...(patience === undefined ? {} : { patience }) };
  }

  /**
   * Writes the caches, unless a stage is missing: what they have of it would be lost. A builder that
   * was new and has run no step has found them all there.
   */
  async #finishCaches(results: Results): Promise<readonly string[]> {
    const { writes, note } = this.#request.caches;
    const isWhole = [...results.values()].every(({ kind }) => kind === "built");
    if (writes && this.#cacheFailures.some(({ blocks }) => blocks)) {
      this.#host.log.info("The cache is not written: it does not answer");
    } else if (results.size > 0 && writes && this.#request.isBuilderNew && !this.#hasRun(results)) {
      this.#host.log.info("The cache is not written: it has every step already");
    } else if (writes && results.size > 0 && isWhole) {
      const failure = await this.#writeCaches();
      if (failure !== undefined) this.#cacheFailures.push(failure);
    } else if (writes && !isWhole) {
      this.#host.log.info("The cache is not written: not every stage was built");
    }
    const notes = this.#cacheFailures.map((failure) => cacheNote(this.#host, failure));
    return [...this.#notes, ...(note === undefined ? [] : [note]), ...new Set(notes)];
  }

  /** By now all is built: whatever is wrong with a cache is no failure of the run. */
  async #writeCaches(): Promise<CacheFailure | undefined> {
    try {
      return await writeCaches(this.#host, this.#cacheRequest());
    } catch (error) {
      this.#host.signal.throwIfAborted();
      return { what: "written", message: messageOf(error) };
    }
  }

  /** Whether a step was run, and not found. `FROM` is asked for anew in each run. */
  #hasRun(results: Results): boolean {
    return [...results.keys()].some(({ image, stage }) =>
      this.#tracker
        .stepsOf(image, stage)
        .some(({ line, cached }) => !cached && line !== stage.line),
    );
  }

  #stageBuild(image: PlannedImage, stage: Stage, result: TargetResult): StageBuild {
    const steps = this.#tracker.stepsOf(image, stage);
    const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
    if (result.kind === "built") {
      const { digest, isSaved } = result.image;
      return { kind: "built", digest, ...(isSaved && { isSaved }), steps, seconds };
    }
    const { build } = result;
    if (build.kind !== "failed") return build;
    const output = build.output.map((line) => this.#host.conceal(line));
    const failed = steps.map((step) =>
      step.line === build.line ? ({ ...step, failed: true } as const) : step,
    );
    const reason = this.#host.conceal(build.reason);
    return { ...build, reason, output, steps: failed, seconds };
  }

  #layerLines(results: Results): ReadonlyMap<string, LayerLines> {
    const lines = new Map<string, LayerLines>();
    for (const { name } of this.#request.plan.images) {
      const maps = [...results].flatMap(([target, result]) =>
        target.image.name === name && result.kind === "built" ? [result.metadata.layerLines] : [],
      );
      lines.set(name, mergeLayerLines(maps));
    }
    return lines;
  }
}
