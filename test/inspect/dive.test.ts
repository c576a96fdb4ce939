import { describe, expect, it } from "vitest";
import { diveFigures } from "../../src/inspect/dive.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { growth, LINEAR } from "../growth.ts";
import { type CraftedEntry, GNU, gnuLong } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, opaque, whiteout } from "./entries.ts";

function figuresOf(...layers: readonly (readonly CraftedEntry[])[]) {
  return figures(layers.map((entries) => craftIndex(...entries)));
}

/** With those of its errors that are any. */
function figures(layers: readonly LayerIndex[]) {
  const { errors, ...dive } = diveFigures(applyLayers(layers), layers);
  const made = Object.entries(errors).filter(([, bytes]) => bytes > 0);
  return { ...dive, errors: Object.fromEntries(made) };
}

/** Worked out by hand; dive.itg.ts asks dive itself. */
describe("dive's figures", () => {
  it("count the copy that is kept as wasted too", () => {
    expect(figuresOf([file("a", 1_000)], [{ ...file("a", 1_000), mode: 0o700 }])).toEqual({
      efficiency: 0.5,
      wasted: 2_000,
      userWasted: 2,
      errors: { keptCopy: 1_000 },
    });
  });

  it("see a deleted file", () => {
    expect(figuresOf([file("a", 1_000)], [whiteout("a")])).toEqual({
      efficiency: 0,
      wasted: 1_000,
      userWasted: 0,
      errors: {},
    });
  });

  it("do not see a deleted folder", () => {
    expect(figuresOf([file("a/b", 1_000)], [whiteout("a")])).toEqual({
      efficiency: 1,
      wasted: 0,
      userWasted: 0,
      errors: { deletedFolder: 1_000 },
    });
  });

  it("do not see what an opaque folder hides", () => {
    expect(figuresOf([file("a/b", 1_000)], [opaque("a"), file("a/c", 10)])).toEqual({
      efficiency: 1,
      wasted: 0,
      userWasted: 0,
      errors: { opaqueFolder: 1_000 },
    });
  });

  it("take the smaller copy for the one that is kept", () => {
    expect(figuresOf([file("a", 10)], [file("a", 990)])).toEqual({
      efficiency: 10 / 1_000,
      wasted: 1_000,
      userWasted: 1_000 / 990,
      errors: { keptCopy: 990, smallestCopy: 980 },
    });
  });

  it("count what is in folders within a deleted folder once", () => {
    const layers = [
      [file("a/b/c", 700), file("a/b/d/e", 20), file("a/f", 3)],
      [whiteout("a"), whiteout("a/b"), whiteout("a/f")],
    ] as const;
    // The whiteouts of both folders and of the file: 723, 720 and twice the path of 3 bytes.
    expect(figuresOf(...layers)).toMatchObject({ wasted: 3, errors: { deletedFolder: 720 } });
  });

  it("are found in one walk however many files are however deep in what is deleted", () => {
    const folder = `${"d/".repeat(20_000)}`;
    const layersWith = (count: number) => {
      const files = Array.from({ length: count }, (_, at) => [
        gnuLong("L", `${folder}${at}`),
        { path: "x", content: "y", magic: GNU },
      ]);
      return [craftIndex(...files.flat()), craftIndex(whiteout("d"))];
    };
    const [few, many] = [layersWith(125), layersWith(500)];
    const work = (count: number) => {
      const layers = count === 500 ? many : few;
      expect(figures(layers).errors).toEqual({ deletedFolder: count });
    };
    expect(growth(500, work)).toBeLessThan(LINEAR);
  });

  it("are found however deep a file is that many layers replace", () => {
    const path = `${"d/".repeat(30_000)}file`;
    const layer = craftIndex(gnuLong("L", path), { path: "x", content: "y", magic: GNU });
    expect(figures(Array.from({ length: 600 }, () => layer)).wasted).toBe(600);
  });

  it("are those of an image without a byte", () => {
    expect(figuresOf([])).toEqual({ efficiency: 1, wasted: 0, userWasted: 0, errors: {} });
  });
});
