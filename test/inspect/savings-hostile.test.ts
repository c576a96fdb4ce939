// Images that were made to have more to tell than anybody has time and memory for.

import { describe, expect, it } from "vitest";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { ownersOf } from "../../src/inspect/packages/owners.ts";
import { PathTable, ROOT } from "../../src/inspect/paths.ts";
import { findSavings } from "../../src/inspect/savings/find-savings.ts";
import { metadataSavings } from "../../src/inspect/savings/metadata-changes.ts";
import { SavingSums, toldSavings } from "../../src/inspect/savings/saving-sums.ts";
import { applyLayers, type ImageTree } from "../../src/inspect/tree/layers.ts";
import { followVersions } from "../../src/inspect/tree/versions.ts";
import { growth, LINEAR } from "../growth.ts";
import { type LightFile, lightIndex } from "./light-index.ts";

type Layers = readonly (readonly LightFile[])[];

/** How many times as long it takes to look through two images that are one as through each by itself. */
function growthTogether(one: Layers, other: Layers): number {
  const [first, second] = [grow(one), grow(other)];
  const both = grow([...one, ...other]);
  return growth(4, (images) => {
    for (const { tree, layers } of images === 4 ? [both] : [first, second]) find(tree, layers);
  });
}

/** More than what is linear comes to: that is 1. */
const TOGETHER = 3;

function grow(files: Layers) {
  const layers = files.map(lightIndex);
  return { tree: applyLayers(layers), layers };
}

function find(tree: ImageTree, layers: readonly LayerIndex[]) {
  findSavings(tree, layers, [], ownersOf(tree, layers));
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => at);

/** Layers of which each deletes a file of every one before it: so many pairs of them. */
function deletions(pairs: number): Layers {
  const count = Math.ceil(Math.sqrt(2 * pairs));
  return numbers(count).map((layer) => [
    ...numbers(count - layer).map((later) => ({ path: `${layer}-${layer + later}`, bytes: 1 })),
    ...numbers(layer).map((before) => ({ path: `.wh.${before}-${layer}` })),
  ]);
}

describe("time is linear", () => {
  it("in layers that deleted something of others, and in folders that are told apart", () => {
    const places = [
      numbers(30_000).map((at) => ({ path: `${at}/node_modules/file`, bytes: 1 })),
      numbers(30_000).map((at) => ({ path: `${at}/.wh.node_modules` })),
    ];
    expect(growthTogether(places, deletions(30_000))).toBeLessThan(TOGETHER);
  });

  it("in copies of a file that many layers wrote again", () => {
    const versions = numbers(2000).map((uid) => [{ path: "a", bytes: 5000, uid: uid + 1 }]);
    const copies = numbers(50_000).map((at) => ({ path: `copy-${at}`, bytes: 5000 }));
    expect(growthTogether(versions, [copies])).toBeLessThan(TOGETHER);
  });

  it("in layers that each changed one file of another, and deleted one", () => {
    const layersFor = (count: number) => [
      numbers(2 * count).map((at) => ({ path: `${at}`, bytes: 10 })),
      ...numbers(count).map((at) => [
        { path: `${at}`, bytes: 10, uid: 7 },
        { path: `.wh.${count + at}` },
      ]),
    ];
    const images = new Map([200, 800].map((count) => [count, grow(layersFor(count))]));
    const work = (count: number) => {
      const { tree, layers } = images.get(count) ?? grow([]);
      metadataSavings(tree, layers, followVersions(tree), { least: 1, most: 10 });
    };
    expect(growth(800, work)).toBeLessThan(LINEAR);
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
