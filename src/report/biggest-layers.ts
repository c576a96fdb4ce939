import type { Layer } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";

/** The layers of a stage as a person wants to see them. */
export interface BiggestLayers {
  /** Its own, largest first. */
  readonly own: readonly Layer[];
  /** Its own that are too small to be looked at, or too many. */
  readonly smaller: readonly Layer[];
  /** Those of its base image: nobody can do anything about a single one of them. */
  readonly base: readonly Layer[];
}

/** Less than this part of a stage is not worth a row. */
const WORTH_A_ROW = 0.005;

/** Sorts the layers of a stage, at most so many of its own by themselves. */
export function biggestLayers(stage: ReportStage, most: number): BiggestLayers {
  const own = stage.layers
    .filter((layer) => layer.origin === "own" && layer.unpacked > 0)
    .toSorted((one, other) => other.unpacked - one.unpacked);
  const least = (stage.unpacked ?? 0) * WORTH_A_ROW;
  const large = own.filter((layer) => layer.unpacked >= least).length;
  const count = Math.min(most, Math.max(large, 1));
  return {
    own: own.slice(0, count),
    smaller: own.slice(count),
    base: stage.layers.filter((layer) => layer.origin === "base"),
  };
}
