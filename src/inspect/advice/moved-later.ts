import { type Saving, SEVERAL } from "../savings/saving.ts";
import { plainList, shellRun } from "./commands.ts";
import { copySource } from "./copy-source.ts";
import { hasRunBetween, isCopy } from "./instructions.ts";
import { unlinked } from "./linked-copy.ts";
import { type AdviceWords, inCode, madeBy, type SavingLayers } from "./words.ts";
import { inOneRun, writtenOnce } from "./written-once.ts";

/** A layer moves what one below it has, and so has all of it again. */
export function movedLaterWords(saving: Saving, about: SavingLayers): AdviceWords {
  const { first, later } = about;
  const { files, movedTo = "" } = saving;
  const where = inCode(files > 1 ? `${movedTo.replace(/\/$/, "")}/…` : movedTo);
  const what = saving.isPartial ? "some of what" : "what";
  const message = `Line ${later.line} moves ${what} ${madeBy(first)} wrote to ${where}, which stores it a second time.`;
  if (!isCopy(first)) return inOneRun(message, about, saving);
  return copiedThere(message, saving, about) ?? writtenOnce(message, saving, about);
}

/** Undefined where no copy can make them what they are where they are moved to. */
function copiedThere(
  message: string,
  saving: Saving,
  about: SavingLayers,
): AdviceWords | undefined {
  const { owner, mode, isPartial } = saving;
  const { first, later } = about;
  const source = copySource(first);
  if (source === "archive" || source === "repository") return undefined;
  if (owner === SEVERAL || (mode !== undefined && !isProgram(saving))) return undefined;
  // The folders above would get the owner too.
  if (owner !== undefined && unlinked(first) !== undefined) return undefined;
  const flags = [
    ...(owner === undefined ? [] : [`--chown=${owner}`]),
    ...(mode === undefined ? [] : [`--chmod=${mode}`]),
  ].join(" ");
  const copying = isPartial ? "a line of its own" : `line ${first.line}`;
  const sentences = [
    `Let ${copying} copy it to where line ${later.line} moves it${flags === "" ? "" : `, with ${inCode(flags)}`}`,
    ...(isPartial ? [`leave it out of what line ${first.line} copies`] : []),
    ...(hasRunBetween(about) ? ["have what is run in between find it there"] : []),
    onlyMoves(saving, about) ? `drop line ${later.line}` : `let line ${later.line} leave it alone`,
  ];
  const folders = `The folders that are made for it belong to ${owner} then too.`;
  const instead = `${sentences.slice(0, -1).join(", ")}, and ${sentences.at(-1)}.`;
  return { message: owner === undefined ? message : `${message} ${folders}`, instead };
}

/** A mode for files is none for folders that a copy makes, but for that which both have. */
function isProgram({ files, mode }: Saving): boolean {
  return files === 1 && mode === "755";
}

/** Whether a line does nothing else than to move what one line wrote, and to make a folder for that. */
function onlyMoves({ isSole, movedTo = "" }: Saving, { later }: SavingLayers): boolean {
  const commands = plainList(shellRun(later)?.command ?? "") ?? [];
  const others = commands.filter((command) => !/^mv\s+[^\s-]\S*\s+\S+$/.test(command));
  const areFolders = others.every((command) => {
    const [, folder] = /^mkdir\s+-p\s+(\/\S*)$/.exec(command) ?? [];
    return folder !== undefined && movedTo.startsWith(`${folder.replace(/\/$/, "")}/`);
  });
  return isSole === true && commands.length === others.length + 1 && areFolders;
}
