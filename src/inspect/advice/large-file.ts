import type { Saving } from "../savings/saving.ts";
import { copySource } from "./copy-source.ts";
import { isCopiedAlone, isCopiedByName } from "./needed.ts";
import { type AdviceWords, inCode, type SavingLayers } from "./words.ts";

/** Part of what the Dockerfile adds that one file must be. */
const MOST_OF_IT = 0.5;

/** Folders of programs and libraries, which have to be there before anything is started. */
const PROGRAMS = /\/(?:s?bin|lib(?:32|64|exec)?|site-packages|dist-packages|node_modules)\//;

/** One file that is most of what the Dockerfile adds to its base image, and can come later. */
export function largeFileWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const [path = ""] = saving.paths;
  const { added, first } = about;
  if (first.origin !== "own" || saving.bytes < added * MOST_OF_IT) return undefined;
  if (PROGRAMS.test(path) || isStarted(path, about)) return undefined;
  const percent = Math.floor((100 * saving.bytes) / added);
  const message = `${inCode(path)} alone is ${percent}% of what this Dockerfile adds.`;
  const mount = `docker run --mount type=bind,source=…,target=${path},readonly …`;
  return {
    message,
    instead: `${withoutIt(path, about)} Mount it when a container starts, with ${inCode(mount)}, or fetch it then.`,
  };
}

/** How the image does without it. */
function withoutIt(path: string, { first, image }: SavingLayers): string {
  const { line, instruction = "" } = first;
  const source = isCopiedAlone(path, instruction);
  if (source !== undefined) return `Drop line ${line}.`;
  const isIgnorable =
    copySource(first) === "context" && !isCopiedByName(nameOf(path), image.stages);
  if (isIgnorable) return `Write ${inCode(`**/${nameOf(path)}`)} into \`.dockerignore\`.`;
  return `Leave it out of what line ${line} ${copySource(first) === undefined ? "writes" : "copies"}.`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether an image is there to run a file: an instruction that says what is started names it. */
function isStarted(path: string, { chain }: SavingLayers): boolean {
  return chain.some(
    ({ keyword, text }) => ["CMD", "ENTRYPOINT"].includes(keyword) && text.includes(nameOf(path)),
  );
}
