// Which lines use what a package manager keeps.

import type { Instruction } from "../../model/plan.ts";
import { workingFolder } from "./context-source.ts";
import { commandsIn } from "./deletions.ts";
import { asLine } from "./instructions.ts";
import { linesOfOtherHomes } from "./line-user.ts";
import { isIn, mountsOf, removesItself } from "./mounts.ts";
import { mayUse } from "./project-uses.ts";
import { heirsOf } from "./taken-elsewhere.ts";
import type { SavingLayers } from "./words.ts";

/** Package managers that fill a cache. */
interface CacheUser {
  readonly folder: RegExp;
  /** What they are called, to use what is there. */
  readonly call: RegExp;
  readonly name: RegExp;
  /** What a command tells them, so that they fetch nothing. */
  readonly flag?: RegExp;
  /** How they are told so by a variable, or once and for all. */
  readonly setting?: RegExp;
}

const OFFLINE = /(?<![\w-])--offline(?![\w-])/;

/** Where apt has what it fetches before it installs anything. */
export const APT_LISTS = "/var/lib/apt/lists";

const APT = {
  name: /\b(?:apt|aptitude)\b/,
  flag: /(?<![\w-])--no-download(?![\w-])/,
} as const;

/** Options are bounded: a long line would take the square of its length. */
const CACHE_USERS: readonly CacheUser[] = [
  {
    folder: /^\/var\/lib\/apt/,
    call: /\b(?:apt(?:-get)?|aptitude)\s[^&|;]{0,500}\b(?:update|install|build-dep|source|download|satisfy|(?:dist-|full-|safe-)?upgrade)\b/,
    ...APT,
  },
  {
    folder: /^\/var\/cache\/apt/,
    call: /\b(?:apt(?:-get)?|aptitude)\s[^&|;]{0,500}\b(?:install|build-dep|source|download|satisfy|(?:dist-|full-|safe-)?upgrade)\b/,
    ...APT,
  },
  {
    folder: /\.cache\/(?:pip|pypoetry\/\w+|uv)$/,
    call: /\b(?:pip3?|poetry|uv)\s+(?:install|sync|pip)\b/,
    name: /\b(?:pip[\d.]*|poetry|uvx?)\b/,
    // Of these, pip has no way to take from its cache what it does not find in an index.
    flag: OFFLINE,
    setting: /\bUV_OFFLINE\b/,
  },
  {
    folder: /\/_cacache$/,
    call: /\bnpm\s+(?:ci|i|install|exec)\b/,
    name: /\bnp[mx]\b/,
    flag: OFFLINE,
    setting: /\bnpm_config_offline\b|\boffline[\s=]true\b/i,
  },
  {
    folder: /yarn$|share\/\.cache$|pnpm\/store$/,
    call: /\b(?:yarn|pnpm)\b/,
    name: /\b(?:yarn|pnpm|pnpx)\b/,
    flag: OFFLINE,
    setting: /\bYARN_ENABLE_NETWORK[\s=]["']?(?:0|false)\b|\bnpm_config_offline\b/i,
  },
  {
    folder: /go-build$|go\/pkg\/mod\/cache$/,
    call: /\bgo\s+(?:build|install|mod|get|test|run|generate)\b/,
    name: /\bgo\b/,
    setting: /\bGOPROXY[\s=]["']?off\b/,
  },
  {
    folder: /\.m2\/repository$/,
    call: /\bmvnw?\b/,
    name: /\bmvn[dw]?\b/,
    flag: /(?<![\w-])(?:-o|--offline)(?![\w-])/,
    setting: /\bMAVEN_ARGS[\s=]["']?[^"']{0,500}(?<![\w-])(?:-o|--offline)(?![\w-])/,
  },
  {
    folder: /\.gradle\/caches$/,
    call: /\bgradlew?\b/,
    name: /\bgradlew?\b/,
    flag: OFFLINE,
  },
  {
    folder: /\.cargo\/registry$/,
    call: /\bcargo\s/,
    name: /\bcargo\b/,
    flag: /(?<![\w-])--(?:offline|frozen)(?![\w-])/,
    setting: /\bCARGO_NET_OFFLINE\b|\bnet\.offline\b/,
  },
  {
    folder: /\.cache\/composer$/,
    call: /\bcomposer\s/,
    name: /\bcomposer\b/,
    setting: /\bCOMPOSER_DISABLE_NETWORK\b/,
  },
];

function userOf(folder: string): CacheUser | undefined {
  return CACHE_USERS.find(({ folder: known }) => known.test(folder));
}

/**
 * Lines after the one that fills a cache, of all stages that have it, that use it and mount none: what
 * the first one no longer leaves there, they would fetch anew and leave in its place.
 */
export function laterUsers(folder: string, about: SavingLayers): readonly Instruction[] {
  const call = userOf(folder)?.call;
  const others = linesOfOtherHomes(folder, about);
  return linesCalling(call, folder, about).filter((line) => {
    // Without lists of its own it needs those that are there, whatever it deletes behind it.
    const isFree = folder !== APT_LISTS || isSelfSufficient(folder, line.text);
    const leavesNone = isFree && emptiesBehind(call, folder, line, about);
    return !leavesNone && !others.has(line);
  });
}

/** Whether a line deletes all that is in a folder behind the last command that fills it. */
function emptiesBehind(
  call: RegExp | undefined,
  folder: string,
  line: Instruction,
  { chain }: SavingLayers,
): boolean {
  const commands = commandsIn(line.text);
  const last = commands.findLastIndex((command) => call?.test(command));
  return commands
    .slice(last + 1)
    .some((text) => isRemovedBy(`${folder}/_`, { ...line, text }, chain));
}

/** Whether a line deletes or moves a folder itself, or one that it is in. */
export function isRemovedBy(
  folder: string,
  line: Instruction,
  chain: readonly Instruction[],
): boolean {
  if (!/\b(?:rm|rmdir|mv)\s/.test(line.text)) return false;
  return removesItself(folder, line.text, workingFolder({ first: asLine(line), chain }));
}

/** Lines after one, of all stages that have that, that call something and do not mount a folder. */
export function linesCalling(
  call: RegExp | undefined,
  folder: string,
  about: SavingLayers,
): readonly Instruction[] {
  const calls = (text: string) => {
    return commandsIn(text).some((command) => !CHANGES.test(command) && call?.test(command));
  };
  return linesAfter(about).filter(
    ({ keyword, text }) => keyword === "RUN" && calls(text) && !hasMount(folder, text),
  );
}

/** What changes owners, modes or dates has only names of users and of paths behind it. */
const CHANGES =
  /^\s*(?:RUN\s+(?:--\S+\s+)*)?(?:sudo\s+)?(?:(?:chown|chgrp|chmod|touch)\s|find\s.{0,500}\s-exec\s+(?:chown|chgrp|chmod)\s)/i;

/**
 * Whether a later line uses a cache and cannot fetch what it does not find. A mount is empty on another
 * machine where the line that fills it is found in the build cache, since it is not kept with that.
 * https://docs.docker.com/build/ci/github-actions/cache/#cache-mounts
 */
export function isNeededOffline(folder: string, about: SavingLayers): boolean {
  const { name, flag, setting } = userOf(folder) ?? {};
  const after = linesAfter(about);
  const isSet = after.some(({ keyword, text }) => SETS.includes(keyword) && setting?.test(text));
  const isToldSo = (command: string) => name?.test(command) && flag?.test(command);
  return after
    .filter(({ keyword, text }) => keyword === "RUN" && !isSelfSufficient(folder, text))
    .some(({ text }) => {
      if (commandsIn(text).some(isToldSo)) return true;
      const isOffline = isSet || WITHOUT_NETWORK.test(text);
      return isOffline && (name === undefined || name.test(text) || mayUse(folder, text));
    });
}

/** Instructions that may say how others are run. */
const SETS = ["ARG", "ENV", "RUN"];

const WITHOUT_NETWORK = /^RUN\s+(?:--\S+\s+)*?--network=["']?none\b/i;

/** All lines after one, of all stages that have that. */
export function linesAfter({ later, image }: SavingLayers): readonly Instruction[] {
  const { line = 0 } = later;
  return heirsOf(later, image.stages)
    .flatMap(({ instructions }) => instructions)
    .filter(({ lines }) => lines.start > line);
}

/** Whether a line fetches lists of its own, or has a mount already. */
export function isSelfSufficient(folder: string, text: string): boolean {
  return (folder === APT_LISTS && UPDATES.test(text)) || hasMount(folder, text);
}

const UPDATES = /\b(?:apt(?:-get)?|aptitude)\s(?:[^&|;]{0,500}\s)?update\b/;

function hasMount(folder: string, text: string): boolean {
  return mountsOf(text).some(({ target }) => isIn(target, folder));
}
