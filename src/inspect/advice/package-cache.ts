import type { Instruction } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";
import { namesPath } from "./commands.ts";
import { workingFolder } from "./context-source.ts";
import { mountedInstead } from "./copied-instead.ts";
import { copySource } from "./copy-source.ts";
import { commandsIn, isDeletion } from "./deletions.ts";
import { flagged, isCopy, isRun } from "./instructions.ts";
import { removesItself } from "./mounts.ts";
import { isNeededToStart } from "./needed-to-start.ts";
import { heirsOf, takersOf } from "./taken-elsewhere.ts";
import { deletedInstead } from "./temporary-files.ts";
import { type AdviceWords, inCode, isMountable, listed, type SavingLayers } from "./words.ts";

/** A layer has what a package manager keeps for its next run, or what was meant to be temporary. */
export function packageCacheWords(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { subject = "", paths } = saving;
  const { later } = about;
  const [path = ""] = paths;
  const folder = folderOf(path, subject);
  const isTemporary = folder === "/tmp" || folder === "/var/tmp";
  if (!isTemporary && isNeededToStart(folder, paths, about)) return undefined;
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
  // Only a RUN can mount something, and not everywhere.
  if (!isRun(later) || !isMountable(folder)) return undefined;
  if (!isTemporary && isTakenElsewhere(folder, about)) return undefined;
  return isTemporary
    ? temporaryWords(message, folder, saving, about)
    : cacheWords(message, folder, saving, about);
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
  const [, user] = TEMPORARY_USERS.find(([known]) => known.test(path)) ?? [];
  return withSameMount(message, { mount, folder, user }, about);
}

/**
 * What package managers are called that fill a cache, by its folder. Options are bounded: a long line
 * would take the square of its length.
 */
const USERS: readonly (readonly [folder: RegExp, user: RegExp])[] = [
  [
    /^\/var\/(?:lib|cache)\/apt/,
    /\b(?:apt(?:-get)?|aptitude)\s[^&|;]{0,500}\b(?:install|build-dep|source|download|satisfy|(?:dist-|full-|safe-)?upgrade)\b/,
  ],
  [/\.cache\/(?:pip|pypoetry\/\w+|uv)$/, /\b(?:pip3?|poetry|uv)\s+(?:install|sync|pip)\b/],
  [/\/_cacache$/, /\bnpm\s+(?:ci|i|install|exec)\b/],
  [/yarn$|share\/\.cache$|pnpm\/store$/, /\b(?:yarn|pnpm)\b/],
  [/go-build$|go\/pkg\/mod\/cache$/, /\bgo\s+(?:build|install|mod|get|test|run|generate)\b/],
  [/\.m2\/repository$/, /\bmvnw?\b/],
  [/\.gradle\/caches$/, /\bgradlew?\b/],
  [/\.cargo\/registry$/, /\bcargo\s/],
  [/\.cache\/composer$/, /\bcomposer\s/],
];

/**
 * Folders beside which a package manager writes others: to mount one makes those that it is in, which
 * then belong to root.
 */
const HAS_NEIGHBOURS =
  /\.cache\/pypoetry\/|pnpm\/store$|go\/pkg\/mod\/cache$|\.m2\/repository$|\.gradle\/caches$|\.cargo\/registry$/;

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
  const mount = `--mount=type=cache,target=${folder}${mountOptions(folder, owner)}`;
  const [, user] = USERS.find(([known]) => known.test(folder)) ?? [];
  const place = workingFolder({ first: later, chain });
  const isGone = removesItself(folder, later.instruction ?? "", place);
  if (isGone || (owner !== undefined && HAS_NEIGHBOURS.test(folder))) {
    const isUsed = user !== undefined && laterUsers(folder, user, about).length > 0;
    const again = isGone ? " once more," : "";
    const instead = `Let line ${later.line} delete ${inCode(folder)}${again} before it ends.`;
    return isUsed ? undefined : { message, instead };
  }
  return withSameMount(message, { mount, folder, user }, about);
}

/** What a line is to mount, and what tells later lines that use the same folder. */
interface WantedMount {
  readonly mount: string;
  readonly folder: string;
  readonly user: RegExp | undefined;
}

function withSameMount(
  message: string,
  { mount, folder, user }: WantedMount,
  about: SavingLayers,
): AdviceWords {
  const instead = flagged(about.later, [mount]);
  const users = user === undefined ? [] : laterUsers(folder, user, about);
  if (users.length === 0) return { message, instead, mount };
  // Else they would not find what is there now.
  const lines = listed(users.map(({ lines: { start } }) => String(start)));
  const [which, them] =
    users.length > 1 ? [`Lines ${lines} use`, "them"] : [`Line ${lines} uses`, "it"];
  const fresh = folder === "/var/lib/apt/lists" ? `, and ${inCode("apt-get update")}` : "";
  const too = `${which} it too: give ${them} the same mount${fresh}.`;
  return { message: `${message} ${too}`, instead, mount };
}

/** apt locks its folders; and a mount belongs to root, unless somebody else is named. */
function mountOptions(folder: string, owner: string | undefined): string {
  if (/\/apt(?:\/|$)/.test(folder)) return ",sharing=locked";
  const [uid, gid] = owner?.split(":") ?? [];
  return uid === undefined || gid === undefined ? "" : `,uid=${uid},gid=${gid}`;
}

/** Lines after the one that fills a cache, of all stages that have it, that use it and mount none. */
function laterUsers(
  folder: string,
  user: RegExp,
  { later, image }: SavingLayers,
): readonly Instruction[] {
  const { line = 0 } = later;
  return heirsOf(later, image.stages)
    .flatMap(({ instructions }) => instructions)
    .filter(
      ({ keyword, text, lines }) =>
        keyword === "RUN" &&
        lines.start > line &&
        user.test(text) &&
        !isSelfSufficient(folder, text),
    );
}

/** Whether a line fetches lists of its own, or has a mount already. */
function isSelfSufficient(folder: string, text: string): boolean {
  const isUpdated = folder === "/var/lib/apt/lists" && /\bapt(?:-get)?\s+update\b/.test(text);
  const hasMount = text.split(/[\s,]+/).includes(`target=${folder}`);
  return isUpdated || hasMount;
}
