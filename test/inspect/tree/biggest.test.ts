import { describe, expect, it } from "vitest";
import { biggestFiles, biggestFolders } from "../../../src/inspect/tree/biggest.ts";
import { applyLayers } from "../../../src/inspect/tree/layers.ts";
import type { CraftedEntry } from "../../tar/tar-writer.ts";
import { craftIndex } from "../craft-index.ts";

const file = (path: string, bytes: number): CraftedEntry => ({ path, content: "x".repeat(bytes) });
const treeOf = (...layers: readonly (readonly CraftedEntry[])[]) =>
  applyLayers(layers.map((entries) => craftIndex(...entries)));

describe("the biggest files", () => {
  it("come largest first, with the layer that brought them", () => {
    const tree = treeOf([file("a", 5), file("b", 50)], [file("c/d", 20)]);
    expect(biggestFiles(tree, 2)).toEqual([
      { path: "/b", bytes: 50, layer: 0 },
      { path: "/c/d", bytes: 20, layer: 1 },
    ]);
  });

  it("leave out what a container cannot see", () => {
    const tree = treeOf([file("a", 50), file("b", 5)], [{ path: ".wh.a" }, file("b", 7)]);
    expect(biggestFiles(tree, 5)).toEqual([{ path: "/b", bytes: 7, layer: 1 }]);
  });

  it("name a file with several names once", () => {
    const tree = treeOf([file("a", 5), { path: "b", type: "1", linkTarget: "a" }]);
    expect(biggestFiles(tree, 5)).toEqual([{ path: "/a", bytes: 5, layer: 0 }]);
  });

  it("of equal size come in the order of the archive", () => {
    const tree = treeOf([file("c", 1), file("a", 1), file("b", 1)]);
    expect(biggestFiles(tree, 2).map(({ path }) => path)).toEqual(["/c", "/a"]);
  });

  it("of an empty image are none", () => {
    expect(biggestFiles(treeOf(), 5)).toEqual([]);
    expect(biggestFolders(treeOf([]), 5)).toEqual([]);
  });
});

describe("the biggest folders", () => {
  it("are those that hold the bytes, not all those above them", () => {
    const tree = treeOf([
      file("usr/lib/python/site-packages/a/x", 300),
      file("usr/lib/python/site-packages/b/y", 600),
      file("usr/bin/z", 400),
    ]);
    expect(biggestFolders(tree, 5)).toEqual([
      { path: "/usr/lib/python/site-packages/b", bytes: 600, layer: 0 },
      { path: "/usr/bin", bytes: 400, layer: 0 },
      { path: "/usr/lib/python/site-packages/a", bytes: 300, layer: 0 },
    ]);
  });

  it("gather what is too small to be named by itself", () => {
    const modules = Array.from({ length: 100 }, (_, number) =>
      file(`app/node_modules/${number}/x`, 3),
    );
    const tree = treeOf([...modules, file("usr/bin/x", 100)]);
    expect(biggestFolders(tree, 5)).toEqual([
      { path: "/app/node_modules", bytes: 300, layer: 0 },
      { path: "/usr/bin", bytes: 100, layer: 0 },
    ]);
  });

  it("count all that is in them, what is named below them too", () => {
    const modules = Array.from({ length: 100 }, (_, number) => file(`modules/${number}/x`, 3));
    const tree = treeOf([...modules, file("modules/large/x", 200)]);
    expect(biggestFolders(tree, 5)).toEqual([
      { path: "/modules", bytes: 500, layer: 0 },
      { path: "/modules/large", bytes: 200, layer: 0 },
    ]);
  });

  it("are not named for the little that is in none named below", () => {
    const tree = treeOf([file("usr/lib/a", 400), file("usr/bin/b", 400), file("usr/c", 150)]);
    expect(biggestFolders(tree, 5).map(({ path }) => path)).toEqual(["/usr/bin", "/usr/lib"]);
  });

  it("are the first of those that a longer list has", () => {
    const sizes = [500, 400, 300, 90, 80, 70, 60, 50, 40, 30, 20, 10];
    const tree = treeOf(sizes.map((bytes, at) => file(`usr/lib/${at % 4}/${at}/x`, bytes)));
    const all = biggestFolders(tree, 100);
    expect(all.length).toBeGreaterThan(4);
    for (const count of [1, 3, 5, 20]) {
      expect(biggestFolders(tree, count)).toEqual(all.slice(0, count));
    }
  });

  it("name the layer that brought most", () => {
    const tree = treeOf([file("d/a", 5)], [file("d/b", 3), file("d/c", 4)]);
    expect(biggestFolders(tree, 5)).toEqual([{ path: "/d", bytes: 12, layer: 1 }]);
  });
});
