// What to write otherwise in a Dockerfile, and what that saves: the savings that were found in an
// image, as far as the lines that made it are one's own.

import type { Advice, Layer } from "../../model/image.ts";
import type { PlannedImage, Stage } from "../../model/plan.ts";
import { chainOf } from "../../plan/chain.ts";
import { readDirectives } from "../../plan/directives.ts";
import { LineCursor } from "../../plan/lines.ts";
import type { ImageFacts } from "../image-facts.ts";
import { LEAST_SAVING } from "../savings/find-savings.ts";
import type { Saving } from "../savings/saving.ts";
import { adviseLargeFile } from "./large-file.ts";
import { withoutSecrets } from "./secret-files.ts";
import type { AdviceWords, SavingLayers } from "./words.ts";
import { WRITERS } from "./writers.ts";

/** A stage whose image is looked at. */
export interface Advised {
  readonly image: PlannedImage;
  readonly stage: Stage;
  readonly facts: ImageFacts;
  /** Lowest first. */
  readonly layers: readonly Layer[];
}

/** A saving that is worth less than this part of an image is not told. */
const WORTHWHILE = 0.001;

/**
 * The advice for a stage, what saves most first. There is none for stages of which others only copy
 * something: what is left in them is shipped to nobody.
 */
export function advise(advised: Advised): readonly Advice[] {
  const { image, stage, facts, layers } = advised;
  if (!isShipped(image, stage)) return [];
  const unpacked = layers.reduce((sum, layer) => sum + layer.unpacked, 0);
  const least = Math.max(LEAST_SAVING, unpacked * WORTHWHILE);
  const { syntax } = readDirectives(new LineCursor(image.text));
  const all = [
    ...facts.savings.flatMap((saving) => adviseSaving(advised, saving, syntax)),
    ...adviseLargeFile(advised),
  ];
  return all.filter(({ bytes }) => bytes >= least).sort((one, other) => other.bytes - one.bytes);
}

/** Whether a stage is one that is run: nothing needs it, or something that is run stands on it. */
function isShipped(image: PlannedImage, stage: Stage): boolean {
  const { stages } = image;
  const isLeaf = (each: Stage) => !stages.some(({ needs }) => needs.includes(each.index));
  return stages.some((each) => isLeaf(each) && chainOf(stages, each.index).includes(stage));
}

function adviseSaving(
  { image, stage, layers }: Advised,
  saving: Saving,
  syntax: string | undefined,
): readonly Advice[] {
  const first = layers[saving.layer];
  const later = saving.laterLayer === undefined ? first : layers[saving.laterLayer];
  // What came from outside and was changed outside is nothing that a line here could change.
  if (first === undefined || later?.origin !== "own" || later.line === undefined) return [];
  const isLast = image.stages.at(-1) === stage;
  const chain = chainOf(image.stages, stage.index).flatMap(({ instructions }) => instructions);
  const { dockerfile } = image;
  const about = {
    first,
    later,
    isLast,
    chain,
    dockerfile,
    ...(syntax !== undefined && { syntax }),
  };
  const words = wordsOf(saving, about);
  if (words === undefined) return [];
  const lines = new Set([first.line, later.line].filter((line) => line !== undefined));
  return [
    {
      rule: saving.rule,
      bytes: saving.bytes,
      lines: [...lines].sort((one, other) => one - other),
      ...words,
      paths: saving.paths,
    },
  ];
}

function wordsOf(saving: Saving, about: SavingLayers): AdviceWords | undefined {
  const { rule } = saving;
  const words = rule === "large-file" ? undefined : WRITERS[rule](saving, about);
  return words && withoutSecrets(words, saving, about);
}
