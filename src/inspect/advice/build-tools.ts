import type { Saving } from "../savings/saving.ts";
import type { AdviceWords, SavingLayers } from "./words.ts";

/** Compilers are in the stage that is shipped. */
export function buildToolsWords(
  { subject = "" }: Saving,
  { later, isLast }: SavingLayers,
): AdviceWords | undefined {
  if (!isLast) return undefined;
  return {
    message: `Line ${later.line} leaves what only compilers need in the stage that is shipped: ${subject}.`,
    instead: "install them in an earlier stage, and COPY --from it what they make",
  };
}
