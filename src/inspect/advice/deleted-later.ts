import type { Saving } from "../savings/saving.ts";
import { mountedInstead } from "./copied-instead.ts";
import { joinedRuns } from "./instructions.ts";
import { type AdviceWords, madeBy, type SavingLayers } from "./words.ts";

/** A layer deletes what one below it has: nobody sees it, and everybody downloads it. */
export function deletedLaterWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later, chain } = about;
  if (first.origin === "base") return undefined;
  return {
    message: `Line ${later.line} deletes what ${madeBy(first)} wrote, but that layer still carries it.`,
    instead: mountedInstead(saving, about) ?? joinedRuns(first, later, chain),
  };
}
