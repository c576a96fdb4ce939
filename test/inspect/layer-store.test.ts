import { describe, expect, it } from "vitest";
import { createLayerStore, type LayerStore } from "../../src/inspect/layer-store.ts";
import type { LayerBounds } from "../../src/model/inputs.ts";
import type { Memory } from "../../src/state/memory.ts";
import { CraftedLayout, plainLayer } from "./crafted-layout.ts";

const SMALL = plainLayer({ path: "a" });
const LARGE = plainLayer({ path: "b", content: "x".repeat(5000) }, { path: "c" });

describe("a store of layers", () => {
  it("refuses a layer beyond the limits that it was given, and says how to raise them", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [SMALL, LARGE] });
    await expect(storeOf(layout, { entries: 2 }).read("layout", digest)).rejects.toThrow(
      'it has more than 2 files and folders, the limit "entries"; to allow that, set "entries: 4" in layer-limits',
    );
  });

  it("does not take an index from before that is beyond its limits", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [LARGE] });
    const memory = keptInMemory();
    await storeOf(layout, {}, memory).read("layout", digest);
    await expect(storeOf(layout, { names: 1 }, memory).read("layout", digest)).rejects.toThrow(
      'the limit "names"',
    );
  });

  it("begins with the largest layer", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [SMALL, LARGE] });
    const [manifest, , ...layers] = [digest, "configuration", LARGE.diffId, SMALL.diffId];
    await storeOf(layout).read("layout", digest);
    expect([...layout.reads.keys()][0]).toBe(manifest);
    expect([...layout.reads.keys()].slice(2)).toEqual(layers);
  });
});

function storeOf(
  layout: CraftedLayout,
  bounds: LayerBounds = {},
  memory: Memory = { recall: async () => undefined, remember: async () => {} },
): LayerStore {
  return createLayerStore({ files: layout.files, log: { debug() {} } }, memory, bounds);
}

function keptInMemory(): Memory {
  const kept = new Map<string, Uint8Array>();
  return {
    recall: async (_, key) => kept.get(key),
    remember: async (_, key, bytes) => {
      kept.set(key, bytes);
    },
  };
}
