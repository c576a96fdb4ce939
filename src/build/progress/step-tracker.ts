import type { BuildStep } from "../../model/build.ts";
import type { Finding } from "../../model/finding.ts";
import type { BuildInputs } from "../../model/inputs.ts";
import type { Instruction, PlannedImage, Stage } from "../../model/plan.ts";
import type { BakeTarget } from "../bake-file.ts";
import { lineagesOf } from "../lineage.ts";
import { BuildWarnings } from "./build-warnings.ts";
import { ContextMeter } from "./context-meter.ts";
import { OpenVertices } from "./open-vertices.ts";
import { OutputKeeper } from "./output-keeper.ts";
import type { Progress, Vertex, VertexOutput } from "./progress.ts";
import {
  countedInstructions,
  findBaseStep,
  findContextStep,
  findStep,
  findSyntaxStep,
  type Step,
} from "./step-names.ts";
import type { StepOutput } from "./telling-lines.ts";
import {
  firstStep,
  isAboutFiles,
  isBase,
  isCached,
  isDone,
  isFetched,
  isGivenUp,
  keyOf,
  newlyTracked,
  noteOutcome,
  secondsOf,
  type Tracked,
} from "./tracked-vertex.ts";

/** A vertex that ended in an error of its own. */
export interface FailedVertex {
  readonly name: string;
  readonly error: string;
  /** The instruction to blame; undefined for what none asked for, such as exporting. */
  readonly step?: Step;
  readonly output: StepOutput;
}

/** One run of buildx. */
export interface Solve {
  readonly targets: readonly BakeTarget[];
  readonly settings?: { readonly inputs: Pick<BuildInputs, "buildContexts"> };
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
  | {
      readonly kind: "failed";
      readonly step: Step;
      readonly seconds: number;
      readonly error: string;
    }
  | { readonly kind: "output"; readonly step: Step; readonly line: string };

/** Follows a build's progress: which instruction took how long, was cached, or failed. */
export class StepTracker {
  readonly #tell: (event: StepEvent) => void;
  readonly #conceal: (line: string) => string;
  readonly #tracked = new Map<string, Tracked>();
  /** A later solve has other vertices for the same instructions: what is done is told once. */
  readonly #toldDone = new Set<string>();
  readonly #toldFailed = new Set<string>();
  /** Solves whose word on what is cached is no proof. */
  readonly #doubtful = new Set<object>();
  /** Solves that did not go well: what they found in a cache may still fail in another. */
  readonly #unfinished = new Set<object>();
  readonly #contexts = new ContextMeter();
  readonly #warnings = new BuildWarnings();
  /** What has begun and not ended. */
  readonly open: OpenVertices;

  /**
   * @param conceal takes secrets out of a line, which is done before it is cut.
   * @param open where another tracker keeps that too
   */
  constructor(
    tell: (event: StepEvent) => void,
    conceal = (line: string) => line,
    open = new OpenVertices(),
  ) {
    this.#tell = tell;
    this.#conceal = conceal;
    this.open = open;
  }

  /** Takes one line of a solve's progress in. */
  follow(progress: Progress, solve: Solve): void {
    const outputs = Map.groupBy(progress.outputs, ({ vertex }) => vertex);
    const errors = progress.vertices.flatMap(({ error }) => error ?? []);
    if (errors.some(isAboutFiles)) this.#doubtful.add(solve);
    for (const vertex of progress.vertices) {
      if (vertex.completed !== undefined) this.#followLastOutputs(vertex, outputs, solve);
      this.#followVertex(vertex, solve);
    }
    for (const output of [...outputs.values()].flat()) this.#followOutput(output, solve);
    this.open.follow(progress, solve);
    this.#contexts.follow(progress, solve.targets);
    this.#warnings.follow(progress, solve.targets);
    for (const { vertex, id, total } of progress.transfers) {
      this.#tracked.get(vertex)?.transfers.set(id, total);
    }
  }

  /** Bytes of build contexts that were sent, by the image's name. */
  get contextBytes(): ReadonlyMap<string, number> {
    return this.#contexts.bytes;
  }

  /** What the builder warned of, by the image's name. */
  get warnings(): ReadonlyMap<string, readonly Finding[]> {
    return this.#warnings.findings;
  }

