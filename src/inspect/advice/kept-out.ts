import type { Saving } from "../savings/saving.ts";
import { commandsOf, isRemoval, isRemovalOf, readsNothing } from "./commands.ts";
import { leftOutWords } from "./context.ts";
import { copyTarget, sourceAlone } from "./context-source.ts";
import { copySource } from "./copy-source.ts";
import { isForced } from "./deletions.ts";
import { ignoreFile, ignoreNotes } from "./ignore-file.ts";
import { runsFrom } from "./instructions.ts";
import { isCopiedByName, isCopiedElsewhere, lineThatNeeds, nameOf } from "./needed.ts";
import { type FolderNeed, folderNeed } from "./needed-folder.ts";
import { copiersInWords } from "./overlapping-copies.ts";
import { type AdviceWords, inCode, linesInWords, pathsInCode, type SavingLayers } from "./words.ts";

/**
 * Words for what is copied out of the build context and deleted before any line has used it: it need
 * not be copied. Undefined where one may have.
 */
export function keptOutWords(
  message: string,
  saving: Saving,
  about: SavingLayers,
): AdviceWords | undefined {
  const [path = ""] = saving.paths;
  const isAlone = saving.files === 1 && sourceAlone(path, about) !== undefined;
  if (copySource(about.first) !== "context" || !isUnused(path, isAlone, about)) return undefined;
  if (!isAlone) return leftOut(message, saving, about);
  return isUsedElsewhere(path, about) ? undefined : dropped(message, path, about);
}

/** Whether all that is run after the copy, up to the line that deletes a file, can do without it. */
function isUnused(path: string, isAlone: boolean, about: SavingLayers): boolean {
  if (removalsOf(about).length === 0) return false;
  // A copy of nothing else makes no folder then.
  const target = (isAlone ? undefined : copyTarget(about)) ?? "";
  return runsFrom(about).every((instruction) => {
    const others = (commandsOf({ instruction }) ?? []).filter((command) => !isRemoval(command));
    return readsNothing({ instruction }) && !others.some((each) => mayMiss(path, target, each));
  });
}

function removalsOf({ later }: SavingLayers): readonly string[] {
  return (commandsOf(later) ?? []).filter(isRemoval);
}

/** Whether a change of owners may fail without a file: of itself, or of a folder that is there for it. */
function mayMiss(path: string, target: string, command: string): boolean {
  return command.split(/\s+/).some((word) => {
    const named = word.replace(/\/$/, "");
    if (nameOf(named) === nameOf(path)) return true;
    return path.startsWith(`${named}/`) && !`${target}/`.startsWith(`${named}/`);
  });
}

/** Whether another line has to do with a file of that name. */
function isUsedElsewhere(path: string, about: SavingLayers): boolean {
  const name = nameOf(path);
  return isCopiedElsewhere(name, about) || lineThatNeeds(name, about.image.stages) !== undefined;
}

/** A line that copies nothing else is not needed, but for a folder that it makes on the way. */
function dropped(message: string, path: string, about: SavingLayers): AdviceWords {
  const { first, later } = about;
  const [command = "", ...others] = commandsOf(later) ?? [];
  const isOnlyRemoval = others.length === 0 && isRemovalOf(path, command);
  const gone = isOnlyRemoval ? [first, later] : [first];
  const notes = isOnlyRemoval ? [] : notFailing(path, true, about);
  const instead = goneWords(linesInWords(gone), folderNeed(path, about), about);
  return { message: [message, ...notes].join(" "), instead };
}

function goneWords(lines: string, need: FolderNeed | undefined, about: SavingLayers): string {
  if (need === undefined) return `Drop ${lines}.`;
  const { folder, line } = need;
  if (!isRunByRoot(about)) {
    return `Drop ${lines}, but have ${inCode(folder)} made: line ${line} needs that folder.`;
  }
  const made = inCode(`RUN mkdir -p ${folder}`);
  return `Write ${made} instead of ${lines}: line ${line} needs that folder.`;
}

function isRunByRoot({ later, chain }: SavingLayers): boolean {
  return chain
    .filter(({ keyword, lines }) => keyword === "USER" && lines.start < (later.line ?? 0))
    .every(({ text }) => /^USER\s+["']?(?:root|0)(?:["':\s]|$)/i.test(text));
}

function leftOut(message: string, saving: Saving, about: SavingLayers): AdviceWords {
  const { image } = about;
  const [path = ""] = saving.paths;
  const name = nameOf(path);
  const isMissed =
    isCopiedByName(name, image.stages) || lineThatNeeds(name, image.stages) !== undefined;
  const ignoring = isMissed ? "" : `by a line ${ignoreFile({ subject: name }, image, "in")} or `;
  const instead = `Keep ${pathsInCode(saving)} out of what ${copiersInWords(saving, about)}, ${ignoring}by naming what is needed.`;
  const sentences = [
    message,
    ...notFailing(path, saving.files === 1, about),
    ...(isMissed ? [] : ignoreNotes({ subject: name }, image)),
  ];
  return { message: sentences.join(" "), instead };
}

/** That the line which deletes it must not fail without it; a sentence, if it would. */
function notFailing(path: string, isOne: boolean, about: SavingLayers): readonly string[] {
  const line = about.later.line ?? 0;
  const removals = removalsOf(about);
  if (removals.every(isForced)) return [];
  const isNamed = removals.some((command) => command.split(/\s+/).includes(path));
  if (isOne && isNamed) return [leftOutWords({ line, operand: path })];
  return [`Let line ${line} delete with \`rm -f\`, which does not fail where there is nothing.`];
}
