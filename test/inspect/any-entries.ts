import fc from "fast-check";
import type { CraftedEntry } from "../tar/tar-writer.ts";

/** Few names, so that entries often meet: in one layer, in another, one inside the other. */
const anyName = fc.constantFrom("a", "b", "c");
const anyPath = fc.array(anyName, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));

/** Few contents, so that a file often has that of another. */
const anyContent = fc
  .tuple(fc.constantFrom("x", "y"), fc.nat(3))
  .map(([letter, length]) => letter.repeat(length));

const anyEntry: fc.Arbitrary<CraftedEntry> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ path: anyPath, content: anyContent }) },
  fc.record({ path: anyPath, type: fc.constantFrom("5", "2", "6") }),
  fc.record({ path: anyPath, type: fc.constant("1"), linkTarget: anyPath }),
  fc.tuple(fc.array(anyName, { maxLength: 2 }), anyName).map(([folder, name]) => ({
    path: [...folder, `.wh.${name}`].join("/"),
  })),
  fc.array(anyName, { maxLength: 2 }).map((folder) => ({
    path: [...folder, ".wh..wh..opq"].join("/"),
  })),
);

/** The entries of a layer, in any order. */
export const anyEntries: fc.Arbitrary<readonly CraftedEntry[]> = fc.array(anyEntry, {
  maxLength: 12,
});
