// What BuildKit made of it.

import type { LineRange } from "./plan.ts";

/** One instruction as BuildKit ran it. */
export interface BuildStep {
  readonly line: number;
  readonly seconds: number;
  readonly cached: boolean;
  /** Only of the one that the stage failed at. */
  readonly failed?: true;
}

/** A path that an instruction names and that is not in the build context as BuildKit got it. */
export interface MissingPath {
  /** Relative to the context; a pattern where none of its files was found. */
  readonly path: string;
  /** Whether it is one. Default: it is not. */
  readonly isPattern?: boolean;
  /** The instruction as a reason names it: short, and as code. */
  readonly instruction: string;
}

/** What became of a stage. A failed stage is a value, not an exception. */
export type StageBuild =
  | {
      readonly kind: "built";
      /** Digest of the platform manifest, which the layout's `index.json` lists itself. */
      readonly digest: string;
      /** `docker save` wrote it, so that its layers may lie there as nobody would download them. */
      readonly isSaved?: true;
      /** Of its own steps. */
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
    }
  | {
      readonly kind: "failed";
      /** Line of the instruction that failed, where it is known. */
      readonly line?: number;
      /** One line: what BuildKit says went wrong. */
      readonly reason: string;
      /** What it was to copy and did not find in the build context, where that is why. */
      readonly missing?: MissingPath;
      /**
       * What the failing step wrote, oldest line first: the end of either stream, and what looks like
       * an error, with `… 120 lines …` where lines were left out. Hostile text.
       */
      readonly output: readonly string[];
      /** Indices of those lines of it that say most of why it failed, the best first. */
      readonly telling?: readonly number[];
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
    }
  | {
      readonly kind: "skipped";
      readonly reason: string;
      /** Names of the stages that it needs and that failed, where that is why. */
      readonly failedNeeds?: readonly string[];
    };

/**
 * Which Dockerfile lines made which layer, by layer digest (diff ID on a graph store), over all
 * stages of one Dockerfile. Two instructions can make the very same layer: then both are listed.
 */
export type LayerLines = ReadonlyMap<string, readonly LineRange[]>;
