// A solve that may read a cache, or come after one that a cache keeps waiting.

import { type BakeHost, type BakeRequest, type BakeResult, bake } from "../bake.ts";
import type { CacheFailure, CacheWatch, SolveWatch } from "./cache-watch.ts";

/** What solves need to know of the caches while they run. */
export interface SolveCaches {
  /** Of a solve that reads a cache. */
  cacheWatch(heardAt: () => number): CacheWatch;
  /** Of all that read none; undefined where nothing can keep them. */
  stuckWatch(): SolveWatch | undefined;
  /** Takes in what was wrong with a cache. */
  note(failure: CacheFailure): Promise<void>;
}

/**
 * Builds targets in one solve, which ends when a cache stops to answer.
 * @param heardAt when something of an image last arrived, in milliseconds since 1970
 */
export async function watchedBake(
  host: BakeHost,
  request: Omit<BakeRequest, "watch">,
  caches: SolveCaches,
  heardAt: () => number = () => 0,
): Promise<BakeResult> {
  const { targets, settings } = request;
  const reads = targets.some(({ image }) => settings.placesOf?.(image).from.length);
  using cache = reads ? caches.cacheWatch(heardAt) : undefined;
  const result = await bake(host, { ...request, watch: cache ?? caches.stuckWatch() });
  if (cache?.failure !== undefined) await caches.note(cache.failure);
  return result;
}
