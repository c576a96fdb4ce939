import type { ImageTree } from "../layers.ts";
import { deadSavings } from "./dead-bytes.ts";
import { duplicateSavings } from "./duplicates.ts";
import { leftoverSavings } from "./leftovers.ts";
import type { Saving } from "./saving.ts";

/** Bytes below which nothing is worth a change to a Dockerfile. */
export const LEAST_SAVING = 100_000;

/** Of one image; each is looked at again for every Dockerfile that makes it. */
const MOST = 200;

/** All that could be spared of an image, what is most first. */
export function findSavings(tree: ImageTree): readonly Saving[] {
  return [...deadSavings(tree), ...leftoverSavings(tree), ...duplicateSavings(tree)]
    .filter(({ bytes }) => bytes >= LEAST_SAVING)
    .sort((one, other) => other.bytes - one.bytes)
    .slice(0, MOST);
}
