import type { Saving } from "../savings/saving.ts";
import { type AdviceWords, madeBy, type SavingLayers } from "./words.ts";

/** A container sees the same content in several places. */
export function duplicateContentWords(
  { files, paths, twin = "" }: Saving,
  { first, later }: SavingLayers,
): AdviceWords {
  const [path = ""] = paths;
  const what =
    files === 1 ? `${path}, which is` : `${files} files, of which ${path} is the largest,`;
  const where = first === later ? "it has written elsewhere" : `${madeBy(first)} has written`;
  return {
    message: `Line ${later.line} writes ${what} the same as what ${where}.`,
    instead: files === 1 ? `ln -s ${twin} ${path}` : "keep one of each two, and link to it",
  };
}
