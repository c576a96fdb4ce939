// Which stage of a Dockerfile an image is of.

import type { PlannedImage, Stage } from "../model/plan.ts";
import { attributeByHistory, type HistoryMatch, type LayerTraces } from "./attribution.ts";

/** The stage of a Dockerfile that an image is said to have been built from. */
export interface BuiltFrom {
  readonly image: PlannedImage;
  readonly stage: Stage;
  /** Nobody named the stage: it is the one to look at first, and to name where none fits. */
  readonly isGuess?: boolean;
}

/** A stage, and what can be said of the layers if the image is of it. */
export interface StageMatch extends HistoryMatch {
  readonly stage: Stage;
}

/**
 * Holds an image against the stage that was named, or else finds the one whose history it has.
 * Where several fit, the one that accounts for most of the history: what the others match is only
 * the end of that. Of equals the one that was guessed, then the last.
 */
export function matchStage(traces: LayerTraces, { image, stage, isGuess }: BuiltFrom): StageMatch {
  const match = (of: Stage): StageMatch => ({
    ...attributeByHistory(traces, image, of),
    stage: of,
  });
  const guessed = match(stage);
  if (!isGuess) return guessed;
  // A stage without instructions would fit every image.
  const others = image.stages.map(match).filter(({ fits, matched }) => fits && matched > 0);
  const most = Math.max(...others.map(({ matched }) => matched));
  if (guessed.fits && guessed.matched >= most) return guessed;
  return others.findLast(({ matched }) => matched === most) ?? guessed;
}
