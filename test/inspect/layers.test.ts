import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyLayers } from "../../src/inspect/layers.ts";
import { anyEntries } from "./any-entries.ts";
import { craftIndex } from "./craft-index.ts";
import { files } from "./listing.ts";
import { referenceFiles } from "./reference-tree.ts";
import type { CraftedEntry } from "./tar-writer.ts";

type Layers = readonly (readonly CraftedEntry[])[];

const file = (path: string, bytes: number): CraftedEntry => ({ path, content: "x".repeat(bytes) });
const folder = (path: string): CraftedEntry => ({ path, type: "5" });
const symlink = (path: string, linkTarget: string): CraftedEntry => ({
  path,
  type: "2",
  linkTarget,
});
const hardlink = (path: string, linkTarget: string): CraftedEntry => ({
  path,
  type: "1",
  linkTarget,
});
const whiteout = (path: string): CraftedEntry => ({ path: path.replace(/([^/]+)$/, ".wh.$1") });
const opaque = (path: string): CraftedEntry => ({ path: `${path}/.wh..wh..opq` });

const RULES: readonly [string, Layers, readonly string[]][] = [
  ["layers add up", [[file("a", 1)], [file("b", 2)]], ["/a 1 @0", "/b 2 @1"]],
  ["a file takes the place of a file", [[file("a", 1)], [file("a", 2)]], ["/a 2 @1"]],
  ["so it does within a layer", [[file("a", 1), file("a", 2)]], ["/a 2 @0"]],
  ["a whiteout hides a file", [[file("a", 1), file("b", 1)], [whiteout("a")]], ["/b 1 @0"]],
  ["a whiteout hides a folder with all in it", [[file("d/e/f", 1)], [whiteout("d")]], []],
  [
    "a whiteout hides nothing of its own layer",
    [[file("d/a", 1)], [file("d/a", 2), whiteout("d/a"), whiteout("d")]],
    ["/d/a 2 @1"],
  ],
  ["a whiteout of nothing does nothing", [[file("a", 1)], [whiteout("b/c")]], ["/a 1 @0"]],
  [
    "an opaque folder hides what is below, wherever it stands in the archive",
    [
      [file("d/a", 1), file("d/e/b", 1), file("x", 1)],
      [file("d/c", 2), opaque("d")],
    ],
    ["/d/c 2 @1", "/x 1 @0"],
  ],
  [
    "what was hidden stays hidden when its folder comes back",
    [[file("d/a", 1)], [whiteout("d")], [folder("d"), file("d/b", 2)]],
    ["/d/b 2 @2"],
  ],
  ["folders merge", [[file("d/a", 1)], [folder("d"), file("d/b", 2)]], ["/d/a 1 @0", "/d/b 2 @1"]],
  ["a file takes the place of a folder", [[file("d/a", 1)], [file("d", 2)]], ["/d 2 @1"]],
  ["a symbolic link takes it too", [[file("d/a", 1)], [symlink("d", "e")]], []],
  ["a folder takes the place of a file", [[file("d", 1)], [folder("d")]], []],
  ["so does one without an entry", [[file("d", 1)], [file("d/a", 2)]], ["/d/a 2 @1"]],
  [
    "symbolic links are not followed to what is hidden",
    [[file("real/a", 1), symlink("link", "real")], [whiteout("link")]],
    ["/real/a 1 @0"],
  ],
  [
    "nor inside of them",
    [[file("real/a", 1), symlink("link", "real")], [whiteout("link/a")]],
    ["/real/a 1 @0"],
  ],
  [
    "a hard link is another name of the same file",
    [[file("a", 5), hardlink("b", "a")]],
    ["/a 5 @0", "/b 5 @0"],
  ],
  [
    "a file lives as long as one of its names",
    [[file("a", 5), hardlink("b", "a")], [whiteout("a")]],
    ["/b 5 @0"],
  ],
  [
    "a name keeps its file when the first name gets another",
    [[file("a", 5), hardlink("b", "a")], [file("a", 1)]],
    ["/a 1 @1", "/b 5 @0"],
  ],
  ["a hard link to what is not there is nothing", [[hardlink("b", "a")]], []],
  ["to what was hidden too", [[file("d/a", 1)], [whiteout("d")], [hardlink("b", "d/a")]], []],
  [
    "the root may be opaque",
    [[file("a", 1)], [{ path: ".wh..wh..opq" }, file("b", 2)]],
    ["/b 2 @1"],
  ],
];

describe("layers on top of each other", () => {
  it.each(RULES)("%s", (_, layers, expected) => {
    expect(files(applyLayers(layers.map((entries) => craftIndex(...entries))))).toEqual(expected);
  });

  it("make the same image as a simple reference, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(anyEntries, { maxLength: 5 }), (layers) => {
        const tree = applyLayers(layers.map((entries) => craftIndex(...entries)));
        expect(files(tree)).toEqual(referenceFiles(layers));
      }),
      { numRuns: 1000 },
    );
  });

  it("are not slow where a full folder is hidden over and over", () => {
    const content = Array.from({ length: 30_000 }, (_, number) => file(`d/${number}`, 0));
    const whiteouts = Array.from({ length: 30_000 }, () => whiteout("d"));
    const layers = [craftIndex(...content), craftIndex(...whiteouts)];
    const before = process.cpuUsage();
    const tree = applyLayers(layers);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(1);
    expect(files(tree)).toEqual([]);
  });
});
