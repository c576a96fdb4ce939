import type { Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import { commandsOf, isRemovalOf } from "./commands.ts";
import { sourceAlone } from "./context-source.ts";
import { mountedInstead } from "./copied-instead.ts";
import { copySource } from "./copy-source.ts";
import { isRun } from "./instructions.ts";
import { keptOutWords } from "./kept-out.ts";
import { movedLaterWords } from "./moved-later.ts";
import { isCopiedAlone } from "./needed.ts";
import { folderNeed } from "./needed-folder.ts";
import { copiersInWords } from "./overlapping-copies.ts";
import { type AdviceWords, listed, madeBy, type SavingLayers } from "./words.ts";
import { inOneRun } from "./written-once.ts";

/** A layer deletes what one below it has: nobody sees it, and everybody downloads it. */
export function deletedLaterWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  if (first.origin === "base") return undefined;
  if (saving.movedTo !== undefined && mayMove(later)) return movedLaterWords(saving, about);
  const message = `Line ${later.line} deletes what ${madeBy(first)} wrote, but that layer still carries it.`;
  const keptOut = keptOutWords(message, saving, about);
  if (keptOut !== undefined) return keptOut;
  const mounted = mountedInstead(saving, about);
  if (mounted?.isLeftOpen) {
    const what = isAllOf(saving, about)
      ? `drop lines ${first.line} and ${later.line}`
      : `let line ${later.line} leave it alone, and keep it out of what ${copiersInWords(saving, about)}`;
    const leave = `What is mounted cannot be deleted, and is not to be copied as well: ${what}.`;
    const ignored = isOfMore(saving, about) ? [NOT_IGNORED] : [];
    return { message: [message, leave, ...ignored].join(" "), instead: mounted.instead };
  }
  const instead = mounted?.instead ?? compiledAgain(saving, about);
  return instead === undefined ? inOneRun(message, about, saving) : { message, instead };
}

/** Whether one line copies nothing else, and the other only deletes it. */
function isAllOf({ paths, files, bytes }: Saving, about: SavingLayers): boolean {
  const [path = ""] = paths;
  const { first, later } = about;
  const isAddress = copySource(first) === "address";
  const alone = isAddress ? isCopiedAlone(path, first.instruction ?? "") : sourceAlone(path, about);
  const [command = "", ...others] = commandsOf(later) ?? [];
  const isOnlyRemoval = others.length === 0 && isRemovalOf(path, command);
  const isNeeded = folderNeed(path, about) !== undefined;
  const isAll = files === 1 && first.unpacked === bytes;
  return isAll && alone !== undefined && isOnlyRemoval && !isNeeded;
}

/** Whether a line copies more out of the build context than the file that a saving is about. */
function isOfMore({ paths, files }: Saving, about: SavingLayers): boolean {
  const [path = ""] = paths;
  const isOfContext = copySource(about.first) === "context";
  return isOfContext && files === 1 && sourceAlone(path, about) === undefined;
}

const NOT_IGNORED = "By `.dockerignore` it would be kept out of the mount too.";

/** Whether a line has a command that puts files elsewhere: what is installed from them is no move. */
function mayMove(later: Layer): boolean {
  return isRun(later) && MOVES.test(later.instruction ?? "");
}

/** Blanks are bounded: a long line would take the square of its length. */
const MOVES =
  /(?:^RUN\s+(?:--\S+\s+)*|[&|;({\n"]\s{0,500})(?:cp|find|install|ln|mv|rename|rsync|tar)\b/i;

const STARTS_PYTHON = /\b(?:python[\d.]*|pip[\d.]*|uv|poetry|pipenv|pytest)\b/;

/** What Python has compiled, it compiles again in each line that starts it: they have to delete it too. */
function compiledAgain({ paths }: Saving, about: SavingLayers): string | undefined {
  const { first, later, chain } = about;
  const [start = 0, end = 0] = [first.line, later.line];
  const starting = chain.filter(({ keyword, text, lines }) => {
    const isBetween = start < lines.start && lines.start < end;
    return keyword === "RUN" && isBetween && STARTS_PYTHON.test(text);
  });
  if (starting.length === 0 || !paths.every((path) => path.endsWith(".pyc"))) return undefined;
  const lines = [start, ...starting.map((each) => each.lines.start)].map(String);
  return `Do what line ${end} does in each of lines ${listed(lines)}, which all make Python compile.`;
}
