import { describe, expect, it } from "vitest";
import { diveFigures } from "../../src/inspect/dive.ts";
import { type CraftedEntry, GNU, gnuLong } from "../tar/tar-writer.ts";
import { craftIndex } from "./craft-index.ts";
import { file, opaque, whiteout } from "./entries.ts";

const figuresOf = (...layers: readonly (readonly CraftedEntry[])[]) =>
  diveFigures(layers.map((entries) => craftIndex(...entries)));

/** What dive 0.13.1 says of the same layers, by its algorithm worked out by hand. */
describe("dive's figures", () => {
  it("count the copy that is kept as wasted too", () => {
    expect(figuresOf([file("a", 1_000)], [{ ...file("a", 1_000), mode: 0o700 }])).toEqual({
      efficiency: 0.5,
      wasted: 2_000,
      userWasted: 2,
    });
  });

  it("see a deleted file", () => {
    expect(figuresOf([file("a", 1_000)], [whiteout("a")])).toEqual({
      efficiency: 0,
      wasted: 1_000,
      userWasted: 0,
    });
  });

  it("do not see a deleted folder", () => {
    expect(figuresOf([file("a/b", 1_000)], [whiteout("a")])).toEqual({
      efficiency: 1,
      wasted: 0,
      userWasted: 0,
    });
  });

  it("do not see what an opaque folder hides", () => {
    expect(figuresOf([file("a/b", 1_000)], [opaque("a"), file("a/c", 10)])).toEqual({
      efficiency: 1,
      wasted: 0,
      userWasted: 0,
    });
  });

  it("take the smaller copy for the one that is kept", () => {
    expect(figuresOf([file("a", 10)], [file("a", 990)])).toEqual({
      efficiency: 10 / 1_000,
      wasted: 1_000,
      userWasted: 1_000 / 990,
    });
  });

  it("are found however deep a file is that many layers replace", () => {
    const path = `${"d/".repeat(30_000)}file`;
    const layer = craftIndex(gnuLong("L", path), { path: "x", content: "y", magic: GNU });
    expect(diveFigures(Array.from({ length: 600 }, () => layer)).wasted).toBe(600);
  });

  it("are those of an image without a byte", () => {
    expect(figuresOf([])).toEqual({ efficiency: 1, wasted: 0, userWasted: 0 });
  });
});
