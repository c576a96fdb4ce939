// One build, by the fastest way that works: as the caches have it, pushed into the layout, or exported.

import type { PlannedImage } from "../model/plan.ts";
import type { BakeResult } from "./bake.ts";
import type { BakeSettings, BakeTarget } from "./bake-file.ts";
import type { BuildHost, BuildRequest } from "./build-request.ts";
import { CacheUse } from "./cache/cache-use.ts";
import { Announcements } from "./delivery/announcements.ts";
import {
  type DeliveryRequest,
  openExportDelivery,
  openPushDelivery,
  openSingleExport,
} from "./delivery/delivery.ts";
import { openSaveDelivery, savedNote } from "./delivery/save-delivery.ts";
import type { DockerfilePaths } from "./dockerfiles.ts";
import type { BuildLog } from "./progress/build-log.ts";
import { StepTracker } from "./progress/step-tracker.ts";
import {
  type FoundSolve,
  type SolveRequest,
  type SolveResult,
  solveAll,
  solveFound,
} from "./solves.ts";
import type { Results } from "./stage-builds.ts";

/** For a solve that comes after one which did all of its steps. */
const ALL_IS_BUILT = { noCache: false, pull: false };

/** Why images are saved where that is found out in the middle: by then the engine has them all. */
const CUT_OFF = "the builder cannot reach this machine's loopback";

/** Stages that are solved one after another: each of these solves asks the cache anew. */
const MOST_FOUND = 16;

/** One build, with what its solves share. */
export class BuildSession {
  readonly #host: BuildHost;
  readonly #request: BuildRequest;
  readonly #targets: readonly BakeTarget[];
  readonly #dockerfiles: DockerfilePaths;
  /** What the steps do. */
  readonly tracker: StepTracker;
  readonly announcements: Announcements;
  readonly caches: CacheUse;
  /** What the reader should know of how it was built. One sentence each. */
  readonly notes: string[] = [];

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
    this.tracker = new StepTracker(log.tell, host.conceal);
    this.announcements = new Announcements(request.layout, request.onImage);
    this.caches = new CacheUse(host, request, targets, this.tracker);
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
    const found = uses ? await this.#takeFound() : {};
    if (found.results !== undefined) return found.results;
    if (found.failure !== undefined) await this.caches.note(found.failure);
    const cached = uses && found.failure === undefined ? await this.caches.read() : undefined;
    if (this.#request.builder.reachesLoopback) {
      const results = await this.#push(cached);
      if (results !== "unreachable") return results;
      this.#host.log.info("The builder cannot reach this machine's loopback");
      if (this.#request.builder.store === "graph") this.notes.push(savedNote(CUT_OFF));
    }
    const results = await this.#export(cached);
    return results === "unreachable" ? new Map() : results;
  }

  /** The images as the caches have them, for a new builder: it has nothing that they lack. */
  async #takeFound(): Promise<FoundSolve> {
    const { builder, isBuilderNew, inputs, patience } = this.#request;
    const isFew = this.#targets.length <= MOST_FOUND;
    const { reachesLoopback, store } = builder;
    if (!isBuilderNew || !isFew || !(reachesLoopback || store === "builder")) return {};
    const delivered = this.#deliveryRequest();
    await using delivery = reachesLoopback
      ? await openPushDelivery(this.#host, delivered)
      : openSingleExport(delivered);
    const placesOf = (image: PlannedImage) => this.caches.placesToRead(image);
    const settings = { ...this.#settings(undefined), inputs, placesOf };
    const request = this.#solveRequest({ delivery, settings });
    const found = await solveFound(this.#host, request, patience);
    if (found.results !== undefined) {
      this.#host.log.info(`${delivery.description}, layers as they are in the cache`);
    } else {
      this.caches.doubt();
    }
    return found;
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
        : openExportDelivery(this.#host, request, { builder, settings, caches: this.caches });
    this.#host.log.info(delivery.description);
    return await this.#solve({ delivery, settings }, cached);
  }

  async #solve(
    how: Pick<SolveRequest, "delivery" | "settings">,
    cached: BakeResult | undefined,
  ): Promise<SolveResult> {
    const begun = cached?.kind === "failed" ? cached : undefined;
    return await solveAll(this.#host, this.#solveRequest(how), begun);
  }

  #solveRequest(how: Pick<SolveRequest, "delivery" | "settings">): SolveRequest {
    return {
      ...how,
      targets: this.#targets,
      builder: this.#request.builder.name,
      tracker: this.tracker,
      caches: this.caches,
      onBuilt: ({ stage }, digest) => this.announcements.add(stage, digest),
    };
  }

  /**
   * After a solve with the caches the builder has it all. After one that a step has ended, it has
   * layers that are still in the caches alone.
   */
  #settings(cached: BakeResult | undefined): BakeSettings {
    const { inputs } = this.#request;
    const common = {
      workspace: this.#host.workspace,
      dockerfileOf: (image: PlannedImage) => this.#dockerfiles.pathOf(image),
      outputOf: () => "",
    };
    if (cached?.kind === "built") return { ...common, inputs: { ...inputs, ...ALL_IS_BUILT } };
    if (cached === undefined) return { ...common, inputs };
    const placesOf = (image: PlannedImage) => this.caches.placesToRead(image);
    return { ...common, inputs, placesOf };
  }

  #deliveryRequest(): DeliveryRequest {
    const { builder, layout } = this.#request;
    const onImage = (id: string, digest: string): void => {
      const stage = this.#targets.find((target) => target.id === id)?.stage;
      if (stage !== undefined) this.announcements.add(stage, digest);
    };
    return { builder, layout, onImage, open: this.tracker.open };
  }
}
