import type { PlannedImage, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { inCode, listed, type SavingLayers } from "./words.ts";

/** Stages that are told by name. */
const MOST_NAMES = 3;

/**
 * That other stages change too, in a sentence: those that have the line which is to be written
 * otherwise, and not the one that is the reason for it. Empty where there are none.
 */
export function otherStagesWords(
  { first, later }: SavingLayers,
  { image, stage }: { readonly image: PlannedImage; readonly stage: Stage },
): string {
  if (first.origin !== "own" || first.line === undefined || first === later) return "";
  const { stages } = image;
  const [maker, reason] = [first.line, later.line].map((line) => {
    return chainOf(stages, stage.index).find((each) => hasLine(each, line));
  });
  if (maker === undefined || reason === undefined || maker === reason) return "";
  const names = stages
    .filter(({ index }) => {
      const chain = chainOf(stages, index);
      return chain.includes(maker) && !chain.includes(reason);
    })
    .map(({ name }) => inCode(name));
  const more = names.length - MOST_NAMES;
  const shown = more > 0 ? [...names.slice(0, MOST_NAMES), `${more} more`] : names;
  const [stand, have, change] =
    names.length === 1 ? ["Stage", "has", "changes"] : ["Stages", "have", "change"];
  return `${stand} ${listed(shown)}, which ${have} line ${first.line} too, ${change} with it; where that must not be, let each stage have a line of its own.`;
}

function hasLine({ instructions }: Stage, line: number | undefined): boolean {
  return instructions.some(({ lines }) => lines.start === line);
}

/**
 * The stage in which something can be done before it is copied from there: that which has it, unless
 * others have it of that too, or it is there to be run.
 */
export function earlierStageWords(
  stage: Pick<Stage, "name" | "index" | "instructions">,
  { stages }: SavingLayers["image"],
): string {
  const users = stages.filter(({ needs }) => needs.includes(stage.index)).length;
  const isRun = stage.instructions.some(({ keyword }) => STARTING.includes(keyword));
  const name = inCode(stage.name);
  return users > 1 || isRun ? `a stage of its own on top of ${name}` : `stage ${name}`;
}

const STARTING = ["CMD", "ENTRYPOINT"];
