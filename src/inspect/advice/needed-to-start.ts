// Whether a container needs what a package manager keeps: some start programs out of that.

import { chainOf } from "../../plan/chain.ts";
import { STARTS } from "./needed.ts";
import { startsUserOf } from "./started.ts";
import { heirsOf } from "./taken-elsewhere.ts";
import type { SavingLayers } from "./words.ts";

/** Images that start a package manager where a Dockerfile says nothing else. */
const STARTING_IMAGES: readonly (readonly [folder: RegExp, image: RegExp])[] = [
  [/\.m2\/repository$/, /(?:^|\/)maven(?:[:@]|$)/],
  [/\.gradle\/caches$/, /(?:^|\/)gradle(?:[:@]|$)/],
];

/** How a package manager is told to link what it installs to its cache. */
const LINKED = /\bUV_LINK_MODE[= ]["']?symlink\b|--link-mode[= ]["']?symlink\b/;

/** Whether programs would be missing, or be fetched anew with each start, without what is in a folder. */
export function isNeededToStart(
  folder: string,
  paths: readonly string[],
  { later, image, chain, isLast }: SavingLayers,
): boolean {
  const heirs = heirsOf(later, image.stages);
  const all = [...chain, ...heirs.flatMap(({ instructions }) => instructions)];
  const starts = all.filter(({ keyword }) => STARTS.includes(keyword)).map(({ text }) => text);
  const isOffline = starts.some((text) => /\boffline\b/.test(text));
  const isSet = all.some(({ keyword, text }) => keyword === "ENV" && text.includes(`${folder}/`));
  const isLinked = /\.cache\/uv$/.test(folder) && all.some(({ text }) => LINKED.test(text));
  return (
    startsUserOf(folder, all) ||
    isOffline ||
    isSet ||
    isLinked ||
    isStore(folder, paths) ||
    (isLast && starts.length === 0 && isOfImage(folder, image, heirs.at(-1)?.index ?? 0))
  );
}

/** Where pnpm has the packages themselves that projects only link to. https://pnpm.io/settings#enableglobalvirtualstore */
function isStore(folder: string, paths: readonly string[]): boolean {
  return /pnpm\/store$/.test(folder) && paths.some((path) => /\/v\d+\/links\//.test(path));
}

function isOfImage(folder: string, { stages }: SavingLayers["image"], index: number): boolean {
  const base = chainOf(stages, index).at(-1)?.base;
  if (base?.kind !== "image") return false;
  return STARTING_IMAGES.some(([known, name]) => known.test(folder) && name.test(base.reference));
}
