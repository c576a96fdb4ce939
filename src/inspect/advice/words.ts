import type { Advice, Layer } from "../../model/image.ts";
import type { Instruction } from "../../model/plan.ts";
import type { Saving } from "../savings/saving.ts";

/** The layers that a saving is about. */
export interface SavingLayers {
  /** The one that wrote the bytes. */
  readonly first: Layer;
  /** The one that made them dead, or wrote them once more; else the same. An own one, with a line. */
  readonly later: Layer;
  /** Whether it is about the stage that a build without a target makes. */
  readonly isLast: boolean;
  /** All that made the image. */
  readonly chain: readonly Instruction[];
  /** Path of the Dockerfile. Hostile text. */
  readonly dockerfile: string;
  /** The frontend that the Dockerfile asks for; absent: the builder's own, of whatever version. */
  readonly syntax?: string;
}

/** Advice in words: what is wrong, and what to write instead. Hostile text in both. */
export type AdviceWords = Pick<Advice, "message" | "instead">;

/** Finds words for a saving; none where no line of the Dockerfile could be written otherwise. */
export type AdviceWriter = (saving: Saving, about: SavingLayers) => AdviceWords | undefined;

/** Who wrote what a layer has, in the middle of a sentence. */
export function madeBy({ line, origin }: Layer): string {
  if (origin === "base") return "the base image";
  return line === undefined ? "an earlier layer" : `line ${line}`;
}
