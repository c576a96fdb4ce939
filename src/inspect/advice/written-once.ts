import { type Saving, SEVERAL } from "../savings/saving.ts";
import { changesOnlyMetadata, commandsOf, inOneCommand, shellRun } from "./commands.ts";
import { stageCopiedFrom } from "./copy-source.ts";
import {
  areApart,
  flagged,
  givesItsOwn,
  hasOtherShell,
  isCopy,
  isRun,
  WITHOUT_EFFECT,
} from "./instructions.ts";
import { joinedRuns } from "./joined-runs.ts";
import { mountObstacle } from "./mounts.ts";
import { earlierStageWords } from "./other-stages.ts";
import { afterwards } from "./rest-of-line.ts";
import { mayChangeOwners } from "./users.ts";
import {
  type AdviceWords,
  inCode,
  linesInWords,
  madeBy,
  pathsInCode,
  type SavingLayers,
} from "./words.ts";

/** What is written more than once is left to one line. */
export function writtenOnce(message: string, saving: Saving, about: SavingLayers): AdviceWords {
  const { first, later } = about;
  if (isRun(first) && isRun(later)) return inOneRun(message, about, saving);
  if (isCopy(first) && isRun(later)) return { message, instead: changedBefore(about) };
  if (saving.rule === "metadata-only") {
    const instead = copiedOnce(saving, about);
    return { message, instead, ...(!isChanged(saving) && { leavesFirst: true }) };
  }
  const instead = `Let only one of lines ${first.line} and ${later.line} write ${pathsInCode(saving)}.`;
  return { message, instead };
}

/** What is copied over the same files is copied once, as it is in the end. */
function copiedOnce(saving: Saving, { first, between, later }: SavingLayers): string {
  const others = linesInWords([...between, later]);
  const { owner, mode, isPartial } = saving;
  if (!isChanged(saving)) {
    return `Let ${others} not copy what ${madeBy(first)} has written.`;
  }
  const isAlike = mode === undefined && owner !== SEVERAL && isPartial === undefined;
  // What a RUN between them does would be done again.
  if (isCopy(first) && isAlike && between.every(isCopy)) {
    const copy = inCode(flagged(first, [`--chown=${owner}`]));
    return `Write ${copy}, and let ${others} not copy that again. Folders that line ${first.line} makes belong to ${owner} then too.`;
  }
  const all = linesInWords([first, ...between, later]);
  return `Let only one of ${all} write them, as line ${later.line} does.`;
}

function isChanged({ owner, mode }: Saving): boolean {
  return owner !== undefined || mode !== undefined;
}

/** Two or more `RUN`s as one, as far as that can be said. */
export function inOneRun(message: string, about: SavingLayers, saving: Saving): AdviceWords {
  const { first, between, later, chain } = about;
  const { instead, isWhole, lines, before } = joinedRuns(about);
  if (isWhole) {
    const place = before.length === 0 ? "" : `, before ${linesInWords(before)}`;
    return {
      message: `${message} One line can do what ${linesInWords(lines)} do${place}.`,
      instead,
    };
  }
  const isNext = !areApart([first, ...between, later], chain);
  const both =
    changedAtOnce(saving, about) ?? (isNext ? undefined : changedByNumber(saving, about));
  if (both !== undefined)
    return { message: `${message} ${afterwards(saving, about)}`, instead: both };
  return { message, instead: (isNext ? undefined : listsMounted(saving)) ?? instead };
}

/** What apt fetches for its own use is needed by the lines that install, and can be mounted there. */
function listsMounted({ paths }: Saving): string | undefined {
  const folder = "/var/lib/apt/lists";
  if (!paths.every((path) => path.startsWith(`${folder}/`))) return undefined;
  const mount = `RUN --mount=type=cache,target=${folder},sharing=locked …`;
  return `Mount it in each line that fetches or uses it: ${inCode(mount)}.`;
}

/**
 * That a `RUN` gives what it writes the owner and the mode that it has in the end: what is between it
 * and a later one may be what makes the user, or what that needs else.
 */
function changedByNumber(saving: Saving, about: SavingLayers): string | undefined {
  const { first, later } = about;
  const { rule, owner, mode, isPartial, foldersGetMode, ownFolder = "/" } = saving;
  if (rule !== "metadata-only" || owner === SEVERAL || mode === SEVERAL) return undefined;
  if (owner === undefined && mode === undefined) return undefined;
  if (owner !== undefined && !mayChangeOwners(about)) return undefined;
  // Folders have another mode than their files.
  if (mode !== undefined && foldersGetMode) return undefined;
  const inFolder =
    ownFolder === "/"
      ? pathsInCode(saving)
      : `what line ${later.line} changes in ${inCode(ownFolder)}`;
  const what = isPartial ? inFolder : "what it writes";
  const given = [
    ...(owner === undefined ? [] : [`give ${what} to ${inCode(owner)}, by number`]),
    ...(mode === undefined ? [] : [`give ${isPartial ? what : "its files"} mode ${mode}`]),
  ];
  return `Let line ${first.line}, before it ends, ${given.join(", and ")}.`;
}

/**
 * A `RUN` that changes owners and modes of what it has written as a later one does, which is left to do
 * that with the rest.
 */
function changedAtOnce(saving: Saving, { first, between, later, chain }: SavingLayers) {
  const isAlike = saving.rule === "metadata-only" && between.length === 0 && !hasOtherShell(chain);
  const [run, change] = [shellRun(first), shellRun(later)];
  if (!isAlike || run === undefined || change === undefined || !changesOnlyMetadata(later)) {
    return undefined;
  }
  // Whatever else is between them may be what makes the user, or what the command needs.
  const isByNumber = /^(?:chmod|ch(?:own|grp)\s+(?:-\w+\s+)*\d+(?::\d+)?)\s/.test(change.command);
  const harmless = isByNumber ? [...WITHOUT_EFFECT, "COPY", "ADD"] : WITHOUT_EFFECT;
  if (areApart([first, later], chain, harmless)) return undefined;
  // Only what the first one has written is sure to be there.
  const isThere = (path: string) => saving.paths.every((each) => each.startsWith(`${path}/`));
  const words = change.command.split(/\s+/);
  const paths = words.filter((word) => word.startsWith("/"));
  const isAbsolute = words.length >= 3 && paths.length > 0 && words.at(-1) === paths.at(-1);
  const isOne = commandsOf(later)?.length === 1 && change.flags.length === 0;
  if (!isAbsolute || !isOne || !paths.every(isThere)) return undefined;
  if (mountObstacle([run, change], "/") !== undefined) return undefined;
  const command = inOneCommand([run.command, change.command]);
  return command && ["RUN", ...run.flags, command].join(" ");
}

/** What is copied and then changed can be copied as it is in the end. */
function changedBefore({ first, later, image }: SavingLayers): string {
  const stage = givesItsOwn(first) ? undefined : stageCopiedFrom(first, image.stages);
  const where = stage === undefined ? "an earlier stage" : earlierStageWords(stage, image);
  const copy = inCode("COPY --from");
  const flags = givesItsOwn(first) ? ", without --chown and --chmod" : "";
  return `Do what line ${later.line} does in ${where}, and let line ${first.line} copy the result from there, with ${copy}${flags}.`;
}
