// Images that were made to have more to tell than anybody has time and memory for.

import { describe, expect, it } from "vitest";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { ownersOf } from "../../src/inspect/packages/owners.ts";
import { PathTable, ROOT } from "../../src/inspect/paths.ts";
import { findSavings } from "../../src/inspect/savings/find-savings.ts";
import { metadataSavings } from "../../src/inspect/savings/metadata-changes.ts";
import { SavingSums, toldSavings } from "../../src/inspect/savings/saving-sums.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { followVersions } from "../../src/inspect/tree/versions.ts";
import { growth, LINEAR } from "../growth.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, whiteout } from "./entries.ts";

type Layers = readonly (readonly CraftedEntry[])[];

/** How what is found grows with an image that is made for a size. */
function growthOf(size: number, layersFor: (size: number) => Layers): number {
  const sizes = [size / 4, size];
  const images = new Map(sizes.map((each) => [each, grow(layersFor(each))]));
  return growth(size, (each) => {
    const { tree, layers } = images.get(each) ?? grow([]);
    findSavings(tree, layers, [], ownersOf(tree, layers));
  });
}

function grow(layers: Layers) {
  const indexes: readonly LayerIndex[] = layers.map((entries) => craftIndex(...entries));
  return { tree: applyLayers(indexes), layers: indexes };
}

/** Layers of which each deletes a file of every one before it, or more files of the first one. */
function deletions(pairs: number): Layers {
  const count = Math.ceil(Math.sqrt(2 * pairs));
  const modules = (layer: number) =>
    Array.from({ length: layer }, (_, at) => `${layer}-${at}/node_modules/x`);
  return Array.from({ length: count }, (_, layer) => [
    ...Array.from({ length: count - layer - 1 }, (_, later) => {
      return file(`file-${layer}-${layer + 1 + later}`, 1);
    }),
    ...(layer === 0 ? Array.from({ length: count }, (_, at) => modules(at)).flat() : []).map(
      (path) => file(path, 1),
    ),
    ...Array.from({ length: layer }, (_, before) => whiteout(`file-${before}-${layer}`)),
    ...(layer > 0 ? modules(layer).map((path) => whiteout(path)) : []),
  ]);
}

describe("time is linear", () => {
  it("in layers that deleted something of others, and in folders that are told apart", () => {
    expect(growthOf(12_000, deletions)).toBeLessThan(LINEAR);
  });

  it("in copies of a file that many layers wrote again", () => {
    const layersFor = (copies: number) => [
      ...Array.from({ length: copies / 20 }, (_, uid) => [{ ...file("a", 5000), uid: uid + 1 }]),
      Array.from({ length: copies }, (_, at) => file(`copy-${at}`, 5000)),
    ];
    expect(growthOf(8000, layersFor)).toBeLessThan(LINEAR);
  });

  it("in layers that each changed other files of one", () => {
    const layersFor = (count: number) => {
      const files = Array.from({ length: count }, (_, at) => file(`${at}`, 10));
      return [files, ...files.map((each) => [{ ...each, uid: 7 }])];
    };
    const images = new Map([125, 500].map((size) => [size, grow(layersFor(size))]));
    const work = (size: number) => {
      const { tree, layers } = images.get(size) ?? grow([]);
      metadataSavings(tree, layers, followVersions(tree), { least: 1, most: 10 });
    };
    expect(growth(500, work)).toBeLessThan(LINEAR);
  });
});

describe("sums of files", () => {
  const paths = new PathTable();
  const path = paths.child(ROOT, paths.names.intern(Buffer.from("a")));
  const key = { rule: "context", subject: "node_modules", layer: 0 } as const;

  it("are so many at most, each of them with all of its files", () => {
    const sums = new SavingSums(2);
    const added = [1, 2, 3, 1].map((place) => sums.add(key, { path, bytes: 10 }, place));
    expect(added).toEqual([true, true, false, true]);
    expect(sums.savings()).toMatchObject([
      { bytes: 20, files: 2 },
      { bytes: 10, files: 1 },
    ]);
  });

  it("have no paths where they are not told", () => {
    const sums = new SavingSums();
    for (const bytes of [10, 30, 20]) sums.add(key, { path, bytes }, bytes);
    let texts = 0;
    const counting = new Proxy(paths, {
      get(target, name) {
        if (name === "textOf") texts++;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const told = toldSavings(sums.savings(), counting, { least: 15, most: 1 });
    expect(told).toMatchObject([{ bytes: 30, paths: ["/a"] }]);
    expect(texts).toBe(1);
  });
});
