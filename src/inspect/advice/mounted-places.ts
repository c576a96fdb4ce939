// What of a copy out of the build context a line would mount instead, so that all of it is spared.

import { posix } from "node:path";
import type { Saving } from "../savings/saving.ts";
import { commandsOf, isRemoval, readsNothing } from "./commands.ts";
import { contextSource, copyTarget, workingFolder } from "./context-source.ts";
import { sourcesOf } from "./copy-source.ts";
import { commandsIn } from "./deletions.ts";
import { asLine, isCopy, runsFrom } from "./instructions.ts";
import { isIn } from "./mounts.ts";
import type { SavingLayers } from "./words.ts";

/** A file or a folder of the build context, and where it is to be. */
export interface MountedPlace {
  /** Undefined where it cannot be told. */
  readonly source: string | undefined;
  readonly target: string;
}

/**
 * Where all is that a saving is about: all that the line has copied, what the later line deletes by name,
 * or each file; undefined where that cannot be told.
 */
export function mountedPlaces(
  saving: Saving,
  about: SavingLayers,
): readonly MountedPlace[] | undefined {
  const { paths, files, movesSome, laterLayer, subject = "" } = saving;
  const placed = (target: string) => ({ target, source: contextSource(target, about) });
  const gone = laterLayer === undefined ? [subject] : removedBy(about);
  const target = copyTarget(about);
  const whole = gone.some((folder) => target !== undefined && isIn(folder, target));
  if (whole && target !== undefined && target !== "/") {
    const source = sourceOfAll(about);
    return source === undefined || isFilledByOthers(target, about)
      ? undefined
      : [{ source, target }];
  }
  // What is moved would have to be copied instead.
  if (movesSome) return undefined;
  const named = gone.filter((folder) => paths.some((path) => isIn(folder, path)));
  const places = paths.every((path) => named.some((folder) => isIn(folder, path)))
    ? named.map(placed)
    : [];
  if (places.length > 0 && places.every(({ source }) => source !== undefined)) return places;
  return files === paths.length ? paths.map(placed) : undefined;
}

/** The folder that a line copies, if it copies nothing else. */
function sourceOfAll({ first: { instruction = "" } }: SavingLayers): string | undefined {
  const [source = "", ...others] = sourcesOf(instruction);
  const isPlain = others.length === 0 && /^[\w@%+=:./~-]+$/.test(source);
  if (!isPlain || /\s--(?:parents|exclude)\b/.test(instruction)) return undefined;
  return (
    posix
      .join("/", source)
      .replace(/(?<=.)\/$/, "")
      .slice(1) || "."
  );
}

/** Whether another line copies something to the same folder, which a mount would hide. */
function isFilledByOthers(target: string, { first, chain }: SavingLayers): boolean {
  return chain
    .map(asLine)
    .filter((line) => isCopy(line) && line.line !== first.line)
    .some((line) => {
      const other = copyTarget({ first: line, chain });
      return other === undefined || isIn(other, target) || isIn(target, other);
    });
}

/** Paths that the later line deletes by name, with all that is in them. */
function removedBy({ later, chain }: SavingLayers): readonly string[] {
  const commands = commandsIn(later.instruction ?? "").map((command) => {
    return command.replace(/^\s*RUN\s+(?:--\S+\s+)*/i, "").trim();
  });
  const isElsewhere = commands.some((command) => /^\W*(?:cd|pushd)\b/.test(command));
  const folder = isElsewhere ? undefined : workingFolder({ first: later, chain });
  return commands
    .filter(isRemoval)
    .flatMap((command) => command.split(/\s+/).slice(1))
    .filter((word) => /^[\w@%+=:./][\w@%+=:./~-]*$/.test(word))
    .filter((word) => folder !== undefined || word.startsWith("/"))
    .map((word) => posix.resolve(folder ?? "/", word));
}

/** How many lines after the copy, up to the one that deletes it, may have to do with what is copied. */
export function countUsers(about: SavingLayers): number {
  return runsFrom(about).filter((instruction) => {
    const isChange = (commandsOf({ instruction }) ?? []).some((each) => /^ch/.test(each));
    return isChange || !readsNothing({ instruction });
  }).length;
}
