// What BuildKit made of it.

import type { LineRange } from "./plan.ts";

/** One instruction as BuildKit ran it. */
export interface BuildStep {
  readonly line: number;
  readonly seconds: number;
  readonly cached: boolean;
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
      /** The end of the failing step's output, oldest line first. Hostile text. */
      readonly output: readonly string[];
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
    }
  | { readonly kind: "skipped"; readonly reason: string };

/**
 * Which Dockerfile lines made which layer, by layer digest (diff ID on a graph store), over all
 * stages of one Dockerfile. Two instructions can make the very same layer: then both are listed.
 */
export type LayerLines = ReadonlyMap<string, readonly LineRange[]>;
