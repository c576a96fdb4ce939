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

/** Less than this part of a stage is not worth a row of its own, unless it is the largest. */
const WORTH_A_ROW = 0.005;

/** Less than this part of a stage, or so few bytes, nobody wants to see among what is biggest. */
const WORTH_TELLING = 0.001;
const LEAST_BYTES = 1_000;

/** Whether bytes are enough to be told among what is biggest in a stage. */
export function isWorthTelling({ unpacked = 0 }: ReportStage, bytes: number): boolean {
  return bytes >= Math.max(LEAST_BYTES, WORTH_TELLING * unpacked);
}

/** Sorts the layers of a stage, at most so many of its own by themselves. */
export function biggestLayers(stage: ReportStage, most: number): BiggestLayers {
  const own = stage.layers
    .filter((layer) => layer.origin === "own" && layer.unpacked > 0)
    .toSorted((one, other) => other.unpacked - one.unpacked);
  const least = (stage.unpacked ?? 0) * WORTH_A_ROW;
  const large = own.filter((layer) => layer.unpacked >= least).length;
  const count = Math.min(most, Math.max(large, 1));
  const smaller = own.slice(count);
  const sum = smaller.reduce((total, { unpacked }) => total + unpacked, 0);
  return {
    own: own.slice(0, count).filter((layer) => isWorthTelling(stage, layer.unpacked)),
    smaller: isWorthTelling(stage, sum) ? smaller : [],
    base: stage.layers.filter((layer) => layer.origin === "base"),
  };
}
