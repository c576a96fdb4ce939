// A builder that still waits for a cache which was given up. BuildKit does not let go of what it has
// asked a cache, and whatever has a step in common with that, be it only its `FROM`, waits with it:
// https://github.com/moby/buildkit/blob/v0.33.0/solver/llbsolver/bridge.go

import { ToolError } from "../../errors.ts";
import type { Progress } from "../progress/progress.ts";
import { CACHE_PATIENCE, type CachePatience, type SolveWatch } from "./cache-watch.ts";

/** The builder waits for a cache, and nothing that is asked of it comes back. */
export class BuilderStuck extends ToolError {}

/**
 * Ends the build when solves do nothing for too long: no step is running, and nothing is heard. One for
 * all of them, since a step of one can wait until one of another is done.
 */
export class StuckWatch implements SolveWatch {
  readonly failure = undefined;
  readonly fatal = new BuilderStuck(
    "The builder waits for a build cache that has stopped to answer, and can only be freed by starting it anew; the input `cache: off` does without",
    { command: "docker buildx bake" },
  );
  readonly #silence: number;
  readonly #stop = new AbortController();
  readonly #running = new Set<string>();
  #lastSign = Date.now();
  #solves = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ silence }: CachePatience = CACHE_PATIENCE) {
    this.#silence = silence;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Takes one line of a solve's progress in. */
  follow({ vertices }: Progress): void {
    this.#lastSign = Date.now();
    for (const { digest, started, completed } of vertices) {
      if (completed !== undefined) this.#running.delete(digest);
      else if (started !== undefined) this.#running.add(digest);
    }
  }

  /** Tells that a solve begins. While there is none, nothing is to be heard. */
  begin(): void {
    this.#solves += 1;
    if (this.#solves > 1) return;
    this.#lastSign = Date.now();
    this.#timer = setInterval(() => this.#check(), 250).unref();
  }

  /** Tells that a solve is over. */
  end(): void {
    this.#solves -= 1;
    if (this.#solves > 0) return;
    this.#running.clear();
    clearInterval(this.#timer);
  }

  #check(): void {
    const silent = (Date.now() - this.#lastSign) / 1000;
    if (this.#running.size === 0 && silent > this.#silence) this.#stop.abort();
  }
}
