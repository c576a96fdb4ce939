import type { Saving } from "../savings/saving.ts";
import { copySource } from "./copy-source.ts";
import { failingDeletions } from "./deletions.ts";
import { ignoreFile, ignoreLine, ignoreNotes } from "./ignore-file.ts";
import { isCopy } from "./instructions.ts";
import {
  isCopiedAlone,
  isCopiedByName,
  isCopiedElsewhere,
  isNeededLater,
  lineThatNeeds,
  nameOf,
} from "./needed.ts";
import { type AdviceWords, inCode, inMount, type SavingLayers } from "./words.ts";

/** Part of what the Dockerfile adds that one file must be. */
const MOST_OF_IT = 0.5;

/** Folders of programs and libraries, which have to be there before anything is started. */
const PROGRAMS = /\/(?:s?bin|lib(?:32|64|exec)?|site-packages|dist-packages|node_modules)\//;

/** One file that is most of what the Dockerfile adds to its base image, and can come later. */
export function largeFileWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const [path = ""] = saving.paths;
  const { added, first } = about;
  if (first.origin !== "own" || saving.bytes < added * MOST_OF_IT) return undefined;
  if (PROGRAMS.test(path) || isNeededLater(nameOf(path), about.chain)) return undefined;
  if (isCopy(first) && isUsedInBuild(path, about)) return undefined;
  const percent = Math.floor((100 * saving.bytes) / added);
  const alone = `${inCode(path)} alone is ${percent}% of what this Dockerfile adds.`;
  const mount = `docker run --mount type=bind,source=…,target=${inMount(path)},readonly …`;
  const without = withoutIt(path, about);
  const message = [alone, ...without.notes].join(" ");
  return {
    message,
    instead: `${without.text} Mount it when a container starts, with ${inCode(mount)}, or fetch it then.`,
  };
}

/** Whether a line would fail if the file came later. */
function isUsedInBuild(path: string, about: SavingLayers): boolean {
  const { image } = about;
  const name = nameOf(path);
  if (isCopiedElsewhere(name, about)) return true;
  if (lineThatNeeds(name, image.stages) !== undefined) return true;
  return failingDeletions(name, image.stages).length > 0;
}

/** How the image does without it, and what is to be known of that, in sentences. */
function withoutIt(
  path: string,
  { first, image }: SavingLayers,
): { readonly text: string; readonly notes: readonly string[] } {
  const { line, instruction = "" } = first;
  const source = isCopiedAlone(path, instruction);
  if (source !== undefined) return { text: `Drop line ${line}.`, notes: [] };
  const isIgnorable =
    copySource(first) === "context" && !isCopiedByName(nameOf(path), image.stages);
  const ignore = isIgnorable ? ignoreLine(nameOf(path)) : undefined;
  if (ignore !== undefined) {
    const ignored = { subject: nameOf(path) };
    const text = `Write ${inCode(ignore)} ${ignoreFile(ignored, image, "into")}.`;
    return { text, notes: ignoreNotes(ignored, image) };
  }
  const does = copySource(first) === undefined ? "writes" : "copies";
  return { text: `Leave it out of what line ${line} ${does}.`, notes: [] };
}
