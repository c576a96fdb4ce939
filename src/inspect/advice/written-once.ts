import type { Saving } from "../savings/saving.ts";
import { stageCopiedFrom } from "./copy-source.ts";
import { isCopy, isRun, joinedRuns } from "./instructions.ts";
import {
  type AdviceWords,
  inCode,
  linesInWords,
  madeBy,
  pathsInCode,
  type SavingLayers,
} from "./words.ts";

/** What is written more than once is left to one line. */
export function writtenOnce(message: string, saving: Saving, about: SavingLayers): AdviceWords {
  const { first, later } = about;
  if (isRun(first) && isRun(later)) return inOneRun(message, about);
  if (isCopy(first) && isRun(later)) return { message, instead: changedBefore(about) };
  if (saving.rule === "metadata-only") {
    return {
      message,
      instead: `Let line ${later.line} not copy what ${madeBy(first)} has written.`,
    };
  }
  const instead = `Let only one of lines ${first.line} and ${later.line} write ${pathsInCode(saving)}.`;
  return { message, instead };
}

/** Two or more `RUN`s as one, as far as that can be said. */
export function inOneRun(message: string, about: SavingLayers): AdviceWords {
  const { instead, isWhole } = joinedRuns(about);
  if (!isWhole) return { message, instead };
  const lines = linesInWords([about.first, ...about.between, about.later]);
  return { message: `${message} One line can do what ${lines} do.`, instead };
}

/** What is copied and then changed can be copied as it is in the end. */
function changedBefore({ first, later, image }: SavingLayers): string {
  const stage = stageCopiedFrom(first, image.stages);
  const where = stage === undefined ? "an earlier stage" : `stage ${inCode(stage.name)}`;
  const copy = inCode("COPY --from");
  return `Do what line ${later.line} does in ${where}, and let line ${first.line} copy the result from there, with ${copy}.`;
}
