import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyLayers, type ImageTree } from "../../../src/inspect/tree/layers.ts";
import { findWaste, liveBytes } from "../../../src/inspect/tree/waste.ts";
import type { CraftedEntry } from "../../tar/tar-writer.ts";
import { anyEntries } from "../any-entries.ts";
import { craftIndex } from "../craft-index.ts";
import { file, hardlink, whiteout } from "../entries.ts";

const treeOf = (...layers: readonly (readonly CraftedEntry[])[]): ImageTree =>
  applyLayers(layers.map((entries) => craftIndex(...entries)));

describe("waste", () => {
  it("is told file by file, largest first, with what wrote and what killed it", () => {
    const tree = treeOf(
      [file("same", 40), file("other", 30)],
      [file("gone", 50)],
      [file("same", 40), file("other", 31), whiteout("gone")],
    );
    expect(findWaste(tree, 9)).toEqual([
      { path: "/gone", files: 1, bytes: 50, kind: "deleted", writtenBy: 1, killedBy: 2 },
      { path: "/same", files: 1, bytes: 40, kind: "metadata", writtenBy: 0, killedBy: 2 },
      { path: "/other", files: 1, bytes: 30, kind: "overwritten", writtenBy: 0, killedBy: 2 },
    ]);
  });

  it("beyond the files with an item of their own is summed by kind and layers", () => {
    const tree = treeOf(
      [file("a", 9), file("b", 5), file("c", 4), file("d", 3), file("e", 2)],
      [whiteout("a"), whiteout("b"), whiteout("c"), file("d", 3)],
      [whiteout("e")],
    );
    expect(findWaste(tree, 1)).toEqual([
      { path: "/a", files: 1, bytes: 9, kind: "deleted", writtenBy: 0, killedBy: 1 },
      { files: 2, bytes: 9, kind: "deleted", writtenBy: 0, killedBy: 1 },
      { files: 1, bytes: 3, kind: "metadata", writtenBy: 0, killedBy: 1 },
      { files: 1, bytes: 2, kind: "deleted", writtenBy: 0, killedBy: 2 },
    ]);
  });

  it("counts a path for each time that it was written and hidden", () => {
    const tree = treeOf([file("a", 1)], [file("a", 2)], [file("a", 3)], [whiteout("a")]);
    expect(findWaste(tree, 9).map(({ path, bytes, kind }) => [path, bytes, kind])).toEqual([
      ["/a", 3, "deleted"],
      ["/a", 2, "overwritten"],
      ["/a", 1, "overwritten"],
    ]);
  });

  it("counts a file with several names once, when the last is gone", () => {
    const layers = [[file("a", 5), hardlink("b", "a")], [whiteout("a")], [whiteout("b")]];
    expect(findWaste(treeOf(...layers.slice(0, 2)), 9)).toEqual([]);
    expect(findWaste(treeOf(...layers), 9)).toEqual([
      { path: "/a", files: 1, bytes: 5, kind: "deleted", writtenBy: 0, killedBy: 2 },
    ]);
  });

  it("is none where empty files go, nor in an empty image", () => {
    expect(findWaste(treeOf([file("a", 0)], [whiteout("a")]), 9)).toEqual([]);
    expect(findWaste(treeOf(), 9)).toEqual([]);
  });

  it("and what is live are all bytes, however many files are told by path", () => {
    fc.assert(
      fc.property(fc.array(anyEntries, { maxLength: 5 }), fc.nat(4), (layers, mostPaths) => {
        const indexes = layers.map((entries) => craftIndex(...entries));
        const tree = applyLayers(indexes);
        const waste = findWaste(tree, mostPaths);
        const unpacked = sum(indexes.map((index) => index.unpacked));
        expect(liveBytes(tree) + sum(waste.map(({ bytes }) => bytes))).toBe(unpacked);
        expect(waste.filter(({ path }) => path !== undefined).length).toBeLessThanOrEqual(
          mostPaths,
        );
      }),
      { numRuns: 500 },
    );
  });
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
