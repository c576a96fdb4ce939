// What other stages take out of the one that has a line: a link has to be right where they put it too.

import { posix } from "node:path";
import type { Instruction, Stage } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";
import { sourcesOf, stageCopiedFrom } from "./copy-source.ts";
import { mountsOf } from "./mounts.ts";
import { heirsOf } from "./taken-elsewhere.ts";
import type { SavingLayers } from "./words.ts";

/**
 * Which symbolic link can stand for the copy of a file: any one; only one that says where its twin is
 * from there, since both are taken out together; or none, since the one is taken out without the other.
 */
export type FittingLink = "any" | "relative" | "none";

/** The symbolic link that can stand for what is a copy, wherever other stages put it. */
export function fittingLink(
  { paths, twin = "", files }: Saving,
  { later, image: { stages } }: SavingLayers,
): FittingLink {
  const [path = ""] = paths;
  const heirs = heirsOf(later, stages);
  const taken = stages.flatMap(({ index, instructions }) => {
    const earlier = stages.slice(0, index);
    return instructions.flatMap((instruction) => takenBy(instruction, heirs, earlier));
  });
  // Where the others are that are copies too is not known.
  if (files > 1) return taken.length === 0 ? "any" : "none";
  const withPath = taken.filter((source) => source === undefined || isIn(source, path));
  if (withPath.length === 0) return "any";
  return withPath.every((source) => source !== undefined && isIn(source, twin))
    ? "relative"
    : "none";
}

/** The paths that an instruction takes out of some stages; undefined for one that is not known. */
function takenBy(
  { keyword, text }: Instruction,
  heirs: readonly Stage[],
  earlier: readonly Stage[],
): readonly (string | undefined)[] {
  const isHeir = (copy: string) => {
    const from = stageCopiedFrom({ instruction: copy }, earlier);
    return from !== undefined && heirs.includes(from);
  };
  if (keyword === "COPY") return isHeir(text) ? sourcesOf(text).map(plainPath) : [];
  if (keyword !== "RUN") return [];
  return mountsOf(text)
    .filter(({ from }) => from !== undefined && isHeir(`COPY --from=${from} / /`))
    .map(({ source }) => plainPath(source));
}

function plainPath(path: string): string | undefined {
  return /^[\w@%+=:,./-]+$/.test(path) ? posix.resolve("/", path) : undefined;
}

/** Whether a path is in a folder. What is copied by its own name is followed if it is a link. */
function isIn(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}
