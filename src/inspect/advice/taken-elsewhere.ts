// Whether what a line leaves in a folder is of use to other lines, or to a container.

import { posix } from "node:path";
import type { Layer } from "../../model/image.ts";
import type { Instruction, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { sourcesOf, stageCopiedFrom } from "./copy-source.ts";
import { isIn, mountsOf } from "./mounts.ts";

/** The stage that has a line, and those that are built on it. */
export function heirsOf({ line }: Pick<Layer, "line">, stages: readonly Stage[]): readonly Stage[] {
  return stages.filter(({ index }) => {
    const chain = chainOf(stages, index).flatMap(({ instructions }) => instructions);
    return chain.some(({ lines }) => lines.start === line);
  });
}

/**
 * Instructions that copy or mount something of a folder out of the stages that have a line. What is
 * copied with all of a user's files is meant too, what is copied with everything is not.
 */
export function takersOf(
  folder: string,
  later: Pick<Layer, "line">,
  stages: readonly Stage[],
): readonly Instruction[] {
  const heirs = heirsOf(later, stages);
  return stages
    .flatMap(({ instructions }) => instructions)
    .filter((instruction) => {
      return copiesOf(folder, instruction, heirs, stages) || mountsFrom(folder, instruction, heirs);
    });
}

function copiesOf(
  folder: string,
  { keyword, text }: Instruction,
  heirs: readonly Stage[],
  stages: readonly Stage[],
): boolean {
  const from = keyword === "COPY" ? stageCopiedFrom({ instruction: text }, stages) : undefined;
  if (from === undefined || !heirs.includes(from)) return false;
  const above = posix.dirname(folder);
  const isUsers = above.split("/").length > 2;
  return sourcesOf(text).some((source) => {
    const [literal = ""] = source.split(/[*?[$]/);
    const path = posix.resolve("/", literal);
    if (isIn(folder, path) || (isUsers && path === above)) return true;
    return literal !== source && folder.startsWith(posix.join("/", literal));
  });
}

/** Whether a line mounts a stage with a folder, and names that, or something in it. */
function mountsFrom(
  folder: string,
  { keyword, text }: Instruction,
  heirs: readonly Stage[],
): boolean {
  if (keyword !== "RUN") return false;
  return mountsOf(text).some(({ from, source }) => {
    const isHeir = heirs.some(({ name }) => name.toLowerCase() === from?.toLowerCase());
    if (!isHeir) return false;
    return isIn(folder, source) || (isIn(source, folder) && text.includes(inside(source, folder)));
  });
}

/** The path of a folder in another. */
function inside(outer: string, folder: string): string {
  return posix.relative(outer, folder);
}
