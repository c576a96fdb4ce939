import type { Saving } from "../savings/saving.ts";
import { isHeredoc, isRun } from "./instructions.ts";
import { type AdviceWords, inCode, listed, type SavingLayers } from "./words.ts";

/** Options are bounded: a long line would take the square of its length. */
const INSTALLS = /\b(apt-get|apt)(\s+(?:-\S+\s+){0,20})install\b/g;

/** apt installed what nobody asked for, and nothing that was asked for requires. */
export function recommendedPackagesWords(
  { subject = "", neededPackages = [] }: Saving,
  { later }: SavingLayers,
): AdviceWords | undefined {
  if (!isRun(later)) return undefined;
  const { instruction = "" } = later;
  const names = neededPackages.map((name) => ` ${name}`).join("");
  const written = instruction.replace(INSTALLS, `$1$2install --no-install-recommends${names}`);
  const isShown = written !== instruction && !isHeredoc(later);
  const sentence = `Write ${inCode(`apt-get install --no-install-recommends${names} …`)} in line ${later.line}.`;
  const also =
    neededPackages.length === 0
      ? ""
      : ` ${listed(neededPackages.map(inCode))} would go too, and ${neededPackages.length > 1 ? "are" : "is"} named for that.`;
  return {
    message: `Line ${later.line} installs packages that are only recommended: ${subject}. Name those that are needed all the same.${also}`,
    instead: isShown ? written : sentence,
    ...(isShown && { written }),
  };
}
