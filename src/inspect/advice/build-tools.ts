import type { Saving } from "../savings/saving.ts";
import { startsBuilder } from "./started.ts";
import { type AdviceWords, inCode, type SavingLayers } from "./words.ts";

/** Compilers are in the stage that is shipped. */
export function buildToolsWords(
  { subject = "" }: Saving,
  { later, isLast, chain }: SavingLayers,
): AdviceWords | undefined {
  if (!isLast || startsBuilder(chain)) return undefined;
  return {
    message: `Line ${later.line} leaves what only compilers need in the stage that is shipped: ${subject}.`,
    instead: `Install them in an earlier stage, and ${inCode("COPY --from")} that what they make.`,
  };
}
