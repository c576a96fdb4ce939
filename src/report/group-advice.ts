import type { Advice } from "../model/image.ts";
import type { ReportStage } from "../model/report.ts";
import { type EnoughFor, enoughFor } from "./advice-goals.ts";
import { isTooBig } from "./obstacles.ts";

/** Advice that several stages of a Dockerfile share, as they share the lines that it is about. */
export interface SharedAdvice extends Advice {
  readonly stages: readonly ReportStage[];
  /** Goals that they miss, where it is enough by itself. */
  readonly enoughFor: readonly EnoughFor[];
}

/**
 * The advice for the stages of one Dockerfile, each once: that for stages that miss a goal on size,
 * then the rest, of both what saves most first.
 */
export function groupAdvice(stages: readonly ReportStage[]): readonly SharedAdvice[] {
  const groups = new Map<string, SharedAdvice>();
  for (const stage of stages) {
    const told = new Map<string, number>();
    for (const advice of stage.advice) {
      const name = JSON.stringify([advice.rule, advice.lines, advice.instead]);
      const count = told.get(name) ?? 0;
      told.set(name, count + 1);
      // What one stage is told twice is not the same.
      const key = `${name} ${count}`;
      groups.set(key, joined(groups.get(key), advice, stage));
    }
  }
  const isUrgent = ({ stages: told }: SharedAdvice) => Number(told.some(isTooBig));
  return [...groups.values()].toSorted(
    (one, other) => isUrgent(other) - isUrgent(one) || other.bytes - one.bytes,
  );
}

/** Stages can save differently by the same change: what is told is true of one of them. */
function joined(known: SharedAdvice | undefined, advice: Advice, stage: ReportStage): SharedAdvice {
  const enough = enoughFor(stage, advice);
  if (known === undefined) return { ...advice, stages: [stage], enoughFor: enough };
  const most = advice.bytes > known.bytes ? advice : known;
  return {
    ...most,
    stages: [...known.stages, stage],
    enoughFor: [...known.enoughFor, ...enough],
  };
}
