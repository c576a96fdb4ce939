import type { BuildStep, PlannedImage, Stage } from "../model.ts";
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
  readonly name: string;
  readonly step: Step | undefined;
  /** The instruction to blame when it fails. */
  readonly blamed: Step | undefined;
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

  /** The steps of a stage that were run or found in the cache, in order. */
  stepsOf(image: PlannedImage, stage: Stage): readonly BuildStep[] {
    const lineages = lineagesOf(image);
    const byLineage = new Map<string, Tracked>();
    for (const tracked of this.#tracked.values()) {
      if (tracked.step === undefined || !tracked.completed) continue;
      if (tracked.step.image !== image) continue;
      byLineage.set(lineages.get(tracked.step.instruction) ?? "", tracked);
    }
    return countedInstructions(stage).flatMap((instruction) => {
      const tracked = byLineage.get(lineages.get(instruction) ?? "");
      if (tracked === undefined) return [];
      const { start } = instruction.lines;
      return [{ line: start, seconds: tracked.seconds, cached: isCached(tracked) }];
    });
  }

  /** What failed by itself, first the instructions. What was only cancelled is left out. */
  failures(): readonly FailedVertex[] {
    const failed = [...this.#tracked.values()].flatMap((tracked) => {
      const { name, error, blamed, output } = tracked;
      if (error === undefined) return [];
      return [{ name, error, output, ...(blamed === undefined ? {} : { step: blamed }) }];
    });
    return failed.sort((left, right) => Number(!left.step) - Number(!right.step));
  }

  #followVertex(vertex: Vertex, targets: readonly BakeTarget[]): void {
    const tracked = this.#trackedOf(vertex, targets);
    const { step } = tracked;
    if (vertex.started === undefined || tracked.told === "done") {
      noteOutcome(tracked, vertex);
      return;
    }
    if (vertex.completed === undefined) {
      if (step && tracked.told === undefined) this.#tell({ kind: "started", step });
      tracked.told ??= "started";
      return;
    }
    noteOutcome(tracked, vertex);
    const isResolving = step?.instruction.keyword === "FROM" && isCached(tracked);
    if (step === undefined || vertex.error !== undefined || isResolving) return;
    tracked.told = "done";
    this.#tell({ kind: "done", step, seconds: tracked.seconds, cached: vertex.cached });
  }

  #trackedOf(vertex: Vertex, targets: readonly BakeTarget[]): Tracked {
    const known = this.#tracked.get(vertex.digest);
    if (known !== undefined) return known;
    const step = findStep(vertex.name, targets);
    const tracked: Tracked = {
      name: vertex.name,
      step,
      blamed: step ?? findBaseStep(vertex.name, targets),
      told: undefined,
      seconds: 0,
      completed: false,
      ran: false,
      error: undefined,
      output: [],
      speaker: undefined,
      transfers: new Map(),
    };
    this.#tracked.set(vertex.digest, tracked);
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
    for (const written of text.split("\n")) {
      const line = lastVersion(written);
      if (line.trim() === "") continue;
      const kept = line.slice(0, LINE_CHARACTERS);
      tracked.output.push(kept);
      if (tracked.output.length > OUTPUT_LINES) tracked.output.shift();
      if (tracked.step) this.#tell({ kind: "output", step: tracked.step, line: kept });
    }
  }
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
    if (!isCancellation(vertex.error)) tracked.error = vertex.error;
    return;
  }
  if (vertex.started === undefined || vertex.completed === undefined) return;
  tracked.completed = true;
  tracked.error = undefined;
  if (vertex.cached) return;
  tracked.ran = true;
  tracked.seconds = Math.max(tracked.seconds, (vertex.completed - vertex.started) / 1000);
}

/** Resolving a base image counts as cached: it ran only if something was fetched. */
function isCached(tracked: Tracked): boolean {
  if (tracked.step?.instruction.keyword !== "FROM") return !tracked.ran;
  return [...tracked.transfers.values()].every((bytes) => bytes === 0);
}

function isCancellation(error: string): boolean {
  return /context canceled|Canceled: /.test(error);
}
