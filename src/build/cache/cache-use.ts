// The caches of one build: what is read of them, what goes wrong with them, and what is written.

import { messageOf } from "../../errors.ts";
import type { Host } from "../../host/host.ts";
import type { PlannedImage } from "../../model/plan.ts";
import type { BakeResult } from "../bake.ts";
import type { BakeTarget, CachePlaces } from "../bake-file.ts";
import type { BuildRequest } from "../build-request.ts";
import type { StepTracker } from "../progress/step-tracker.ts";
import type { Results } from "../stage-builds.ts";
import { type CacheHost, cacheNote, readCaches, writeCaches } from "./cache-solve.ts";
import { type CacheFailure, CacheWatch } from "./cache-watch.ts";
import { readsAllItWrites } from "./same-places.ts";
import { StuckWatch } from "./stuck-watch.ts";

/** In milliseconds. */
const MINUTE = 60_000;

type CacheUseHost = CacheHost & Pick<Host, "log" | "conceal">;

/** Reads and writes the caches of one build, and keeps what fails: none of that fails the build. */
export class CacheUse {
  readonly #host: CacheUseHost;
  readonly #request: BuildRequest;
  readonly #targets: readonly BakeTarget[];
  readonly #tracker: StepTracker;
  #isDoubted = false;
  readonly #failures: CacheFailure[] = [];
  #stuck: StuckWatch | undefined;
  #restarted: Promise<void> | undefined;

  constructor(
    host: CacheUseHost,
    request: BuildRequest,
    targets: readonly BakeTarget[],
    tracker: StepTracker,
  ) {
    this.#host = host;
    this.#request = request;
    this.#targets = targets;
    this.#tracker = tracker;
  }

  /** A step that has failed here has failed; a cache that has is left alone. */
  async read(): Promise<BakeResult | undefined> {
    const { result, failure } = await readCaches(this.#host, this.#cacheRequest(), this.#tracker);
    if (failure !== undefined) await this.note(failure);
    if (result.kind === "built") return result;
    const isStep = this.#tracker.failures().some(({ step }) => step !== undefined);
    if (isStep) return result;
    if (failure === undefined) this.#failures.push({ what: "read", message: result.message });
    return undefined;
  }

  /** Keeps a failure. Where the builder waits for the cache it is freed, or at least watched. */
  async note(failure: CacheFailure): Promise<void> {
    this.#failures.push(failure);
    if (failure.blocks !== true) return;
    const { restartBuilder, patience } = this.#request;
    if (restartBuilder === undefined) {
      this.#stuck ??= new StuckWatch(patience);
      return;
    }
    // Solves at the same time wait for the same cache.
    this.#restarted ??= restartBuilder();
    await this.#restarted;
  }

  /** What a solve may read: nothing any more of caches of which one was given up. */
  placesToRead(image: PlannedImage): CachePlaces {
    const from = this.#isGivenUp() ? [] : this.#request.caches.placesOf(image).from;
    return { from, to: [] };
  }

  /** For a solve that reads caches. */
  cacheWatch(heardAt: () => number): CacheWatch {
    return new CacheWatch(this.#request.patience, { heardAt });
  }

  /** Ends solves that still wait for a cache which was given up; undefined where none can. */
  stuckWatch(): StuckWatch | undefined {
    return this.#stuck;
  }

  #isGivenUp(): boolean {
    return this.#failures.some(({ blocks }) => blocks);
  }

  /**
   * Writes the caches, unless a stage is missing: what they have of it would be lost. A builder that
   * was new and has run no step has found them all there, where it has read what it would write.
   * @returns what the reader should know of the caches, one sentence each
   */
  async finish(results: Results): Promise<readonly string[]> {
    const { writes, note } = this.#request.caches;
    const isWhole = [...results.values()].every(({ kind }) => kind === "built");
    if (writes && this.#isGivenUp()) {
      this.#host.log.info("The cache is not written: it does not answer");
    } else if (results.size > 0 && writes && this.#hasAll(results)) {
      this.#host.log.info("The cache is not written: it has every step already");
    } else if (writes && results.size > 0 && isWhole) {
      const failure = await this.#write();
      if (failure !== undefined) this.#failures.push(failure);
    } else if (writes && !isWhole) {
      this.#host.log.info("The cache is not written: not every stage was built");
    }
    const notes = this.#failures.map((failure) => cacheNote(this.#host, failure));
    return [...(note === undefined ? [] : [note]), ...new Set(notes)];
  }

  /** By now all is built: whatever is wrong with a cache is no failure of the run. */
  async #write(): Promise<CacheFailure | undefined> {
    const { log } = this.#host;
    log.info("Writing the build cache");
    let minutes = 0;
    const tell = () => log.info(`Writing the build cache, ${++minutes} min`);
    const telling = setInterval(tell, MINUTE).unref();
    try {
      return await writeCaches(this.#host, this.#cacheRequest());
    } catch (error) {
      this.#host.signal.throwIfAborted();
      return { what: "written", message: messageOf(error) };
    } finally {
      clearInterval(telling);
    }
  }

  #cacheRequest() {
    const { inputs, builder, caches, patience } = this.#request;
    const request = { targets: this.#targets, inputs, caches, builder: builder.name };
    return { ...request, ...(patience === undefined ? {} : { patience }) };
  }

  /**
   * They lack something: a step that was begun while they were read can be in the builder by now, which
   * then says that it has found it.
   */
  doubt(): void {
    this.#isDoubted = true;
  }

  /** Whether each place that is written has all of it, as far as that can be known. */
  #hasAll(results: Results): boolean {
    const { caches, isBuilderNew } = this.#request;
    const images = this.#targets.map(({ image }) => image);
    const isRead = images.every((image) => readsAllItWrites(caches, image));
    return isRead && isBuilderNew && !this.#isDoubted && !this.#hasRun(results);
  }

  /** Whether a step was run, and not found. `FROM` is asked for anew in each run. */
  #hasRun(results: Results): boolean {
    return [...results.keys()].some(({ image, stage }) =>
      this.#tracker
        .stepsOf(image, stage)
        .some(({ line, cached }) => !cached && line !== stage.line),
    );
  }
}
