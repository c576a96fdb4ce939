import type { Saving } from "../savings/saving.ts";
import { copySource, installedFolder } from "./copy-source.ts";
import { type AdviceWords, madeBy, type SavingLayers } from "./words.ts";
import { writtenOnce } from "./written-once.ts";

/** A layer puts other content where one below it has some. */
export function overwrittenLaterWords(
  saving: Saving,
  about: SavingLayers,
): AdviceWords | undefined {
  const { first, later } = about;
  if (first.origin === "base") return undefined;
  // Told as what the build context should not have.
  if (copySource(later) === "context" && installedFolder(saving, about)) return undefined;
  // A package manager keeps its books anew with whatever it does.
  if (saving.paths.every((path) => path.startsWith("/var/lib/dpkg/"))) return undefined;
  const message = `Line ${later.line} writes files again that ${madeBy(first)} had written.`;
  return writtenOnce(message, saving, about);
}
