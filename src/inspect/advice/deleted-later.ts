import type { Saving } from "../savings/saving.ts";
import { deletesOnly } from "./commands.ts";
import { mountedInstead } from "./copied-instead.ts";
import { copySource } from "./copy-source.ts";
import { isCopy } from "./instructions.ts";
import { isCopiedAlone } from "./needed.ts";
import { type AdviceWords, madeBy, pathsInCode, type SavingLayers } from "./words.ts";
import { inOneRun } from "./written-once.ts";

/** A layer deletes what one below it has: nobody sees it, and everybody downloads it. */
export function deletedLaterWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  if (first.origin === "base") return undefined;
  const message = `Line ${later.line} deletes what ${madeBy(first)} wrote, but that layer still carries it.`;
  if (isUnusedContext(saving, about)) {
    const instead = `Keep ${pathsInCode(saving)} out of what line ${first.line} copies, by a line in \`.dockerignore\` or by naming what is needed.`;
    return { message, instead };
  }
  const instead = mountedInstead(saving, about);
  return instead === undefined ? inOneRun(message, about, saving) : { message, instead };
}

/** Whether a folder of the build context is copied, and what is deleted of it used by no line. */
function isUnusedContext({ paths }: Saving, { first, later, chain }: SavingLayers): boolean {
  const [path = ""] = paths;
  const { instruction = "" } = first;
  if (!isCopy(first) || copySource(first) !== "context" || !deletesOnly(later)) return false;
  if (isCopiedAlone(path, instruction) !== undefined) return false;
  const [start = 0, end = 0] = [first.line, later.line];
  return !chain.some(
    ({ keyword, lines }) => keyword === "RUN" && start < lines.start && lines.start < end,
  );
}
