// What is left in folders for temporary files.

import { posix } from "node:path";
import type { Instruction } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";
import { hasWord, namesPath } from "./commands.ts";
import { workingFolder } from "./context-source.ts";
import { commandsIn, isDeletion } from "./deletions.ts";
import { removesItself } from "./mounts.ts";
import { nameOf } from "./needed.ts";
import { heirsOf, takersOf } from "./taken-elsewhere.ts";
import { type AdviceWords, inCode, linesInWords, type SavingLayers } from "./words.ts";

/**
 * Bytes that a line may leave in a file system that is memory: what it runs is in there too, and runners
 * with 8 GB of it are common.
 * https://docs.github.com/en/actions/reference/runners/github-hosted-runners
 */
const MOST_IN_MEMORY = 500_000_000;

/**
 * That a line deletes from a folder for temporary files what nobody needs, where a mount would hide what
 * other lines have to do with, be in the line's way, or take much memory; undefined where it would not.
 * `none`: others need all that is known of it.
 */
export function deletedInstead(
  message: string,
  folder: string,
  { paths, files, bytes }: Saving,
  about: SavingLayers,
): AdviceWords | "none" | undefined {
  const { later, chain, image } = about;
  const taking = takersOf(folder, later, image.stages);
  const heirs = heirsOf(later, image.stages).flatMap(({ instructions }) => instructions);
  const elsewhere = [...new Set([...chain, ...heirs, ...taking])]
    .filter(({ lines }) => lines.start !== later.line)
    .toSorted((one, other) => one.lines.start - other.lines.start);
  const others = elsewhere.filter((each) => namesPath(each.text, folder) || taking.includes(each));
  const place = workingFolder({ first: later, chain });
  const isInTheWay = removesItself(folder, later.instruction ?? "", place);
  const isMountable = !isInTheWay && bytes <= MOST_IN_MEMORY;
  if (others.length === 0 && isMountable) return undefined;
  const free = paths.find((path) => !elsewhere.some((each) => mayNeed(path, folder, each)));
  if (free === undefined && files <= paths.length) return "none";
  const lines = linesInWords(others.map((each) => ({ line: each.lines.start })));
  const verb = others.length > 1 ? "name" : "names";
  const named = others.length === 0 ? "" : ` ${lines.replace(/^l/, "L")} ${verb} it too.`;
  const such = free === undefined ? "" : `, such as ${inCode(free)}`;
  const instead = `Let line ${later.line} delete from ${inCode(folder)}, before it ends, what no other line needs${such}.`;
  return { message: `${message}${named}`, instead };
}

/** Whether an instruction names a file, be it by its last name alone, or a folder with it. */
function mayNeed(path: string, folder: string, { keyword, text }: Instruction): boolean {
  const commands =
    keyword === "RUN" ? commandsIn(text).filter((each) => !isDeletion(each)) : [text];
  const names = foldersOf(path, folder);
  return commands.some((command) => {
    const words = command.split(/[\s"'=,:;&|()]+/).map((word) => word.replace(/\/[*?]*$/, ""));
    const isNamed = words.some((word) => names.some((name) => `/${word}`.endsWith(name)));
    return isNamed || hasWord(command, nameOf(path));
  });
}

/** A path, and the folders that it is in up to one. */
function foldersOf(path: string, folder: string): readonly string[] {
  const found = [path];
  for (let at = path; at !== folder && at !== "/"; ) {
    at = posix.dirname(at);
    found.push(at);
  }
  return found.filter((each) => each !== "/");
}
