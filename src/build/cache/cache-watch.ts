// What becomes of a cache while a solve reads or writes it: BuildKit hardly ever gives up by itself,
// and of a failure that it was told to ignore only the progress knows.

import type { ToolError } from "../../errors.ts";
import {
  isCancellation,
  type Progress,
  type Vertex,
  type VertexTransfer,
} from "../progress/progress.ts";

/** Seconds; only tests need others. */
export interface CachePatience {
  /** Without any sign of life while the cache is being read. */
  readonly silence: number;
  /** For writing all of it, all that comes before included: of a large layer on its way BuildKit says nothing. */
  readonly writing: number;
}

/** Writing is waited for at the very end, when all else is done. */
export const CACHE_PATIENCE: CachePatience = { silence: 90, writing: 300 };

/** A failure of a cache, not of the build. */
export interface CacheFailure {
  readonly what: "read" | "written";
  /** Hostile text. */
  readonly message: string;
  /** Whether the builder may go on waiting for it, and with it whatever is built there later on. */
  readonly blocks?: boolean;
}

type Work = "importing" | "exporting";

/** Follows a solve with a cache, and says when it has to end. */
export interface SolveWatch {
  readonly signal: AbortSignal;
  /** What was wrong with the cache. */
  readonly failure: CacheFailure | undefined;
  /** What the run ends with, where it ends with the solve. */
  readonly fatal?: ToolError;
  follow(progress: Progress): void;
  /** Called as each solve begins that it is for, and as it ends. */
  begin?(): void;
  end?(): void;
}

/** How silence is to be understood. */
export interface CacheWatchOptions {
  readonly onlyReads?: boolean;
  readonly onlyWrites?: boolean;
  /** Vertices of base images that earlier solves had of a registry. */
  readonly ofRegistry?: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  heardAt?(): number;
}

/** Follows a solve with a cache, and gives it up when the cache is too slow. */
export class CacheWatch implements SolveWatch, Disposable {
  readonly #patience: CachePatience;
  readonly #onlyReads: boolean;
  readonly #heardAt: () => number;
  readonly #ofRegistry: ReadonlySet<string>;
  readonly #stop = new AbortController();
  readonly #timer: NodeJS.Timeout;
  /** Vertices of the cache that have begun and not ended. */
  readonly #busy = new Map<string, Work>();
  /** Vertices that have begun and not ended, and wait for something else, a registry say. */
  readonly #others = new Set<string>();
  /** Vertices of base images that a registry has. */
  readonly #bases = new Set<string>();
  readonly #found = new Set<string>();
  /** Layers that are on their way, vertex and id, and how many bytes have come. */
  readonly #arriving = new Map<string, number>();
  #lastSign: number;
  /** Since when a solve does nothing but write. */
  readonly #onlyWritesSince: number | undefined;
  #writingSince: number | undefined;
  #failure: CacheFailure | undefined;

  /**
   * @param onlyReads whether the solve runs no step: then it waits for the cache, unless it is seen to
   * wait for something else
   * @param onlyWrites whether the builder has every step already, and it is all about writing
   * @param ofRegistry base images that the builder, by now, finds in itself: their layers are still
   * fetched from the registry, when they are pushed
   * @param heardAt when something of an image last arrived: then the cache is no longer silent
   */
  constructor(patience: CachePatience = CACHE_PATIENCE, options: CacheWatchOptions = {}) {
    const { onlyReads = false, onlyWrites = false } = options;
    const { ofRegistry = new Set(), heardAt = () => 0 } = options;
    this.#patience = patience;
    this.#onlyWritesSince = onlyWrites ? Date.now() : undefined;
    this.#writingSince = this.#onlyWritesSince;
    this.#onlyReads = onlyReads;
    this.#heardAt = heardAt;
    this.#ofRegistry = ofRegistry;
    this.#lastSign = Date.now();
    this.#timer = setInterval(() => this.#check(), 250).unref();
  }

