import { applyLayers, type ImageTree } from "../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";

/** The tree of an image that has these layers, lowest first. */
export function craftTree(...layers: readonly (readonly CraftedEntry[])[]): ImageTree {
  return applyLayers(layers.map((entries) => craftIndex(...entries)));
}