  /** Tells that a solve is over: what another one shares with it is now told by that one. */
  end(solve: Solve, wentWell: boolean): void {
    this.open.end(solve);
    if (!wentWell) this.#unfinished.add(solve);
    for (const tracked of this.#tracked.values()) {
      const step = firstStep(tracked);
      const isTold = step === undefined || this.#toldDone.has(keyOf(step, tracked.name));
      // A solve that went well has given up nothing.
      if (wentWell && !isTold && isGivenUp(tracked, solve)) this.#tellDone(tracked, step, true);
      if (tracked.speaker !== solve) continue;
      this.#tellOutput(tracked, tracked.output.end());
      tracked.speaker = undefined;
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
    const unproven = this.#doubtful.union(this.#unfinished);
    const done = new Set(
      [...this.#tracked.values()]
        .filter((tracked) => isDone(tracked, unproven))
        .flatMap(({ name, steps }) => [...steps.values()].map((step) => keyOf(step, name))),
    );
    const failed = [...this.#tracked.values()].flatMap((tracked) => {
      const { name, error, blamed } = tracked;
      if (error === undefined) return [];
      const output = tracked.output.chosen();
      const isUnblamed = blamed.size === 0 && !isDone(tracked, unproven);
      if (isUnblamed) return [{ name, error, output }];
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
      const hasEnded = isDone(tracked, this.#doubtful) || tracked.error !== undefined;
      if (step === undefined || !hasEnded) continue;
      const lineage = lineages.get(step.instruction) ?? "";
      byLineage.set(lineage, [...(byLineage.get(lineage) ?? []), tracked]);
    }
    return byLineage;
  }

  #followVertex(vertex: Vertex, solve: Solve): void {
    const tracked = this.#trackedOf(vertex, solve);
    const step = firstStep(tracked);
    const isOver = tracked.told === "done" && vertex.error === undefined;
    if (vertex.started === undefined || isOver) {
      noteOutcome(tracked, vertex, solve);
      return;
    }
    const isTold = step === undefined || this.#toldDone.has(keyOf(step, tracked.name));
    if (vertex.completed === undefined) {
      if (!isTold && tracked.told === undefined) this.#tell({ kind: "started", step });
      tracked.told ??= "started";
      tracked.begunIn.add(solve);
      return;
    }
    noteOutcome(tracked, vertex, solve);
    this.#tellOutput(tracked, tracked.output.end());
    const isResolving = isBase(tracked) && isCached(tracked);
    const error = vertex.error === undefined ? undefined : tracked.error;
    if (step && error !== undefined) this.#tellFailure(tracked, step, error);
    if (isTold || vertex.error !== undefined || isResolving) return;
    const isDoubtful = vertex.cached && this.#doubtful.has(solve);
    if (isDoubtful || isGivenUp(tracked, solve)) return;
    this.#tellDone(tracked, step, vertex.cached || isFetched(tracked));
  }

  #tellDone(tracked: Tracked, step: Step, cached: boolean): void {
    tracked.told = "done";
    this.#toldDone.add(keyOf(step, tracked.name));
    this.#tell({ kind: "done", step, seconds: tracked.seconds, cached });
  }

  /** Once, though each target that shares the step fails with it, and each solve. */
  #tellFailure(tracked: Tracked, step: Step, error: string): void {
    const key = keyOf(step, tracked.name);
    if (this.#toldFailed.has(key)) return;
    this.#toldFailed.add(key);
    this.#tell({ kind: "failed", step, seconds: tracked.seconds, error });
  }

  #trackedOf(vertex: Vertex, { targets, settings }: Solve): Tracked {
    const tracked = this.#tracked.get(vertex.digest) ?? newlyTracked(vertex.name);
    this.#tracked.set(vertex.digest, tracked);
    if (tracked.names.has(vertex.name)) return tracked;
    tracked.names.add(vertex.name);
    const step = findStep(vertex.name, targets);
    const blamed =
      step ??
      findBaseStep(vertex.name, targets) ??
      findSyntaxStep(vertex.name, targets) ??
      findContextStep(vertex.name, targets, settings?.inputs.buildContexts ?? {});
    if (step && !tracked.steps.has(step.image)) tracked.steps.set(step.image, step);
    if (blamed && !tracked.blamed.has(blamed.image)) tracked.blamed.set(blamed.image, blamed);
    return tracked;
  }

  /** What a step has said stands before its end, and below its name. */
  #followLastOutputs(
    { completed: _completed, error: _error, ...begun }: Vertex,
    outputs: Map<string, readonly VertexOutput[]>,
    solve: Solve,
  ): void {
    const last = outputs.get(begun.digest) ?? [];
    if (last.length > 0) this.#followVertex(begun, solve);
    for (const output of last) this.#followOutput(output, solve);
    outputs.delete(begun.digest);
  }

  /** A step that several solves share tells its output to each of them: one is listened to. */
  #followOutput({ vertex, stream, text }: VertexOutput, solve: Solve): void {
    const tracked = this.#tracked.get(vertex);
    if (tracked === undefined) return;
    if (tracked.speaker === undefined) {
      tracked.speaker = solve;
      tracked.output = new OutputKeeper(this.#conceal);
    }
    if (tracked.speaker !== solve) return;
    this.#tellOutput(tracked, tracked.output.add(stream, text));
  }

  #tellOutput(tracked: Tracked, lines: readonly string[]): void {
    const step = firstStep(tracked);
    if (step === undefined) return;
    for (const line of lines) this.#tell({ kind: "output", step, line });
  }
}
