// Whether all that a solve needs is found in a cache: as long as it is, layers stay where they are
// until somebody asks for them.

import type { Progress } from "../progress/progress.ts";
import {
  type CacheFailure,
  type CachePatience,
  CacheWatch,
  failsToImport,
  type SolveWatch,
} from "./cache-watch.ts";

/** Ends a solve as soon as it has to run a step, or its cache cannot be read. */
export class FoundWatch implements SolveWatch, Disposable {
  readonly #cache: CacheWatch;
  readonly #stop = new AbortController();
  /** Vertices that were found. When their layers are fetched, BuildKit tells that they begin. */
  readonly #found = new Set<string>();

  /**
   * @param heardAt when something of an image last arrived, in milliseconds since 1970
   * @param ofRegistry vertices of base images that earlier solves had of a registry
   */
  constructor(
    patience?: CachePatience,
    heardAt = () => 0,
    ofRegistry: ReadonlySet<string> = new Set(),
  ) {
    this.#cache = new CacheWatch(patience, { onlyReads: true, heardAt, ofRegistry });
  }

  /** Vertices of base images that were not found in a cache. */
  get basesOfRegistry(): ReadonlySet<string> {
    return this.#cache.basesOfRegistry;
  }

  /** Fires when something is missing: the solve has to end with it. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#stop.signal, this.#cache.signal]);
  }

  /** What was wrong with the cache, beyond that it has not all. */
  get failure(): CacheFailure | undefined {
    return this.#cache.failure;
  }

  /** Takes one line of the solve's progress in. */
  follow(progress: Progress): void {
    this.#cache.follow(progress);
    for (const vertex of progress.vertices) {
      const { digest, name, started, cached } = vertex;
      if (cached) this.#found.add(digest);
      const runs = started !== undefined && STEP.test(name) && !this.#found.has(digest);
      if (runs || failsToImport(vertex)) this.#stop.abort();
    }
  }

  [Symbol.dispose](): void {
    this.#cache[Symbol.dispose]();
  }
}

/** `[target stage 2/5] RUN make`. A base image is asked for in every run. */
const STEP = /^\[[^\]]*\d+\/\d+\] (?!FROM )/;
