// As whom lines are run, and so whose home they use.

import type { Instruction, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { heirsOf } from "./taken-elsewhere.ts";
import type { SavingLayers } from "./words.ts";

/** What only root has; yarn puts its cache there for it. */
const OF_ROOT = /^\/(?:root|usr\/local\/share\/\.cache)(?:\/|$)/;
const OF_SOMEBODY = /^\/home\/[^/]+\//;

/** What may have a line use another home than that of whom it is run as, or another cache. */
const SETS_PLACE = /\b(?:HOME|\w*(?:CACHE|cache)\w*)[\s=]|\b(?:sudo|su|gosu|runuser|setpriv)\b/;

/**
 * Whether a line is run as somebody else than the one that fills a cache in a home, and so has a cache
 * of its own.
 */
export function isOfOtherHome(
  folder: string,
  line: Instruction,
  { later, image: { stages } }: SavingLayers,
): boolean {
  const isOfRoot = OF_ROOT.test(folder);
  if (!isOfRoot && !OF_SOMEBODY.test(folder)) return false;
  const stage = heirsOf({ line: line.lines.start }, stages)[0];
  const chain = stage === undefined ? [] : instructionsOf(stage, stages);
  const isSet = chain.some(({ keyword, text }) => keyword !== "RUN" && SETS_PLACE.test(text));
  if (isSet || SETS_PLACE.test(line.text)) return false;
  const filler = userAt(later.line, chain) ?? (isOfRoot ? "root" : undefined);
  const user = userAt(line.lines.start, chain);
  return user !== undefined && filler !== undefined && user !== filler;
}

function instructionsOf(stage: Stage, stages: readonly Stage[]): readonly Instruction[] {
  return chainOf(stages, stage.index).flatMap(({ instructions }) => instructions);
}

/** As whom a line is run; undefined where only the base image says that, or a variable. */
function userAt(line = 0, chain: readonly Instruction[]): string | undefined {
  const said = chain
    .filter(({ keyword, lines }) => keyword === "USER" && lines.start < line)
    .toSorted((one, other) => one.lines.start - other.lines.start)
    .at(-1);
  const [name = ""] =
    said?.text
      .replace(/^\S+\s+/, "")
      .trim()
      .split(":") ?? [];
  if (name === "" || name.includes("$")) return undefined;
  return name === "0" ? "root" : name;
}
