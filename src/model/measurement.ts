// All that one run knows before anything is judged.

import type { StageBuild } from "./build.ts";
import type { Checked, ImageFinding, Lint } from "./finding.ts";
import type { DiveFigures, StageImage } from "./image.ts";
import type { PlannedImage, Stage } from "./plan.ts";

/** All that one run knows of a stage before anything is judged. */
export interface MeasuredStage {
  readonly stage: Stage;
  readonly build: StageBuild;
  /** Undefined unless built. */
  readonly image?: StageImage;
  /** Where dive's thresholds are goals of it. */
  readonly dive?: DiveFigures;
  readonly scan: Checked<ImageFinding>;
}

/** All that one run knows of a Dockerfile before anything is judged. */
export interface MeasuredImage {
  readonly plan: PlannedImage;
  readonly lint: Lint;
  /** What was sent of its context in this run; undefined where BuildKit did not ask for it. */
  readonly contextBytes?: number;
  readonly stages: readonly MeasuredStage[];
}

/** All that one run measured. */
export interface Measurement {
  readonly images: readonly MeasuredImage[];
}
