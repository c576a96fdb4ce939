import { chainOf } from "../../plan/chain.ts";
import { type Saving, SEVERAL } from "../savings/saving.ts";
import { plainList, shellRun } from "./commands.ts";
import { copySource, sourcesOf, stageCopiedFrom } from "./copy-source.ts";
import { hasRunBetween, isCopy } from "./instructions.ts";
import { unlinked } from "./linked-copy.ts";
import { type AdviceWords, inCode, madeBy, type SavingLayers } from "./words.ts";
import { inOneRun, writtenOnce } from "./written-once.ts";

/**
 * A layer moves what one below it has, and so has all of it again. None where a stage copies it from
 * where it has been.
 */
export function movedLaterWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  const { files, movedTo = "", isPartial, isShared, isSole } = saving;
  if (isCopiedFromThere(saving, about)) return undefined;
  const where = inCode(files > 1 ? `${movedTo.replace(/\/$/, "")}/…` : movedTo);
  const what = isPartial ? "some of what" : "what";
  const message = `Line ${later.line} moves ${what} ${madeBy(first)} wrote to ${where}, which stores it a second time.`;
  if (!isCopy(first) && !isShared) return inOneRun(message, about, saving);
  if (!isSole && !canCopyThere(saving, about)) return writtenOnce(message, saving, about);
  if (!isSole) return { message, instead: writtenThere(saving, about) };
  return copiedThere(message, saving, about) ?? writtenOnce(message, saving, about);
}

/** What a copy gives a file, its folders get too; and an archive has folders of its own. */
function canCopyThere({ owner, mode }: Saving, { first }: SavingLayers): boolean {
  const source = copySource(first);
  if (source === undefined) return true;
  const isPlain = owner === undefined && mode === undefined;
  return isPlain && source !== "archive" && source !== "repository";
}

/** A line that moves more, or does more, is left to do that. */
function writtenThere({ owner, mode }: Saving, about: SavingLayers): string {
  const { first, later } = about;
  const traits = [
    ...(owner === undefined || owner === SEVERAL ? [] : [`owner ${inCode(owner)}`]),
    ...(mode === undefined || mode === SEVERAL ? [] : [`mode ${mode}`]),
  ];
  const like = traits.length === 0 ? "" : `, with ${traits.join(" and ")}`;
  const between = hasRunBetween(about) ? ", have what is run in between find it there" : "";
  return `Let line ${first.line} write it there at once${like}${between}, and let line ${later.line} leave it alone.`;
}

/** Whether a stage that has the line which wrote it, but not the one that moves it, is looked into there. */
function isCopiedFromThere(saving: Saving, { first, later, image }: SavingLayers): boolean {
  const { stages } = image;
  const oldStages = stages.filter(({ index }) => {
    const lines = chainOf(stages, index).flatMap(({ instructions }) => {
      return instructions.map((instruction) => instruction.lines.start);
    });
    return lines.some((line) => line === first.line) && lines.every((line) => line !== later.line);
  });
  return stages.some(({ index, needs, instructions }) => {
    const earlier = stages.slice(0, index);
    const isMounting = oldStages.some((old) => needs.includes(old.index));
    return instructions.some(({ keyword, text }) => {
      if (keyword === "RUN") return isMounting && /\bfrom=/.test(text);
      const from = keyword === "COPY" ? stageCopiedFrom({ instruction: text }, earlier) : undefined;
      if (from === undefined || !oldStages.includes(from)) return false;
      return !sourcesOf(text).every((source) => isElsewhere(source, saving));
    });
  });
}

/** Whether a path is sure to have none of it. */
function isElsewhere(source: string, { files, paths }: Saving): boolean {
  const folder = source.replace(/(?<!\/)\/+$/, "");
  const isPlain = /^(?:\/[\w-][\w.-]*)+$/.test(folder) && files === paths.length;
  return isPlain && paths.every((path) => path !== folder && !path.startsWith(`${folder}/`));
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

/** Whether a line has nothing else than one move, and folders that are made for that. */
function onlyMoves({ movedTo = "" }: Saving, { later }: SavingLayers): boolean {
  const commands = plainList(shellRun(later)?.command ?? "") ?? [];
  const others = commands.filter((command) => !/^mv\s+[^\s-]\S*\s+\S+$/.test(command));
  const areFolders = others.every((command) => {
    const [, folder] = /^mkdir\s+-p\s+(\/\S*)$/.exec(command) ?? [];
    return folder !== undefined && movedTo.startsWith(`${folder.replace(/\/$/, "")}/`);
  });
  return commands.length === others.length + 1 && areFolders;
}
