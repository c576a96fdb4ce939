import type { BuildStep } from "../model/build.ts";
import type { Instruction, PlannedImage, Stage } from "../model/plan.ts";
import type { BakeTarget } from "./bake-file.ts";
import { lineagesOf } from "./lineage.ts";
import type { Progress, Vertex, VertexOutput } from "./progress.ts";
import { countedInstructions, findBaseStep, findStep, type Step } from "./step-names.ts";

/** Lines of output that are kept of each step for the case that it fails. */
const OUTPUT_LINES = 40;
/** Characters of one such line. */
const LINE_CHARACTERS = 500;

/** A vertex that ended in an error of its own. */
export interface FailedVertex {
  readonly name: string;
  readonly error: string;
  /** The instruction to blame; undefined for what none asked for, such as exporting. */
  readonly step?: Step;
  /** The end of its output, oldest line first. */
  readonly output: readonly string[];
}

/** What is known of one vertex, over all targets that share it. */
interface Tracked {
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
  completed: boolean;
  ran: boolean;
  error: string | undefined;
  readonly output: string[];
  /** The solve whose account of its output is listened to. */
  speaker: Solve | undefined;
  /** Bytes of what was fetched for it. */
  readonly transfers: Map<string, number>;
}

/** One run of buildx. */
export interface Solve {
  readonly targets: readonly BakeTarget[];
}

/** Something that a person who watches wants to know. */
export type StepEvent =
  | { readonly kind: "started"; readonly step: Step }
  | {
      readonly kind: "done";
      readonly step: Step;
      readonly seconds: number;
      readonly cached: boolean;
    }
  | { readonly kind: "output"; readonly step: Step; readonly line: string };

/** Follows a build's progress: which instruction took how long, was cached, or failed. */
export class StepTracker {
  readonly #tell: (event: StepEvent) => void;
  readonly #tracked = new Map<string, Tracked>();
  /** A later solve has other vertices for the same instructions: what is done is told once. */
  readonly #toldDone = new Set<string>();

  constructor(tell: (event: StepEvent) => void) {
    this.#tell = tell;
  }

  /** Takes one line of a solve's progress in. */
  follow(progress: Progress, solve: Solve): void {
    for (const vertex of progress.vertices) this.#followVertex(vertex, solve.targets);
    for (const output of progress.outputs) this.#followOutput(output, solve);
    for (const { vertex, id, total } of progress.transfers) {
      this.#tracked.get(vertex)?.transfers.set(id, total);
    }
  }

  /** Tells that a solve is over: what another one shares with it is now told by that one. */
  end(solve: Solve): void {
    for (const tracked of this.#tracked.values()) {
      if (tracked.speaker === solve) tracked.speaker = undefined;
    }
  }

  /** The steps of a stage that were run or found in the cache, in order; the one that failed too. */
  stepsOf(image: PlannedImage, stage: Stage): readonly BuildStep[] {
    const lineages = lineagesOf(image);
    const byLineage = this.#byLineage(image, lineages);
    return countedInstructions(stage).flatMap((instruction) => {
      const vertices = byLineage.get(lineages.get(instruction) ?? "");
      if (vertices === undefined) return [];
      const cached = vertices.every(isCached);
      return [{ line: instruction.lines.start, seconds: secondsOf(vertices), cached }];
    });
  }

  /**
   * What failed by itself, first the instructions, once for each Dockerfile that has them. What was
   * only cancelled, or went well in another solve, is left out.
   */
  failures(): readonly FailedVertex[] {
    const done = new Set(
      [...this.#tracked.values()]
        .filter(({ completed }) => completed)
        .flatMap(({ name, steps }) => [...steps.values()].map((step) => keyOf(step, name))),
    );
    const failed = [...this.#tracked.values()].flatMap(({ name, error, blamed, output }) => {
      if (error === undefined) return [];
      if (blamed.size === 0) return [{ name, error, output }];
      const steps = [...blamed.values()].filter((step) => !done.has(keyOf(step, name)));
      return steps.map((step) => ({ name, error, output, step }));
    });
    return failed.sort((left, right) => Number(!("step" in left)) - Number(!("step" in right)));
  }

