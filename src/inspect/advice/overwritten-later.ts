import type { Saving } from "../savings/saving.ts";
import { writtenOnce } from "./instructions.ts";
import { type AdviceWords, madeBy, type SavingLayers } from "./words.ts";

/** A layer puts other content where one below it has some. */
export function overwrittenLaterWords(_: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  if (first.origin === "base") return undefined;
  const message = `Line ${later.line} writes files again that ${madeBy(first)} had written.`;
  return { message, instead: writtenOnce(about) };
}
