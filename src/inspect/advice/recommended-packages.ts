import type { Saving } from "../savings/saving.ts";
import { isHeredoc, isRun } from "./instructions.ts";
import { type AdviceWords, inCode, type SavingLayers } from "./words.ts";

const INSTALLS = /\b(apt-get|apt)(\s+(?:-\S+\s+)*)install\b/g;

/** apt installed what nobody asked for, and nothing that was asked for requires. */
export function recommendedPackagesWords(
  { subject = "" }: Saving,
  { later }: SavingLayers,
): AdviceWords | undefined {
  if (!isRun(later)) return undefined;
  const { instruction = "" } = later;
  const written = instruction.replace(INSTALLS, "$1$2install --no-install-recommends");
  const isShown = written !== instruction && !isHeredoc(later);
  const sentence = `Write ${inCode("apt-get install --no-install-recommends …")} in line ${later.line}.`;
  return {
    message: `Line ${later.line} installs packages that are only recommended: ${subject}. Name those that are needed all the same.`,
    instead: isShown ? written : sentence,
  };
}
