import type { WasteKind } from "../model/image.ts";

/** How bytes came to be dead, for a table. */
export const WASTE_WORDS: Readonly<Record<WasteKind, string>> = {
  metadata: "same content again",
  overwritten: "overwritten",
  deleted: "deleted",
};
