// Builds every wanted stage: a plan comes in; images in the layout, timings and the lines of each
// layer go out. A stage that fails is a value. Nothing is weighed or judged here.

import pLimit from "p-limit";
import type { Host } from "../host/host.ts";
import type { LayerLines, StageBuild } from "../model/build.ts";
import type { BuildInputs } from "../model/inputs.ts";
import type { Plan, PlannedImage, Stage } from "../model/plan.ts";
import type { Layout } from "../state/layout.ts";
import { type BakeResult, bake } from "./bake.ts";
import { type BakeSettings, type BakeTarget, bakeTargets } from "./bake-file.ts";
import { buildLog } from "./build-log.ts";
import type { Builder } from "./builder.ts";
import { solveWithCache } from "./cache-solve.ts";
import {
  type Delivery,
  type DeliveryRequest,
  openExportDelivery,
  openPushDelivery,
} from "./delivery.ts";
import { type DockerfilePaths, writeDockerfiles } from "./dockerfiles.ts";
import { failureBehind, refuseUnparsable, unbuilt } from "./failures.ts";
import { mergeLayerLines, type TargetMetadata } from "./metadata.ts";
import { type FailedVertex, StepTracker } from "./step-tracker.ts";

/** Solves of their own that run at the same time, after one stage took the others with it. */
const PARALLEL_SOLVES = 4;

/** For a solve that comes after one which did all of its steps. */
const ONLY_BUILDER_CACHE = { cacheTo: [], noCache: false, pull: false };

/** What to build, with what, and where it goes. */
export interface BuildRequest {
  readonly plan: Plan;
  readonly inputs: BuildInputs;
  readonly builder: Builder;
  readonly layout: Layout;
  /**
   * Called as soon as a stage's image is whole in the layout and listed by its `index.json`; called
   * again in the rare case that the stage was built once more and came out different.
   */
  readonly onImage: (stage: Stage, digest: string) => void;
}

/** What a build made, and which lines made which layer. */
export interface BuildOutcome {
  /** What became of every stage of the plan. */
  readonly builds: ReadonlyMap<Stage, StageBuild>;
  /** By the image's name. */
  readonly layerLines: ReadonlyMap<string, LayerLines>;
}

type BuildHost = Pick<
  Host,
  "kind" | "exec" | "files" | "env" | "log" | "loopback" | "conceal" | "workspace"
>;

/** What became of one target. */
type TargetResult =
  | { readonly kind: "built"; readonly metadata: TargetMetadata }
  | { readonly kind: "unbuilt"; readonly build: StageBuild };

/**
 * Builds all wanted stages in one solve; when one fails, finishes the others.
 * @throws UserError when BuildKit cannot parse a Dockerfile.
 * @throws ToolError when the engine itself does not do its work.
 */
export async function buildStages(host: BuildHost, request: BuildRequest): Promise<BuildOutcome> {
  const targets = bakeTargets(request.plan.images);
  await using dockerfiles = await writeDockerfiles(host, request.plan);
  const session = new BuildSession(host, request, targets, dockerfiles);
  if (targets.length === 0) return session.outcome(new Map());
  const { driver } = request.builder;
  const count = targets.length === 1 ? "1 stage" : `${targets.length} stages`;
  host.log.group(`Build ${count} with the ${driver} driver`);
  try {
    return await session.outcome(await session.run());
  } finally {
    host.log.endGroup();
  }
}

/** One build, with what its solves share. */
class BuildSession {
  readonly #host: BuildHost;
  readonly #request: BuildRequest;
  readonly #targets: readonly BakeTarget[];
  readonly #dockerfiles: DockerfilePaths;
  readonly #tracker: StepTracker;
  #inputs: BuildInputs;
  readonly #announced = new Map<Stage, string>();
  #lastAnnouncement: Promise<void> = Promise.resolve();

  constructor(
    host: BuildHost,
    request: BuildRequest,
    targets: readonly BakeTarget[],
    dockerfiles: DockerfilePaths,
  ) {
    this.#host = host;
    this.#request = request;
    this.#targets = targets;
    this.#dockerfiles = dockerfiles;
    this.#inputs = request.inputs;
    this.#tracker = new StepTracker(buildLog(host, targets));
  }

  /** Builds by the fastest way that works. */
  async run(): Promise<ReadonlyMap<BakeTarget, TargetResult>> {
    await this.#useCache();
    const { reachesLoopback } = this.#request.builder;
    if (reachesLoopback) {
      await using push = await openPushDelivery(this.#host, this.#deliveryRequest());
      const results = await this.#buildAll(push);
      if (results !== "unreachable") return results;
      this.#host.log.info("The builder cannot reach this machine's loopback; images are exported");
    }
    await using exports = openExportDelivery(this.#host, this.#deliveryRequest(), {
      builder: this.#request.builder.name,
      settings: this.#settings(() => ""),
    });
    const results = await this.#buildAll(exports);
    return results === "unreachable" ? new Map() : results;
  }

