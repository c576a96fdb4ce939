// What is left for a RUN to do, once what it changed is copied as it is in the end. Not even a change
// without effect may be left: with the older image store, engines keep all that was touched.

import type { Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import { changesOnlyMetadata, plainList, shellRun } from "./commands.ts";
import { inCode, linesInWords, listed } from "./words.ts";

/** What becomes of the lines, in the middle of a sentence; undefined where that cannot be said. */
export function restInWords(lines: readonly Layer[], saving: Saving): string | undefined {
  const rests = lines.map((layer) => ({ layer, rest: restOf(layer, saving) }));
  if (rests.some(({ rest }) => rest === undefined)) return undefined;
  const dropped = rests.filter(({ rest }) => rest === "").map(({ layer }) => layer);
  const kept = rests.filter(({ rest }) => rest !== "");
  return listed([
    ...(dropped.length > 0 ? [`${linesInWords(dropped)} be dropped`] : []),
    ...kept.map(({ layer, rest = "" }) => `line ${layer.line} be ${inCode(rest)}`),
  ]);
}

/**
 * What is left of a `RUN` that no longer changes the owner or the mode of the files of a saving, as it
 * is to be written; empty where that is nothing, undefined where it cannot be said.
 */
export function restOf(layer: Layer, saving: Saving): string | undefined {
  const { isSole, otherFolders = [] } = saving;
  if (isSole && otherFolders.length === 0 && changesOnlyMetadata(layer)) return "";
  const run = shellRun(layer);
  const commands = plainList(run?.command ?? "");
  if (run === undefined || commands === undefined) return undefined;
  const rests = commands.map((command) => restOfCommand(command, saving));
  if (rests.some((rest) => rest === undefined)) return undefined;
  const kept = rests.flatMap((rest) => rest ?? []);
  // What changed the files is none of the commands.
  if (kept.join() === commands.join()) return undefined;
  if (!otherFolders.every((folder) => kept.some((each) => each.split(" ").includes(folder)))) {
    return undefined;
  }
  return kept.length === 0 ? "" : ["RUN", ...run.flags, kept.join(" && ")].join(" ");
}

const CHANGE = /^(?:chown|chmod|chgrp)$/;
/** What may change files too, be it by starting one of those. */
const MAY_CHANGE = /\b(?:chown|chmod|chgrp|touch|setfacl|usermod|find|xargs|sh|bash)\b/;
const RECURSIVE = "--recursive";

/** The commands that are left of one; undefined where it cannot be said what that changes. */
function restOfCommand(command: string, saving: Saving): readonly string[] | undefined {
  const [name = "", ...words] = command.split(/\s+/);
  if (!CHANGE.test(name)) return MAY_CHANGE.test(command) ? undefined : [command];
  const flags = words.filter((word) => isFlag(word));
  const [change = "", ...operands] = words.filter((word) => !isFlag(word));
  const places = operands.map((operand) => placeOf(operand, saving.ownFolder));
  if (operands.length === 0 || places.includes("unclear")) return undefined;
  const apart = operands.filter((_, at) => places[at] === "apart");
  const own = operands.filter((_, at) => places[at] === "own");
  if (own.length === 0) return [command];
  const folders = (saving.otherFolders ?? []).filter((folder) => own.some(isAbove(folder)));
  return [
    ...(apart.length > 0 ? [[name, ...flags, change, ...apart].join(" ")] : []),
    ...(folders.length > 0 ? [[name, ...inOne(flags), change, ...folders].join(" ")] : []),
  ];
}

/** `-x` is a mode. */
function isFlag(word: string): boolean {
  return /^-[RfcvhHLP]+$|^--[a-z]/.test(word);
}

/** The flags without the one to change all that is in a folder. */
function inOne(flags: readonly string[]): readonly string[] {
  return flags
    .filter((flag) => flag !== RECURSIVE)
    .map((flag) => (flag.startsWith("--") ? flag : flag.replaceAll("R", "")))
    .filter((flag) => flag !== "-");
}

/** Whether what a command changes are files of the saving only, none of them, or not known which. */
function placeOf(operand: string, ownFolder: string | undefined): "own" | "apart" | "unclear" {
  if (ownFolder === undefined || !/^\/[\w@%+:.*?/-]*$/.test(operand) || operand.includes("..")) {
    return "unclear";
  }
  const own = inFolder(ownFolder);
  const [literal = ""] = operand.split(/[*?]/);
  if (operand !== literal) {
    if (literal.startsWith(own)) return "own";
    return own.startsWith(literal) ? "unclear" : "apart";
  }
  const place = inFolder(operand);
  if (place.startsWith(own)) return "own";
  return own.startsWith(place) ? "unclear" : "apart";
}

function isAbove(folder: string): (operand: string) => boolean {
  return (operand) => inFolder(folder).startsWith(inFolder(operand));
}

/** What the paths of all that is in a folder begin with. */
function inFolder(path: string): string {
  return `${path.replace(/\/+$/, "")}/`;
}
