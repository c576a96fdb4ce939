import type { Saving } from "../savings/saving.ts";
import { commandsOf, deletesOnly } from "./commands.ts";
import { ignoreFile, leftOutWords } from "./context.ts";
import { mountedInstead } from "./copied-instead.ts";
import { copySource } from "./copy-source.ts";
import { isForced } from "./deletions.ts";
import { hasRunBetween, isCopy, isRun } from "./instructions.ts";
import { movedLaterWords } from "./moved-later.ts";
import { isCopiedAlone, isCopiedByName, lineThatNeeds, nameOf } from "./needed.ts";
import { type AdviceWords, listed, madeBy, pathsInCode, type SavingLayers } from "./words.ts";
import { inOneRun } from "./written-once.ts";

/** A layer deletes what one below it has: nobody sees it, and everybody downloads it. */
export function deletedLaterWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  if (first.origin === "base") return undefined;
  if (saving.movedTo !== undefined && isRun(later)) return movedLaterWords(saving, about);
  const message = `Line ${later.line} deletes what ${madeBy(first)} wrote, but that layer still carries it.`;
  if (isUnusedContext(saving, about)) {
    return keptOut(message, saving, about);
  }
  const instead = mountedInstead(saving, about) ?? compiledAgain(saving, about);
  return instead === undefined ? inOneRun(message, about, saving) : { message, instead };
}

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

/** Undefined where the line that deletes it would fail, and may delete other things too. */
function keptOut(message: string, saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later, image } = about;
  const [path = ""] = saving.paths;
  const commands = commandsOf(later) ?? [];
  const isHarmless = commands.every(isForced);
  const isNamed = commands.some((command) => command.split(/\s+/).includes(path));
  if (!isHarmless && !(isNamed && saving.files === 1)) return undefined;
  const name = nameOf(path);
  const isMissed =
    isCopiedByName(name, image.stages) || lineThatNeeds(name, image.stages) !== undefined;
  const ignoring = isMissed ? "" : `by a line ${ignoreFile(image, "in")} or `;
  const instead = `Keep ${pathsInCode(saving)} out of what line ${first.line} copies, ${ignoring}by naming what is needed.`;
  if (isHarmless) return { message, instead };
  const leaving = leftOutWords({ line: later.line ?? 0, operand: path });
  return { message: `${message} ${leaving}`, instead };
}

/** Whether a folder of the build context is copied, and what is deleted of it used by no line. */
function isUnusedContext({ paths }: Saving, about: SavingLayers): boolean {
  const { first, later } = about;
  const [path = ""] = paths;
  const { instruction = "" } = first;
  if (!isCopy(first) || copySource(first) !== "context" || !deletesOnly(later)) return false;
  if (isCopiedAlone(path, instruction) !== undefined) return false;
  return !hasRunBetween(about);
}
