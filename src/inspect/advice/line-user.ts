// As whom lines are run, and so whose home they use.

import type { Instruction, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { heirsOf } from "./taken-elsewhere.ts";
import type { SavingLayers } from "./words.ts";

/** What only root has; yarn puts its cache there for it. */
const OF_ROOT = /^\/(?:root|usr\/local\/share\/\.cache)(?:\/|$)/;
const OF_SOMEBODY = /^\/home\/[^/]+\//;

/** What may have a line use another home than that of whom it is run as, or another cache. */
const SETS_PLACE =
  /\b(?:HOME|\w{0,50}(?:CACHE|cache)\w{0,50})[\s=]|\b(?:sudo|su|gosu|runuser|setpriv)\b/;

/**
 * Lines of the stages that have a cache in a home which are run as somebody else than the one that fills
 * it: they have a cache of their own.
 */
export function linesOfOtherHomes(
  folder: string,
  { later, image: { stages } }: SavingLayers,
): ReadonlySet<Instruction> {
  const isOfRoot = OF_ROOT.test(folder);
  if (!isOfRoot && !OF_SOMEBODY.test(folder)) return new Set();
  const unsaid = isOfRoot ? "root" : undefined;
  const heirs = heirsOf(later, stages);
  return new Set(heirs.flatMap((stage) => linesOfOthers(stage, stages, later.line, unsaid)));
}

/** @param unsaid as whom lines are run before a line says so */
function linesOfOthers(
  stage: Stage,
  stages: readonly Stage[],
  filled: number | undefined,
  unsaid: string | undefined,
): readonly Instruction[] {
  const chain = chainOf(stages, stage.index)
    .flatMap(({ instructions }) => instructions)
    .toSorted((one, other) => one.lines.start - other.lines.start);
  if (chain.some(({ keyword, text }) => keyword !== "RUN" && SETS_PLACE.test(text))) return [];
  const others: Instruction[] = [];
  let user = unsaid;
  let filler: string | undefined;
  for (const line of chain) {
    if (line.keyword === "USER") user = userIn(line.text);
    if (line.lines.start === filled) filler = user;
    const isOther = filler !== undefined && user !== undefined && user !== filler;
    if (isOther && !SETS_PLACE.test(line.text)) others.push(line);
  }
  return others;
}

/** Whom a `USER` names, without a group; undefined where that is a variable. */
function userIn(text: string): string | undefined {
  const [name = ""] = text
    .replace(/^\S+\s+/, "")
    .trim()
    .split(":");
  if (name.includes("$")) return undefined;
  return name === "0" ? "root" : name;
}
