// What is known of one vertex of a build, put together from all solves and targets that share it.

import type { PlannedImage } from "../../model/plan.ts";
import { OutputKeeper } from "./output-keeper.ts";
import { isCancellation, type Vertex } from "./progress.ts";
import type { Step } from "./step-names.ts";

/** What is known of one vertex, over all targets that share it. */
export interface Tracked {
  /** Each target that shares it has a name of its own for it; this is the first. */
  readonly name: string;
  readonly names: Set<string>;
  /** The instruction that it is, in each Dockerfile that has it. */
  readonly steps: Map<PlannedImage, Step>;
  /** The instruction to blame when it fails, in each Dockerfile. */
  readonly blamed: Map<PlannedImage, Step>;
  /** What the watcher was told last. */
  told: "started" | "done" | undefined;
  seconds: number;
  /** It ran, and went well. */
  completed: boolean;
  /** Solves in which it began to run. */
  readonly begunIn: Set<object>;
  /** Solves that say that they found it in the cache. */
  readonly cachedIn: Set<object>;
  ran: boolean;
  error: string | undefined;
  output: OutputKeeper;
  /** The solve whose account of its output is listened to. */
  speaker: object | undefined;
  /** Bytes of what was fetched for it. */
  readonly transfers: Map<string, number>;
}

/** A vertex of which only the name is known. */
export function newlyTracked(name: string): Tracked {
  return {
    name,
    names: new Set(),
    steps: new Map(),
    blamed: new Map(),
    told: undefined,
    seconds: 0,
    completed: false,
    begunIn: new Set(),
    cachedIn: new Set(),
    ran: false,
    error: undefined,
    output: new OutputKeeper(),
    speaker: undefined,
    transfers: new Map(),
  };
}

/** The instruction that it is, in the Dockerfile that was seen first. */
export function firstStep({ steps }: Tracked): Step | undefined {
  return steps.values().next().value;
}

/** `[target stage 2/5] RUN make` -> `RUN make`. */
function textOf(name: string): string {
  return name.replace(/^\[[^\]]*\] /, "");
}

/** The same for the same step in another solve; not for the triggers that a `FROM` stands for. */
export function keyOf({ image, instruction }: Step, name: string): string {
  return JSON.stringify([image.name, instruction.lines.start, textOf(name)]);
}

/** Several vertices are one step in several solves, of which one ran it, or triggers of a `FROM`. */
export function secondsOf(vertices: readonly Tracked[]): number {
  const parts = Map.groupBy(vertices, ({ name }) => textOf(name));
  const longest = [...parts.values()].map((same) =>
    Math.max(...same.map(({ seconds }) => seconds)),
  );
  return sumOfSeconds(longest);
}

/** To the millisecond, which is what each of them is known to. */
export function sumOfSeconds(seconds: readonly number[]): number {
  return Math.round(seconds.reduce((sum, each) => sum + each, 0) * 1000) / 1000;
}

/**
 * A shared vertex completes once for each target: it ran if it was not cached for all of them, and
 * failed if one says so and none succeeded.
 */
export function noteOutcome(tracked: Tracked, vertex: Vertex, solve: object): void {
  if (vertex.error !== undefined) {
    if (isCancellation(vertex.error)) return;
    tracked.error = vertex.error;
    noteTime(tracked, vertex);
    return;
  }
  if (vertex.started === undefined || vertex.completed === undefined) return;
  if (vertex.cached) {
    tracked.cachedIn.add(solve);
    return;
  }
  tracked.completed = true;
  tracked.error = undefined;
  noteTime(tracked, vertex);
}

/**
 * Whether it went well. BuildKit takes for cached whatever a step needs that has begun, though what has
 * begun may be no more than looking at the files that the step copies: of a solve that has failed in
 * that, what it says of the cache is no proof.
 * https://github.com/moby/buildkit/blob/v0.33.0/solver/progress.go
 */
export function isDone({ completed, cachedIn }: Tracked, doubtful: ReadonlySet<object>): boolean {
  return completed || [...cachedIn].some((solve) => !doubtful.has(solve));
}

/**
 * Whether a solve says that it found a step in the cache that it had begun to run: so it does as well
 * when it gives that step up because another one has failed.
 */
export function isGivenUp(tracked: Tracked, solve: object): boolean {
  const { begunIn, cachedIn, completed } = tracked;
  return !isBase(tracked) && !completed && begunIn.has(solve) && cachedIn.has(solve);
}

/** Whether a step failed before it began, when the files that it copies were looked at. */
export function isAboutFiles(error: string): boolean {
  return /failed to (?:calculate checksum|compute cache key)/.test(error);
}

function noteTime(tracked: Tracked, { started, completed }: Vertex): void {
  if (started === undefined || completed === undefined) return;
  tracked.ran = true;
  tracked.seconds = Math.max(tracked.seconds, (completed - started) / 1000);
}

/** Resolving a base image counts as cached: it ran only if something was fetched. */
export function isCached(tracked: Tracked): boolean {
  if (!isBase(tracked)) return !tracked.ran || isFetched(tracked);
  return [...tracked.transfers.values()].every((bytes) => bytes === 0);
}

/** When a cached step's layer is fetched, BuildKit tells it as if the step ran once more. */
export function isFetched({ transfers }: Tracked): boolean {
  return [...transfers.keys()].some((id) => /^(?:extracting )?sha256:/.test(id));
}

/** Whether it stands for a base image. */
export function isBase({ name }: Tracked): boolean {
  return textOf(name).startsWith("FROM ");
}
