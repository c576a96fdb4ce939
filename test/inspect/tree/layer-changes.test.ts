import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changesByLayer, type LayerChanges } from "../../../src/inspect/tree/layer-changes.ts";
import { applyLayers } from "../../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../../tar/tar-writer.ts";
import { anyEntries } from "../any-entries.ts";
import { craftIndex } from "../craft-index.ts";
import { craftTree } from "../craft-tree.ts";
import { file, folder, hardlink, opaque, symlink, whiteout } from "../entries.ts";
import { otherChanges } from "../listing.ts";

/** `+1 10 ~1 20 -1 30 live 25 wasted 5`: files and bytes added, changed, removed. */
function words({ added, changed, removed, live, wasted }: LayerChanges): string {
  const change = [added, changed, removed].map(({ files, bytes }) => `${files} ${bytes}`);
  return `+${change[0]} ~${change[1]} -${change[2]} live ${live} wasted ${wasted}`;
}

function changesOf(...layers: readonly (readonly CraftedEntry[])[]): readonly string[] {
  return changesByLayer(craftTree(...layers), layers.length).map(words);
}

describe("a layer", () => {
  it.each<readonly [string, readonly CraftedEntry[], readonly CraftedEntry[], readonly string[]]>([
    ["adds links and folders", [], [symlink("a", "x"), folder("b")], ["+/a @1", "+/b @1"]],
    ["adds the folders that a file is in", [], [file("a/b/c", 1)], ["+/a @1", "+/a/b @1"]],
    [
      "removes them",
      [symlink("a", "x"), folder("b/c")],
      [whiteout("a"), whiteout("b")],
      ["-/a @1", "-/b @1", "-/b/c @1"],
    ],
    ["removes what an opaque folder hides", [symlink("a/b", "x")], [opaque("a")], ["-/a/b @1"]],
    ["changes a link", [symlink("a", "x")], [symlink("a", "y")], ["~/a @1"]],
    ["changes the mode of a folder", [folder("a")], [{ ...folder("a"), mode: 0o700 }], ["~/a @1"]],
    ["changes the owner of a folder", [folder("a")], [{ ...folder("a"), uid: 7 }], ["~/a @1"]],
    ["changes no folder on the way to a file", [folder("a")], [folder("a"), file("a/b", 1)], []],
    ["changes no folder that had no entry", [file("a/b", 1)], [folder("a")], []],
    [
      "changes nothing that it takes away and puts back",
      [folder("a")],
      [whiteout("a"), folder("a")],
      [],
    ],
    ["puts a link in the place of a file", [file("a", 1)], [symlink("a", "x")], ["+/a @1"]],
    ["puts a file in the place of a link", [symlink("a", "x")], [file("a", 1)], ["-/a @1"]],
    ["puts a folder in the place of a link", [symlink("a", "x")], [folder("a")], ["~/a @1"]],
    [
      "takes a name from a file that has others",
      [file("a", 1), hardlink("b", "a")],
      [whiteout("a")],
      ["-/a @1"],
    ],
    [
      "takes all names from a file",
      [file("a", 1), hardlink("b", "a")],
      [whiteout("a"), whiteout("b")],
      [],
    ],
    [
      "takes a name from a file and writes another there",
      [file("a", 1), hardlink("b", "a")],
      [whiteout("a"), file("a", 2)],
      [],
    ],
    ["gives a link another name", [symlink("a", "x")], [hardlink("b", "a")], ["+/b @1"]],
  ])("%s", (_, below, above, expected) => {
    const changes = otherChanges(craftTree(below, above));
    expect(changes.filter((change) => change.endsWith("@1"))).toEqual(expected);
  });

  it("adds what was not there", () => {
    expect(changesOf([file("a", 1)], [file("b", 2), file("c/d", 3)])).toEqual([
      "+1 1 ~0 0 -0 0 live 1 wasted 0",
      "+2 5 ~0 0 -0 0 live 5 wasted 0",
    ]);
  });

  it("changes what was, with the same content or another", () => {
    expect(changesOf([file("a", 2), file("b", 3)], [file("a", 2), file("b", 4)])).toEqual([
      "+2 5 ~0 0 -0 0 live 0 wasted 5",
      "+0 0 ~2 6 -0 0 live 6 wasted 0",
    ]);
  });

  it("removes what it hides, one by one, as a folder, or with something else in its place", () => {
    const below = [file("a", 1), file("b/c", 2), file("d/e", 4), file("f", 8), file("g/h", 16)];
    const above = [whiteout("a"), whiteout("b"), opaque("d"), symlink("f", "x"), folder("g")];
    expect(changesOf(below, above)).toEqual([
      "+5 31 ~0 0 -0 0 live 16 wasted 15",
      "+0 0 ~0 0 -4 15 live 0 wasted 0",
    ]);
  });

  it("changes what it hides and writes again", () => {
    expect(changesOf([file("a/b", 1)], [opaque("a"), file("a/b", 2)])).toEqual([
      "+1 1 ~0 0 -0 0 live 0 wasted 1",
      "+0 0 ~1 2 -0 0 live 2 wasted 0",
    ]);
  });

  it("does not change what it brought itself", () => {
    expect(changesOf([file("a", 1), file("a", 2)])).toEqual(["+2 3 ~0 0 -0 0 live 2 wasted 1"]);
  });

  it("changes what was there and has another name left", () => {
    const below = [file("a", 4), hardlink("b", "a")];
    const first = "+1 4 ~0 0 -0 0 live 4 wasted 0";
    const changed = [first, "+0 0 ~1 4 -0 0 live 4 wasted 0"];
    expect(changesOf(below, [file("a", 4)])).toEqual(changed);
    expect(changesOf(below, [whiteout("a"), file("a", 4)])).toEqual(changed);
    expect(changesOf(below, [file("a", 4), file("b", 5)])).toEqual([
      "+1 4 ~0 0 -0 0 live 0 wasted 4",
      "+0 0 ~2 9 -0 0 live 9 wasted 0",
    ]);
  });

  it("removes what it makes another name of an older file", () => {
    expect(changesOf([file("a", 4), file("b", 5)], [hardlink("a", "b")])).toEqual([
      "+2 9 ~0 0 -0 0 live 5 wasted 4",
      "+0 0 ~0 0 -1 4 live 0 wasted 0",
    ]);
  });

  it("does not remove a file that has another name left", () => {
    expect(changesOf([file("a", 4), hardlink("b", "a")], [whiteout("a")])).toEqual([
      "+1 4 ~0 0 -0 0 live 4 wasted 0",
      "+0 0 ~0 0 -0 0 live 0 wasted 0",
    ]);
  });
});

it("accounts for every byte: what was added and changed is live or wasted", () => {
  fc.assert(
    fc.property(fc.array(anyEntries, { maxLength: 4 }), (layers) => {
      const indexes = layers.map((entries) => craftIndex(...entries));
      const changes = changesByLayer(applyLayers(indexes), layers.length);
      const brought = changes.map(({ added, changed }) => added.bytes + changed.bytes);
      expect(brought).toEqual(indexes.map(({ unpacked }) => unpacked));
      expect(changes.map(({ live, wasted }) => live + wasted)).toEqual(brought);
    }),
  );
});
