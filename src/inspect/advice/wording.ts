import { assertNever } from "../../errors.ts";
import type { Advice, Layer } from "../../model/image.ts";
import type { Instruction } from "../../model/plan.ts";
import { type Saving, SEVERAL } from "../savings/saving.ts";
import { copyMode, flagged, isCopy, isFromContext, joinedRuns } from "./instructions.ts";

/** The layers that a saving is about. */
export interface SavingLayers {
  /** The one that wrote the bytes. */
  readonly first: Layer;
  /** The one that made them dead, or wrote them once more; else the same. An own one, with a line. */
  readonly later: Layer;
  /** Whether it is about the stage that a build without a target makes. */
  readonly isLast: boolean;
  /** All that made the image. */
  readonly chain: readonly Instruction[];
}

/** Advice in words: what is wrong, and what to write instead. Hostile text in both. */
export type AdviceWords = Pick<Advice, "message" | "instead">;

/** What to say of a saving; nothing where no line of the Dockerfile could be written otherwise. */
export function adviceOn(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  switch (saving.rule) {
    case "metadata-only":
      return onMetadata(saving, about);
    case "deleted-later":
      return onDeleted(saving, about);
    case "overwritten-later":
      return onOverwritten(about);
    case "compiled-cache":
      return onCompiled(about);
    case "package-cache":
      return onCache(saving, about);
    case "context":
      return onContext(saving, about);
    case "duplicate-content":
      return onDuplicate(saving, about);
    case "recommended-packages":
      return onRecommended(saving, about);
    case "build-tools":
      return onBuildTools(saving, about);
    case "large-file":
      return undefined;
    default:
      return assertNever(saving.rule);
  }
}

function onMetadata(saving: Saving, about: SavingLayers): AdviceWords {
  const { first, later } = about;
  const { owner, mode } = saving;
  const what =
    owner !== undefined && mode !== undefined
      ? "owner and mode"
      : owner !== undefined
        ? "the owner"
        : mode !== undefined
          ? "the mode"
          : "dates";
  const message = `Line ${later.line} changes only ${what} of what ${madeBy(first)} wrote, which stores every file a second time.`;
  return { message, instead: metadataInstead(saving, about) };
}

function metadataInstead({ owner, mode, isPartial }: Saving, about: SavingLayers): string {
  const { first, later } = about;
  if (first.origin === "base") return "leave the base image's files as they are";
  if (!isCopy(first)) return writtenOnce(about);
  const flags = [
    ...(owner === undefined ? [] : [`--chown=${owner}`]),
    ...(mode === undefined ? [] : [`--chmod=${copyMode(mode)}`]),
  ];
  if (flags.length === 0) {
    return `let line ${later.line} leave as it is what ${madeBy(first)} wrote`;
  }
  const isForAll = isPartial === undefined && owner !== SEVERAL && mode !== SEVERAL;
  if (isForAll) return flagged(first, flags);
  return `copy what line ${later.line} changes by a COPY of its own, with ${flags.join(" ")}`;
}

/** What a later line writes once more is left to the line that wrote it first. */
function writtenOnce({ first, later, chain }: SavingLayers): string {
  if (!isCopy(later)) return joinedRuns(first, later, chain);
  return `let line ${later.line} not copy what ${madeBy(first)} has written`;
}

function onDeleted(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { first, later, chain } = about;
  if (first.origin === "base") return undefined;
  const message = `Line ${later.line} deletes what ${madeBy(first)} wrote, but that layer still carries it.`;
  if (!isCopy(first)) return { message, instead: joinedRuns(first, later, chain) };
  const [path = ""] = saving.paths;
  const instead = isFromContext(first) ? mounted(path) : flagged(first, ["--exclude=…"]);
  return { message, instead };
}

/** Without its source, all of the build context would be mounted there. */
function mounted(path: string): string {
  return `mount it where it is needed: RUN --mount=type=bind,source=…,target=${path} …`;
}

function onOverwritten(about: SavingLayers): AdviceWords | undefined {
  const { first, later } = about;
  if (first.origin === "base") return undefined;
  const message = `Line ${later.line} writes files again that ${madeBy(first)} had written.`;
  return { message, instead: writtenOnce(about) };
}

function onCompiled({ first, later }: SavingLayers): AdviceWords {
  return {
    message: `Line ${later.line} compiles Python files again that ${madeBy(first)} had compiled.`,
    instead: compiledOnce(first, later),
  };
}

const PIP = /\bpip3?\s+install\b/g;

