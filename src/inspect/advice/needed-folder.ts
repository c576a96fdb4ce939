// Whether another line needs a folder that a copy makes on the way to where it goes.

import { posix } from "node:path";
import type { Instruction } from "../../model/plan.ts";
import { hasWord, namesPath } from "./commands.ts";
import { heirsOf, takersOf } from "./taken-elsewhere.ts";
import type { SavingLayers } from "./words.ts";

/** Folders that are in nearly every image. */
const USUAL = ["/bin", "/dev", "/etc", "/home", "/root", "/tmp", "/usr", "/usr/bin", "/var"];

/** A line that would miss a folder. */
export interface FolderNeed {
  readonly folder: string;
  readonly line: number;
}

/** The first line that needs a folder in which a file was copied, and may be there only for that. */
export function folderNeed(path: string, about: SavingLayers): FolderNeed | undefined {
  const { first, later, chain, image } = about;
  const folder = posix.dirname(path);
  // A shell would take other names for something else.
  if (USUAL.includes(folder) || !/^(?:\/[\w@%+:.-]+)+$/.test(folder)) return undefined;
  const heirs = heirsOf(first, image.stages).flatMap(({ instructions }) => instructions);
  const own = new Set([...chain, ...heirs]);
  const isOther = ({ lines }: Instruction) => ![first.line, later.line].includes(lines.start);
  const taking = takersOf(folder, first, image.stages);
  const names = foldersFrom(folder);
  const needing = [...own]
    .filter((each) => each.keyword === "RUN" && isAfter(each, about))
    .filter(({ text }) => names.some((name) => namesPath(text, name)) || hasLastName(text, folder));
  const [line] = [...needing, ...taking]
    .filter(isOther)
    .map(({ lines }) => lines.start)
    .toSorted((one, other) => one - other);
  return line === undefined ? undefined : { folder, line };
}

function isAfter({ lines }: Instruction, { first }: SavingLayers): boolean {
  return lines.start > (first.line ?? 0);
}

/** A folder, and those that it is in but for usual ones. */
function foldersFrom(folder: string): readonly string[] {
  const names: string[] = [];
  for (let at = folder; at !== "/" && !USUAL.includes(at); at = posix.dirname(at)) names.push(at);
  return names;
}

/** Whether a text has the last name of a folder by itself, as whoever is in the one above would write it. */
function hasLastName(text: string, folder: string): boolean {
  return hasWord(text, posix.basename(folder));
}