  /** Fires when the cache has been given up: the solve has to end with it. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Vertices of base images that were not found in a cache. */
  get basesOfRegistry(): ReadonlySet<string> {
    return this.#bases;
  }

  /** What went wrong first of all. */
  get failure(): CacheFailure | undefined {
    return this.#failure;
  }

  /** Takes one line of the solve's progress in. */
  follow({ vertices, outputs, transfers }: Progress): void {
    for (const vertex of vertices) this.#followOther(vertex);
    // Of a layer that is stuck BuildKit says the same over and over again.
    const isNews = transfers.map((transfer) => this.#followTransfer(transfer)).includes(true);
    if (isNews || vertices.length + outputs.length > 0) this.#lastSign = Date.now();
    for (const { digest, name, started, completed, error } of vertices) {
      if (completed !== undefined) this.#forgetArriving(digest);
      const work = workOf(name);
      if (work === undefined) continue;
      if (error !== undefined) this.#fail(work, error);
      if (completed !== undefined) this.#busy.delete(digest);
      else if (started !== undefined) this.#busy.set(digest, work);
    }
    const isWriting = [...this.#busy.values()].includes("exporting");
    this.#writingSince = isWriting ? (this.#writingSince ?? Date.now()) : this.#onlyWritesSince;
  }

  /** A base image that was found in a cache has its layers from there. */
  #followOther({ digest, name, started, completed, cached }: Vertex): void {
    if (cached && !this.#ofRegistry.has(digest)) this.#found.add(digest);
    const isFound = this.#found.has(digest);
    if (isFound) this.#bases.delete(digest);
    else if (BASE.test(name)) this.#bases.add(digest);
    if (completed !== undefined) this.#others.delete(digest);
    else if (started !== undefined && !isFound && OTHER.test(name)) this.#others.add(digest);
  }

  /** Whether it is further than it was. What a registry has of a base image is no cache's. */
  #followTransfer({ vertex, id, current, total, isDone }: VertexTransfer): boolean {
    const key = `${vertex} ${id}`;
    if (isDone || current >= total || this.#bases.has(vertex)) return this.#arriving.delete(key);
    const isNews = this.#arriving.get(key) !== current;
    this.#arriving.set(key, current);
    return isNews;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #forgetArriving(vertex: string): void {
    for (const key of this.#arriving.keys()) {
      if (key.startsWith(`${vertex} `)) this.#arriving.delete(key);
    }
  }

  #check(): void {
    const { silence, writing } = this.#patience;
    const waits = this.#onlyReads && this.#others.size === 0;
    const reads = waits || this.#busy.size + this.#arriving.size > 0;
    const lastSign = Math.max(this.#lastSign, this.#heardAt());
    if (this.#writingSince !== undefined) {
      if (seconds(this.#writingSince) > writing) {
        this.#giveUp("exporting", `not done after ${writing} s`);
      }
    } else if (reads && seconds(lastSign) > silence) {
      this.#giveUp("importing", `no sign of life for ${silence} s`);
    }
  }

  #giveUp(work: Work, message: string): void {
    clearInterval(this.#timer);
    this.#fail(work, message);
    if (work === "importing" && this.#failure) this.#failure = { ...this.#failure, blocks: true };
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

/** `[app 1/3] FROM python`: its layers come from a registry. */
const BASE = /^\[[^\]]*\] FROM /;
/** What asks a registry, or us: for a base image, a frontend, the context. */
const OTHER = /^\[[^\]]*\] FROM |^\[(?:\S+ )?internal\] |^(?:\[[^\]]*\] )?resolve image config/;

function workOf(name: string): Work | undefined {
  if (IMPORTING.test(name)) return "importing";
  return EXPORTING.test(name) ? "exporting" : undefined;
}

/** Whether it tells that a cache is not there, or cannot be read. */
export function failsToImport({ name, error }: Pick<Vertex, "name" | "error">): boolean {
  return error !== undefined && workOf(name) === "importing";
}

function seconds(since: number): number {
  return (Date.now() - since) / 1000;
}
