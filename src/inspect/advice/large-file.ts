import type { Saving } from "../savings/saving.ts";
import { ignoreFile, ignoreLine } from "./context.ts";
import { copySource } from "./copy-source.ts";
import { failingDeletions } from "./deletions.ts";
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
  const message = `${inCode(path)} alone is ${percent}% of what this Dockerfile adds.`;
  const mount = `docker run --mount type=bind,source=…,target=${inMount(path)},readonly …`;
  return {
    message,
    instead: `${withoutIt(path, about)} Mount it when a container starts, with ${inCode(mount)}, or fetch it then.`,
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

/** How the image does without it. */
function withoutIt(path: string, { first, image }: SavingLayers): string {
  const { line, instruction = "" } = first;
  const source = isCopiedAlone(path, instruction);
  if (source !== undefined) return `Drop line ${line}.`;
  const isIgnorable =
    copySource(first) === "context" && !isCopiedByName(nameOf(path), image.stages);
  const ignore = isIgnorable ? ignoreLine(nameOf(path)) : undefined;
  if (ignore !== undefined) return `Write ${inCode(ignore)} ${ignoreFile(image, "into")}.`;
  return `Leave it out of what line ${line} ${copySource(first) === undefined ? "writes" : "copies"}.`;
}
