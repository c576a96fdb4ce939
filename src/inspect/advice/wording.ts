import { assertNever } from "../../errors.ts";
import type { Advice, Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import { flagged, isCopy, isFromContext, joinedRuns } from "./instructions.ts";

/** The layers that a saving is about. */
export interface SavingLayers {
  /** The one that wrote the bytes. */
  readonly first: Layer;
  /** The one that made them dead, or wrote them once more; else the same. An own one, with a line. */
  readonly later: Layer;
  /** Whether it is about the stage that a build without a target makes. */
  readonly isLast: boolean;
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

function onMetadata(saving: Saving, { first, later }: SavingLayers): AdviceWords {
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
  return { message, instead: metadataInstead(saving, first, later) };
}

function metadataInstead({ owner, mode }: Saving, first: Layer, later: Layer): string {
  if (first.origin === "base") return "leave the base image's files as they are";
  if (!isCopy(first)) return joinedRuns(first, later);
  const flags = [
    ...(owner === undefined ? [] : [`--chown=${owner}`]),
    ...(mode === undefined ? [] : [`--chmod=${mode}`]),
  ];
  return flags.length === 0 ? `leave out line ${later.line}` : flagged(first, flags);
}

function onDeleted(saving: Saving, { first, later }: SavingLayers): AdviceWords | undefined {
  if (first.origin === "base") return undefined;
  const message = `Line ${later.line} deletes what ${madeBy(first)} wrote, but that layer still carries it.`;
  if (!isCopy(first)) return { message, instead: joinedRuns(first, later) };
  const [path = ""] = saving.paths;
  const instead = isFromContext(first)
    ? `mount it where it is needed: RUN --mount=type=bind,target=${path} …`
    : flagged(first, ["--exclude=…"]);
  return { message, instead };
}

function onOverwritten({ first, later }: SavingLayers): AdviceWords | undefined {
  if (first.origin === "base") return undefined;
  const message = `Line ${later.line} writes files again that ${madeBy(first)} had written.`;
  return { message, instead: joinedRuns(first, later) };
}

function onCompiled({ first, later }: SavingLayers): AdviceWords {
  return {
    message: `Line ${later.line} compiles Python files again that ${madeBy(first)} had compiled.`,
    instead: `ENV PYTHONDONTWRITEBYTECODE=1, before line ${later.line}`,
  };
}

function onCache({ subject = "", paths }: Saving, { later }: SavingLayers): AdviceWords {
  const folder = folderOf(paths[0] ?? "", subject);
  const message = `Line ${later.line} leaves ${folder} behind, which only the next build could use.`;
  if (folder === "/tmp" || folder === "/var/tmp") {
    return { message, instead: flagged(later, [`--mount=type=tmpfs,target=${folder}`]) };
  }
  return { message, instead: flagged(later, [`--mount=type=cache,target=${folder}`]) };
}

/** Where in a path a class of folders begins and ends: `/root/.cache/pip` of all that is in it. */
function folderOf(path: string, folder: string): string {
  const start = path.indexOf(folder);
  return start === -1 ? folder : path.slice(0, start + folder.length);
}

/** Tests and manuals are at home in stages for those who write the program. */
const FOR_DEVELOPERS = ["test", "tests", "__tests__", "docs", "coverage", "*.map"];

function onContext(
  { subject = "" }: Saving,
  { later, isLast }: SavingLayers,
): AdviceWords | undefined {
  if (!isFromContext(later)) return undefined;
  if (!isLast && FOR_DEVELOPERS.includes(subject)) return undefined;
  return {
    message: `Line ${later.line} copies ${subject} out of the build context, which nothing that runs needs.`,
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
    instead: `ln -s ${twin} ${path}`,
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
