import type { Advice, Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import type { AdviceWords, SavingLayers } from "./words.ts";

/** Advice, and what it comes from. */
export interface Told {
  readonly saving: Saving;
  readonly about: SavingLayers;
  readonly advice: Advice;
  /** That other stages change with it, in a sentence; empty where none does. */
  readonly ofOthers: string;
  /** There is a secret among the files, which has advice of its own. */
  readonly hasSecret: boolean;
  /** The line that is to be written otherwise, if what is told for other reasons goes with that. */
  readonly change?: LineChange;
}

/** A mount more, or other words. */
export interface LineChange {
  readonly layer: Layer;
  readonly mount?: string;
  readonly written?: string;
}

/** Several pieces of advice as one, under the rule of the first, in words of their own. */
export function joinedAdvice(
  first: Told,
  all: readonly Told[],
  { message, instead }: Pick<AdviceWords, "message" | "instead">,
): Told {
  const lines = new Set(all.flatMap(({ advice }) => advice.lines));
  const advice: Advice = {
    rule: first.advice.rule,
    bytes: all.reduce((sum, one) => sum + one.advice.bytes, 0),
    lines: [...lines].sort((one, other) => one - other),
    message,
    instead,
    paths: all.flatMap(({ advice: { paths } }) => paths.slice(0, 1)),
  };
  return { ...first, advice };
}