/** Neither `compileall` nor pip heeds the variable that keeps Python itself from compiling. */
function compiledOnce({ line, instruction }: Layer, later: Layer): string {
  const isCompileall = (text = "") => /\bcompileall\b/.test(text);
  if (isCompileall(later.instruction)) {
    return `compile once: leave compileall out of line ${isCompileall(instruction) ? line : later.line}`;
  }
  const { instruction: text = "" } = later;
  const withoutCompiling = text.replace(PIP, "$& --no-compile");
  if (withoutCompiling !== text) return withoutCompiling;
  return `ENV PYTHONDONTWRITEBYTECODE=1, before line ${later.line}`;
}

function onCache({ subject = "", paths }: Saving, { later }: SavingLayers): AdviceWords {
  const [path = ""] = paths;
  const folder = folderOf(path, subject);
  const isTemporary = folder === "/tmp" || folder === "/var/tmp";
  const whom = isTemporary
    ? "which a container seldom needs"
    : "which only the next build could use";
  const message = `Line ${later.line} leaves ${folder} behind, ${whom}.`;
  // Only a RUN can mount something.
  if (isFromContext(later)) return { message, instead: mounted(path) };
  if (isCopy(later)) {
    return { message, instead: `leave ${folder} out of what line ${later.line} copies` };
  }
  const kind = isTemporary ? "tmpfs" : "cache";
  return { message, instead: flagged(later, [`--mount=type=${kind},target=${folder}`]) };
}

/** Where in a path a class of folders begins and ends: `/root/.cache/pip` of all that is in it. */
function folderOf(path: string, folder: string): string {
  const start = path.indexOf(folder);
  return start === -1 ? folder : path.slice(0, start + folder.length);
}

/** Tests and manuals are at home in stages for those who write the program. */
const FOR_DEVELOPERS = ["test", "tests", "__tests__", "docs", "coverage", "*.map"];

const INSTALLS_PYTHON = /\b(?:pip3?|uv|poetry|pipenv|pdm)\s+(?:install|sync)\b/;

/** Where nothing installs what is in these folders, they are copied since they are needed. */
const INSTALLED: Readonly<Record<string, RegExp>> = {
  node_modules: /\b(?:npm|pnpm|yarn|bun)\s+(?:ci|i|install|add)\b|\byarn\s*(?:$|&&|--)/,
  ".venv": INSTALLS_PYTHON,
  venv: INSTALLS_PYTHON,
};

function onContext(
  { subject = "" }: Saving,
  { later, isLast, chain }: SavingLayers,
): AdviceWords | undefined {
  if (!isFromContext(later)) return undefined;
  const installer = INSTALLED[subject];
  const isInstalling = ({ keyword, text }: Instruction) =>
    keyword === "RUN" && installer?.test(text) === true;
  if (installer !== undefined && !chain.some(isInstalling)) return undefined;
  if (!isLast && FOR_DEVELOPERS.includes(subject)) return undefined;
  return {
    message: `Line ${later.line} copies ${subject} out of the build context, which a program seldom needs to run.`,
    instead: `**/${subject} as a line of .dockerignore`,
  };
}

function onDuplicate(
  { files, paths, twin = "" }: Saving,
  { first, later }: SavingLayers,
): AdviceWords {
  const [path = ""] = paths;
  const what =
    files === 1 ? `${path}, which is` : `${files} files, of which ${path} is the largest,`;
  const where = first === later ? "it has written elsewhere" : `${madeBy(first)} has written`;
  return {
    message: `Line ${later.line} writes ${what} the same as what ${where}.`,
    instead: files === 1 ? `ln -s ${twin} ${path}` : "keep one of each two, and link to it",
  };
}

function onRecommended({ subject = "" }: Saving, { later }: SavingLayers): AdviceWords {
  const { instruction = "" } = later;
  const installs = /\b(apt-get|apt)(\s+(?:-\S+\s+)*)install\b/g;
  return {
    message: `Line ${later.line} installs packages that are only recommended: ${subject}.`,
    instead: installs.test(instruction)
      ? instruction.replace(installs, "$1$2install --no-install-recommends")
      : "apt-get install --no-install-recommends …",
  };
}

function onBuildTools(
  { subject = "" }: Saving,
  { later, isLast }: SavingLayers,
): AdviceWords | undefined {
  if (!isLast) return undefined;
  return {
    message: `Line ${later.line} leaves what only compilers need in the stage that is shipped: ${subject}.`,
    instead: "install them in an earlier stage, and COPY --from it what they make",
  };
}

function madeBy({ line, origin }: Layer): string {
  if (origin === "base") return "the base image";
  return line === undefined ? "an earlier layer" : `line ${line}`;
}