  #byLineage(
    image: PlannedImage,
    lineages: ReadonlyMap<Instruction, string>,
  ): ReadonlyMap<string, readonly Tracked[]> {
    const byLineage = new Map<string, Tracked[]>();
    for (const tracked of this.#tracked.values()) {
      const step = tracked.steps.get(image);
      const hasEnded = tracked.completed || tracked.error !== undefined;
      if (step === undefined || !hasEnded) continue;
      const lineage = lineages.get(step.instruction) ?? "";
      byLineage.set(lineage, [...(byLineage.get(lineage) ?? []), tracked]);
    }
    return byLineage;
  }

  #followVertex(vertex: Vertex, targets: readonly BakeTarget[]): void {
    const tracked = this.#trackedOf(vertex, targets);
    const step = firstStep(tracked);
    if (vertex.started === undefined || tracked.told === "done") {
      noteOutcome(tracked, vertex);
      return;
    }
    const isTold = step === undefined || this.#toldDone.has(keyOf(step, tracked.name));
    if (vertex.completed === undefined) {
      if (!isTold && tracked.told === undefined) this.#tell({ kind: "started", step });
      tracked.told ??= "started";
      return;
    }
    noteOutcome(tracked, vertex);
    const isResolving = isBase(tracked) && isCached(tracked);
    if (isTold || vertex.error !== undefined || isResolving) return;
    tracked.told = "done";
    this.#toldDone.add(keyOf(step, tracked.name));
    this.#tell({ kind: "done", step, seconds: tracked.seconds, cached: vertex.cached });
  }

  #trackedOf(vertex: Vertex, targets: readonly BakeTarget[]): Tracked {
    const tracked = this.#tracked.get(vertex.digest) ?? newlyTracked(vertex.name);
    this.#tracked.set(vertex.digest, tracked);
    if (tracked.names.has(vertex.name)) return tracked;
    tracked.names.add(vertex.name);
    const step = findStep(vertex.name, targets);
    const blamed = step ?? findBaseStep(vertex.name, targets);
    if (step && !tracked.steps.has(step.image)) tracked.steps.set(step.image, step);
    if (blamed && !tracked.blamed.has(blamed.image)) tracked.blamed.set(blamed.image, blamed);
    return tracked;
  }

  /** A step that several solves share tells its output to each of them: one is listened to. */
  #followOutput({ vertex, text }: VertexOutput, solve: Solve): void {
    const tracked = this.#tracked.get(vertex);
    if (tracked === undefined) return;
    if (tracked.speaker === undefined) {
      tracked.speaker = solve;
      tracked.output.length = 0;
    }
    if (tracked.speaker !== solve) return;
    const step = firstStep(tracked);
    for (const written of text.split("\n")) {
      const line = lastVersion(written);
      if (line.trim() === "") continue;
      const kept = line.slice(0, LINE_CHARACTERS);
      tracked.output.push(kept);
      if (tracked.output.length > OUTPUT_LINES) tracked.output.shift();
      if (step) this.#tell({ kind: "output", step, line: kept });
    }
  }
}

function newlyTracked(name: string): Tracked {
  return {
    name,
    names: new Set(),
    steps: new Map(),
    blamed: new Map(),
    told: undefined,
    seconds: 0,
    completed: false,
    ran: false,
    error: undefined,
    output: [],
    speaker: undefined,
    transfers: new Map(),
  };
}

function firstStep({ steps }: Tracked): Step | undefined {
  return steps.values().next().value;
}

/** `[target stage 2/5] RUN make` -> `RUN make`. */
function textOf(name: string): string {
  return name.replace(/^\[[^\]]*\] /, "");
}

/** The same for the same step in another solve; not for the triggers that a `FROM` stands for. */
function keyOf({ image, instruction }: Step, name: string): string {
  return JSON.stringify([image.name, instruction.lines.start, textOf(name)]);
}

/** Several vertices are one step in several solves, of which one ran it, or triggers of a `FROM`. */
function secondsOf(vertices: readonly Tracked[]): number {
  const parts = Map.groupBy(vertices, ({ name }) => textOf(name));
  const longest = [...parts.values()].map((same) =>
    Math.max(...same.map(({ seconds }) => seconds)),
  );
  return longest.reduce((sum, seconds) => sum + seconds, 0);
}

/** `10%\r20%\r` -> `20%`: what a terminal would show of a line that is written over. */
function lastVersion(line: string): string {
  return line.split("\r").findLast((version) => version.trim() !== "") ?? "";
}

/**
 * A shared vertex completes once for each target: it ran if it was not cached for all of them, and
 * failed if one says so and none succeeded.
 */
function noteOutcome(tracked: Tracked, vertex: Vertex): void {
  if (vertex.error !== undefined) {
    if (isCancellation(vertex.error)) return;
    tracked.error = vertex.error;
    noteTime(tracked, vertex);
    return;
  }
  if (vertex.started === undefined || vertex.completed === undefined) return;
  tracked.completed = true;
  tracked.error = undefined;
  if (!vertex.cached) noteTime(tracked, vertex);
}

function noteTime(tracked: Tracked, { started, completed }: Vertex): void {
  if (started === undefined || completed === undefined) return;
  tracked.ran = true;
  tracked.seconds = Math.max(tracked.seconds, (completed - started) / 1000);
}

/** Resolving a base image counts as cached: it ran only if something was fetched. */
function isCached(tracked: Tracked): boolean {
  if (!isBase(tracked)) return !tracked.ran;
  return [...tracked.transfers.values()].every((bytes) => bytes === 0);
}

function isBase({ name }: Tracked): boolean {
  return textOf(name).startsWith("FROM ");
}

function isCancellation(error: string): boolean {
  return /context canceled|Canceled: /.test(error);
}
