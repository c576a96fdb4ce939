import type { Instruction } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";
import {
  APT_LISTS,
  isNeededOffline,
  isRemovedBy,
  isSelfSufficient,
  laterUsers,
  linesAfter,
  linesCalling,
} from "./cache-users.ts";
import { changesOnlyMetadata, namesPath } from "./commands.ts";
import { workingFolder } from "./context-source.ts";
import { mountedInstead } from "./copied-instead.ts";
import { copySource } from "./copy-source.ts";
import { commandsIn, isDeletion } from "./deletions.ts";
import { asLine, flagged, isCopy, isRun } from "./instructions.ts";
import { makesHome, removesItself } from "./mounts.ts";
import { isNeededToStart } from "./needed-to-start.ts";
import { heirsOf, takersOf } from "./taken-elsewhere.ts";
import { deletedInstead } from "./temporary-files.ts";
import {
  type AdviceWords,
  inCode,
  isMountable,
  linesInWords,
  listed,
  type SavingLayers,
} from "./words.ts";

/** A layer has what a package manager keeps for its next run, or what was meant to be temporary. */
export function packageCacheWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { subject = "", paths } = saving;
  const { later } = about;
  const [path = ""] = paths;
  const folder = folderOf(path, subject);
  const isTemporary = folder === "/tmp" || folder === "/var/tmp";
  if (!isTemporary && isNeededLater(folder, paths, about)) return undefined;
  const whom = isTemporary
    ? "which a container seldom needs"
    : "which only the next build could use";
  const message = `Line ${later.line} leaves ${inCode(folder)} behind, ${whom}.`;
  if (isCopy(later)) {
    const isOfImage = copySource(later) === "image";
    const mounted = isOfImage ? undefined : mountedInstead(saving, about)?.instead;
    const leaving = `Leave ${inCode(folder)} out of what line ${later.line} copies.`;
    return { message, instead: mounted ?? leaving };
  }
  // Only a RUN can mount something, and not everywhere; who changes what is there has not filled it.
  if (!isRun(later) || !isMountable(folder) || changesOnlyMetadata(later)) return undefined;
  if (!isTemporary && isTakenElsewhere(folder, about)) return undefined;
  return isTemporary
    ? temporaryWords(message, folder, saving, about)
    : cacheWords(message, folder, saving, about);
}

/** Whether a container, or another line, would miss a cache and could not have it anew. */
function isNeededLater(folder: string, paths: readonly string[], about: SavingLayers): boolean {
  return isNeededToStart(folder, paths, about) || isNeededOffline(folder, about);
}

/** Whether other lines copy the folder out of its stage, or name it: a mount would leave it empty. */
function isTakenElsewhere(folder: string, { later, image: { stages } }: SavingLayers): boolean {
  const isNamed = ({ keyword, text, lines }: Instruction) => {
    if (keyword !== "RUN" || lines.start === later.line) return false;
    const using = commandsIn(text).filter((command) => !isDeletion(command));
    return !isSelfSufficient(folder, text) && using.some((command) => namesPath(command, folder));
  };
  const ofHeirs = heirsOf(later, stages).flatMap(({ instructions }) => instructions);
  return takersOf(folder, later, stages).length > 0 || ofHeirs.some(isNamed);
}

/** Where in a path a class of folders begins and ends: `/root/.cache/pip` of all that is in it. */
function folderOf(path: string, folder: string): string {
  const start = path.indexOf(folder);
  return start === -1 ? folder : path.slice(0, start + folder.length);
}

/** A folder of its own hides what is in it already, and nothing that is written there stays. */
function temporaryWords(
  message: string,
  folder: string,
  saving: Saving,
  about: SavingLayers,
): AdviceWords | undefined {
  const deleted = deletedInstead(message, folder, saving, about);
  if (deleted !== undefined) return deleted === "none" ? undefined : deleted;
  const [path = ""] = saving.paths;
  const mount = `--mount=type=tmpfs,target=${folder}`;
  const [, call] = TEMPORARY_USERS.find(([known]) => known.test(path)) ?? [];
  const users = linesCalling(call, folder, about);
  return withSameMount(message, { mount, folder, users }, about);
}

/** What programs are called that leave something behind in a folder for all, by its path. */
const TEMPORARY_USERS: readonly (readonly [path: RegExp, user: RegExp])[] = [
  [/\/node-compile-cache\//, /(?:^|[\s&|;(/])(?:node|npm|npx|yarn|pnpm|corepack)(?=\s|$)/],
];

function cacheWords(
  message: string,
  folder: string,
  { owner }: Saving,
  about: SavingLayers,
): AdviceWords | undefined {
  const { later, chain } = about;
  const { instruction = "" } = later;
  const place = workingFolder({ first: later, chain });
  const isGone = removesItself(folder, instruction, place);
  const users = laterUsers(folder, about);
  const after = linesAfter(about).filter(({ keyword }) => keyword === "RUN");
  const isInNewHome = [instruction, ...after.map(({ text }) => text)].some((text) => {
    return makesHome(folder, text);
  });
  const isApt = /\/apt(?:\/|$)/.test(folder);
  // Folders that a mount is in and that are not there yet are made with it, and belong to root: whom the
  // cache belongs to could write nothing beside it. Those of apt are in each image that has it. A home is
  // made before the user that it is for, who has nothing in it then.
  if (isGone || isInNewHome || (owner !== undefined && !isApt)) {
    const again = isGone ? " once more," : "";
    const instead = `Let line ${later.line} delete ${inCode(folder)}${again} before it ends.`;
    return users.length > 0 ? undefined : { message, instead };
  }
  // The mount would be in their way.
  if (users.some((line) => isRemovedBy(folder, line, chain))) return undefined;
  const mount = `--mount=type=cache,target=${folder}${isApt ? ",sharing=locked" : ""}`;
  return withSameMount(message, { mount, folder, users }, about);
}

/** What a line is to mount, and later lines that use the same folder. */
interface WantedMount {
  readonly mount: string;
  readonly folder: string;
  readonly users: readonly Instruction[];
}

function withSameMount(
  message: string,
  { mount, folder, users }: WantedMount,
  about: SavingLayers,
): AdviceWords {
  const instead = flagged(about.later, [mount]);
  if (users.length === 0) return { message, instead, mount };
  // Else they would not find what is there now.
  const lines = listed(users.map(({ lines: { start } }) => String(start)));
  const [which, them] =
    users.length > 1 ? [`Lines ${lines} use`, "them"] : [`Line ${lines} uses`, "it"];
  const too = `${which} it too: give ${them} the same mount${updateWords(folder, users)}.`;
  return { message: `${message} ${too}`, instead, mount };
}

/** That lines fetch the lists of packages themselves which did not have to; the end of a sentence. */
function updateWords(folder: string, users: readonly Instruction[]): string {
  const needing = users.filter(({ text }) => !isSelfSufficient(folder, text));
  if (folder !== APT_LISTS || needing.length === 0) return "";
  const whom = needing.length === users.length ? "" : `${linesInWords(needing.map(asLine))} `;
  return `, and ${whom}${inCode("apt-get update")}`;
}