  /** Puts together what is known of every stage, those that nobody wanted included. */
  async outcome(results: ReadonlyMap<BakeTarget, TargetResult>): Promise<BuildOutcome> {
    const builds = new Map<Stage, StageBuild>();
    for (const [{ image, stage }, result] of results) {
      builds.set(stage, this.#stageBuild(image, stage, result));
    }
    for (const stage of this.#request.plan.images.flatMap((image) => image.stages)) {
      if (builds.has(stage)) continue;
      const reason = stage.decision.kind === "skip" ? stage.decision.reason : "was not built";
      builds.set(stage, { kind: "skipped", reason });
    }
    await this.#lastAnnouncement;
    return { builds, layerLines: this.#layerLines(results) };
  }

  /** Afterwards the builder's own cache has it all, and the inputs' caches are done with. */
  async #useCache(): Promise<void> {
    const solve = await solveWithCache(this.#host, {
      targets: this.#targets,
      inputs: this.#inputs,
      builder: this.#request.builder.name,
      tracker: this.#tracker,
    });
    if (solve.kind === "solved") this.#inputs = { ...this.#inputs, ...ONLY_BUILDER_CACHE };
    if (solve.kind === "failed" && this.#inputs.cacheTo.length > 0) {
      this.#host.log.info(`Nothing is written to cache-to: ${solve.message}`);
    }
  }

  async #buildAll(
    delivery: Delivery,
  ): Promise<ReadonlyMap<BakeTarget, TargetResult> | "unreachable"> {
    this.#host.log.debug(delivery.description);
    const first = await this.#bake(this.#targets, delivery);
    refuseUnparsable(first, this.#targets);
    const failures = this.#tracker.failures();
    if (this.#isUnreachable(first, failures, delivery)) return "unreachable";
    const limit = pLimit(PARALLEL_SOLVES);
    const results = await Promise.all(
      this.#targets.map((target) =>
        limit(async () => [target, await this.#finish(target, first, failures, delivery)] as const),
      ),
    );
    return new Map(results);
  }

  /** Takes a target's result out of the common solve, or gives it a solve of its own. */
  async #finish(
    target: BakeTarget,
    first: BakeResult,
    failures: readonly FailedVertex[],
    delivery: Delivery,
  ): Promise<TargetResult> {
    const failure = failureBehind(target, failures);
    if (first.kind === "failed" && failure !== undefined) {
      return { kind: "unbuilt", build: unbuilt(target, failure, first.message) };
    }
    const result = first.kind === "built" ? first : await this.#bakeAgain(target, delivery);
    if (result.kind === "failed") {
      const ownFailure = failureBehind(target, this.#tracker.failures());
      return { kind: "unbuilt", build: unbuilt(target, ownFailure, result.message) };
    }
    const metadata = result.metadata.get(target.id);
    if (metadata === undefined) {
      const message = "buildx named no digest for it";
      return { kind: "unbuilt", build: unbuilt(target, undefined, message) };
    }
    await delivery.collect(target, metadata.digest);
    this.#announce(target.id, metadata.digest);
    return { kind: "built", metadata };
  }

  /** What the common solve had finished is in the cache, whatever the inputs say of the cache. */
  #bakeAgain(target: BakeTarget, delivery: Delivery): Promise<BakeResult> {
    return this.#bake([target], delivery, { noCache: false, pull: false });
  }

  #bake(
    targets: readonly BakeTarget[],
    delivery: Delivery,
    overrides: Partial<BuildInputs> = {},
  ): Promise<BakeResult> {
    const common = this.#settings((target) => delivery.outputOf(target));
    const settings = { ...common, inputs: { ...common.inputs, ...overrides } };
    const builder = this.#request.builder.name;
    return bake(this.#host, { builder, tracker: this.#tracker, settings, targets });
  }

  #settings(outputOf: (target: BakeTarget) => string): BakeSettings {
    return {
      workspace: this.#host.workspace,
      inputs: this.#inputs,
      dockerfileOf: (image) => this.#dockerfiles.pathOf(image),
      outputOf,
    };
  }

  #deliveryRequest(): DeliveryRequest {
    const { builder, layout } = this.#request;
    return { builder, layout, onImage: (id, digest) => this.#announce(id, digest) };
  }

  /** Lists an image in the layout and passes it on, one after another. */
  #announce(id: string, digest: string): void {
    const stage = this.#targets.find((target) => target.id === id)?.stage;
    if (stage === undefined || this.#announced.get(stage) === digest) return;
    this.#announced.set(stage, digest);
    const { layout, onImage } = this.#request;
    this.#lastAnnouncement = this.#lastAnnouncement.then(async () => {
      await layout.addImage(digest, `${stage.image}/${stage.name}`);
      await layout.save();
      onImage(stage, digest);
    });
    // Whoever waits for the announcements is told; until then nobody listens.
    this.#lastAnnouncement.catch(() => {});
  }

  #isUnreachable(
    result: BakeResult,
    failures: readonly FailedVertex[],
    delivery: Delivery,
  ): boolean {
    if (result.kind === "built") return false;
    const errors = [result.message, ...failures.map(({ error }) => error)];
    return errors.some((error) => delivery.isUnreachable(error));
  }

  #stageBuild(image: PlannedImage, stage: Stage, result: TargetResult): StageBuild {
    const steps = this.#tracker.stepsOf(image, stage);
    const seconds = steps.reduce((sum, step) => sum + step.seconds, 0);
    if (result.kind === "built") {
      return { kind: "built", digest: result.metadata.digest, steps, seconds };
    }
    const { build } = result;
    if (build.kind !== "failed") return build;
    const output = build.output.map((line) => this.#host.conceal(line));
    return { ...build, reason: this.#host.conceal(build.reason), output, steps, seconds };
  }

  #layerLines(results: ReadonlyMap<BakeTarget, TargetResult>): ReadonlyMap<string, LayerLines> {
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
