// What becomes of a cache while a solve reads or writes it: BuildKit hardly ever gives up by itself,
// and of a failure that it was told to ignore only the progress knows.

import type { Progress, Vertex } from "./progress.ts";

/** Seconds; only tests need others. */
export interface CachePatience {
  /** Without any sign of life while the cache is being read. */
  readonly silence: number;
  /** For writing all of it: of a large layer on its way BuildKit says nothing. */
  readonly writing: number;
}

/** Writing is waited for at the very end, when all else is done. */
export const CACHE_PATIENCE: CachePatience = { silence: 90, writing: 300 };

/** A failure of a cache, not of the build. */
export interface CacheFailure {
  readonly what: "read" | "written";
  /** Hostile text. */
  readonly message: string;
}

type Work = "importing" | "exporting";

/** Follows a solve with a cache, and says when it has to end. */
export interface SolveWatch {
  readonly signal: AbortSignal;
  /** What was wrong with the cache. */
  readonly failure: CacheFailure | undefined;
  follow(progress: Progress): void;
}

/** Follows a solve with a cache, and gives it up when the cache is too slow. */
export class CacheWatch implements SolveWatch, Disposable {
  readonly #patience: CachePatience;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Vertices of the cache that have begun and not ended. */
  readonly #busy = new Map<string, Work>();
  /** Layers that are on their way: vertex and id. */
  readonly #arriving = new Set<string>();
  #lastSign: number;
  #writingSince: number | undefined;
  #failure: CacheFailure | undefined;

  constructor(patience: CachePatience = CACHE_PATIENCE) {
    this.#patience = patience;
    this.#lastSign = Date.now();
    this.#timer = setInterval(() => this.#check(), 250).unref();
  }

  /** Fires when the cache has been given up: the solve has to end with it. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** What went wrong first of all. */
  get failure(): CacheFailure | undefined {
    return this.#failure;
  }

  /** Takes one line of the solve's progress in. */
  follow({ vertices, transfers }: Progress): void {
    this.#lastSign = Date.now();
    for (const { digest, name, started, completed, error } of vertices) {
      if (completed !== undefined) this.#forgetArriving(digest);
      const work = workOf(name);
      if (work === undefined) continue;
      if (error !== undefined) this.#fail(work, error);
      if (completed !== undefined) this.#busy.delete(digest);
      else if (started !== undefined) this.#busy.set(digest, work);
    }
    for (const { vertex, id, current, total, isDone } of transfers) {
      if (!isDone && current < total) this.#arriving.add(`${vertex} ${id}`);
      else this.#arriving.delete(`${vertex} ${id}`);
    }
    if (![...this.#busy.values()].includes("exporting")) this.#writingSince = undefined;
    else this.#writingSince ??= Date.now();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #forgetArriving(vertex: string): void {
    for (const key of this.#arriving) if (key.startsWith(`${vertex} `)) this.#arriving.delete(key);
  }

  #check(): void {
    const { silence, writing } = this.#patience;
    if (this.#writingSince !== undefined) {
      if (seconds(this.#writingSince) > writing) {
        this.#giveUp("exporting", `not done after ${writing} s`);
      }
    } else if (this.#busy.size + this.#arriving.size > 0 && seconds(this.#lastSign) > silence) {
      this.#giveUp("importing", `no sign of life for ${silence} s`);
    }
  }

  #giveUp(work: Work, message: string): void {
    clearInterval(this.#timer);
    this.#fail(work, message);
    this.#stop.abort();
  }

  #fail(work: Work, message: string): void {
    // Before anybody has written it, a cache is not there.
    const isMissing = work === "importing" && /: not found$/.test(message);
    if (isCancellation(message) || isMissing) return;
    this.#failure ??= { what: work === "importing" ? "read" : "written", message };
  }
}

/** https://github.com/moby/buildkit/blob/v0.33.0/solver/llbsolver/bridge.go */
const IMPORTING = /^(?:\[\S+\] )?importing cache manifest/;
/** The names of the exporters in https://github.com/moby/buildkit/tree/v0.33.0/cache/remotecache */
const EXPORTING = /^(?:\[\S+\] )?exporting (?:to GitHub Actions Cache|cache to)/;

function workOf(name: string): Work | undefined {
  if (IMPORTING.test(name)) return "importing";
  return EXPORTING.test(name) ? "exporting" : undefined;
}

/** Whether it tells that a cache is not there, or cannot be read. */
export function failsToImport({ name, error }: Pick<Vertex, "name" | "error">): boolean {
  return error !== undefined && workOf(name) === "importing";
}

function isCancellation(message: string): boolean {
  return /context canceled|Canceled: /.test(message);
}

function seconds(since: number): number {
  return (Date.now() - since) / 1000;
}
