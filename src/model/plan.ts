// What a Dockerfile asks for.

/** First and last line of an instruction in its Dockerfile. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** One instruction of a Dockerfile, `FROM` included. */
export interface Instruction {
  /** In capitals: `RUN`, `COPY`, `FROM`. */
  readonly keyword: string;
  readonly lines: LineRange;
  /** Its own text, continuation lines joined by one space, comments left out. */
  readonly text: string;
}

/** What a stage stands on. */
export type StageBase =
  | { readonly kind: "stage"; readonly index: number }
  /** `reference` as resolved; where a build context replaces the image, that context as given. */
  | { readonly kind: "image"; readonly reference: string }
  | { readonly kind: "scratch" };

/** Whether a stage is built in this run. */
export type StageDecision =
  /**
   * `target` is what `--target` is given: a name of the Dockerfile or one that we generated. Empty
   * for a last stage without a name, which is what is built when no target is given.
   */
  | { readonly kind: "build"; readonly target: string }
  | { readonly kind: "skip"; readonly reason: string };

/** One `FROM` of a Dockerfile. */
export interface Stage {
  /** Name of the image (the Dockerfile) that it belongs to. */
  readonly image: string;
  /** As written after `AS`, or its index as a string. */
  readonly name: string;
  /** Position in the Dockerfile, from 0. */
  readonly index: number;
  /** Line of its `FROM`. */
  readonly line: number;
  readonly base: StageBase;
  /** Indices of the stages that it needs directly: `FROM`, `COPY --from`, `RUN --mount=from`. */
  readonly needs: readonly number[];
  /** `os/arch[/variant]`. */
  readonly platform: string;
  /** Its instructions in order; the first is the `FROM`. */
  readonly instructions: readonly Instruction[];
  readonly decision: StageDecision;
}

/** A Dockerfile and its context: in inputs, one image. */
export interface PlannedImage {
  /** Unique in a run; default from the Dockerfile's path. */
  readonly name: string;
  /** Relative to the workspace, with forward slashes. */
  readonly dockerfile: string;
  /** Folder, relative to the workspace, with forward slashes. */
  readonly context: string;
  /** Text of the Dockerfile as it is on disk. */
  readonly text: string;
  /**
   * Text that is built instead, where a wanted stage cannot be addressed by `--target`: the same
   * lines with an `AS` added to some `FROM`s. Undefined when the Dockerfile is built as it is.
   */
  readonly generatedText?: string;
  /** Image of the frontend that reads it, as written; undefined: the builder's own. */
  readonly frontend?: string;
  readonly stages: readonly Stage[];
  /** Absent: not known. */
  readonly ignoreRules?: IgnoreRules;
}

/** What leaves files out of a build context, and for whom. */
export interface IgnoreRules {
  /** The Dockerfile has an ignore file of its own, beside it: no other counts for it. */
  readonly isOwn: boolean;
  /** Other Dockerfiles that the same ignore file counts for, or would if it were there. */
  readonly sharers: readonly Pick<PlannedImage, "dockerfile" | "stages">[];
}

/** All that will be built. */
export interface Plan {
  readonly images: readonly PlannedImage[];
}
