// Lines between the first and the last one of a saving that would undo what the first one did instead.

import type { Layer } from "../../model/image.ts";
import type { Saving } from "../savings/saving.ts";
import { isRun } from "./instructions.ts";
import type { SavingLayers } from "./words.ts";

/** Lines between that change what the last one does of some of the files, and would have the last word. */
export function undoingBetween({ owner, mode }: Saving, about: SavingLayers): readonly Layer[] {
  return about.others.filter((layer) => {
    const [isOwner, isMode] = changedBy(layer);
    return (isOwner && owner !== undefined) || (isMode && mode !== undefined);
  });
}

/** The same, and whether a line between may do so that does not say what it changes. */
export function mayBeUndone(saving: Saving, about: SavingLayers): boolean {
  const isUnclear = (layer: Layer) => isRun(layer) && !changedBy(layer).includes(true);
  return undoingBetween(saving, about).length > 0 || about.others.some(isUnclear);
}

/** Whether a line has commands that change owners, and modes. */
function changedBy(layer: Layer): readonly [boolean, boolean] {
  const { instruction = "" } = layer;
  return [
    isRun(layer) && /\bch(?:own|grp)\b/.test(instruction),
    isRun(layer) && /\bchmod\b/.test(instruction),
  ];
}
