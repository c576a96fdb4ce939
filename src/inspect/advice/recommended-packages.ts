import type { Saving } from "../savings/saving.ts";
import { isHeredoc } from "./instructions.ts";
import type { AdviceWords, SavingLayers } from "./words.ts";

const INSTALLS = /\b(apt-get|apt)(\s+(?:-\S+\s+)*)install\b/g;

/** apt installed what nobody asked for, and nothing that was asked for requires. */
export function recommendedPackagesWords(
  { subject = "" }: Saving,
  { later }: SavingLayers,
): AdviceWords {
  const { instruction = "" } = later;
  const written = instruction.replace(INSTALLS, "$1$2install --no-install-recommends");
  const isShown = written !== instruction && !isHeredoc(later);
  return {
    message: `Line ${later.line} installs packages that are only recommended: ${subject}.`,
    instead: isShown ? written : "apt-get install --no-install-recommends …",
  };
}
