import { instructionIn } from "../inspect/history-words.ts";
import type { InspectedLayer } from "../model/inspection.ts";
import { shortLine } from "./visible.ts";

/** Nothing that somebody else wrote is longer than this in a table. */
const TEXT_LENGTH = 80;

/**
 * What made a layer: the Dockerfile's own words; else, and of a layer of the base image, of which
 * all say the same `FROM`, what the image's history says.
 */
export function madeBy({ instruction, history, origin }: InspectedLayer): string {
  const isOwn = instruction !== undefined && origin === "own";
  const words = isOwn || history === undefined ? (instruction ?? "") : instructionIn(history);
  return shortLine(words, TEXT_LENGTH);
}
