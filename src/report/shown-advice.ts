import type { StageJudgement } from "../judge/judge.ts";
import type { Advice } from "../model/image.ts";
import type { MeasuredStage } from "../model/measurement.ts";
import type { PlannedImage } from "../model/plan.ts";
import { isShipped } from "../plan/shipped.ts";

/**
 * The advice on a stage, as far as it helps anybody: what is left in a stage that others only copy
 * from is shipped to nobody, unless there is a goal on what the stage weighs.
 */
export function shownAdvice(
  { stages }: PlannedImage,
  { stage, image }: MeasuredStage,
  judgement: StageJudgement | undefined,
): readonly Advice[] {
  const goals = judgement?.goals ?? [];
  const isWeighed = goals.some(({ rule }) => rule !== "fail-on-severity");
  return isWeighed || isShipped(stages, stage) ? (image?.advice ?? []) : [];
}
