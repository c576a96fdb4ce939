import type { WasteKind } from "../model/image.ts";

/** How bytes came to be wasted, for a table. */
export const WASTE_WORDS: Readonly<Record<WasteKind, string>> = {
  metadata: "same content rewritten",
  overwritten: "overwritten",
  deleted: "deleted",
};
