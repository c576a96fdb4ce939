import type { WasteKind } from "../model/image.ts";
import { formatBytes, plural } from "./format.ts";

/** How bytes came to be wasted, for a table. */
export const WASTE_WORDS: Readonly<Record<WasteKind, string>> = {
  metadata: "same content rewritten",
  overwritten: "overwritten",
  deleted: "deleted",
};

/** How much is in rows that are left out: `7 more rows, 1.2 MB`; empty where there are none. */
export function moreRowsWords(rows: readonly { readonly bytes: number }[]): string {
  if (rows.length === 0) return "";
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  return `${plural(rows.length, "more row")}, ${formatBytes(bytes)}`;
}
