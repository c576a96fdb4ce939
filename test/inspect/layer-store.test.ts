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
      'it has more than 2 files and folders, the limit "entries"; to allow more, raise it in layer-limits, such as to "entries: 4"',
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

  it.each([
    [{ entries: 3 }, "its layers have more than 3 files and folders", "entries: 6"],
    [{ names: 2 }, "the names in its layers have more than 2 bytes", "names: 4"],
    [{ owners: 1 }, "its layers' files have more than 1 owners", "owners: 2"],
    [{ layers: 1 }, "it has more than 1 layers", "layers: 2"],
    [{ archive: 10_000 }, "its layers unpack to more than 10000 bytes", "archive: 20000"],
  ])(
    "refuses an image whose layers are only together beyond a limit: %j",
    async (bounds, why, raised) => {
      const layout = new CraftedLayout();
      const layers = [SMALL, plainLayer({ path: "d", content: "x".repeat(5500) }), LARGE];
      const { digest } = layout.putImage({ layers });
      const [name] = raised.split(":");
      await expect(storeOf(layout, bounds).read("layout", digest)).rejects.toThrow(
        `The image ${digest} is refused: ${why}, the limit "${name}"; to allow more, raise it in layer-limits, such as to "${raised}"`,
      );
      const { layers: read } = await storeOf(layout).read("layout", digest);
      expect(read.map(({ diffId }) => diffId)).toEqual(layers.map(({ diffId }) => diffId));
    },
  );

  it("reads an image of as many layers as the limit says, and not of one more", async () => {
    const layout = new CraftedLayout();
    const imageOf = (count: number) => layout.putImage({ layers: new Array(count).fill(SMALL) });
    const [most, more] = [imageOf(1000), imageOf(1001)];
    expect((await storeOf(layout).read("layout", most.digest)).layers).toHaveLength(1000);
    const refused = 'it has more than 1000 layers, the limit "layers"';
    await expect(storeOf(layout).read("layout", more.digest)).rejects.toThrow(refused);
    const raised = storeOf(layout, { layers: 1001 });
    expect((await raised.read("layout", more.digest)).layers).toHaveLength(1001);
  });

  it("counts a layer as often as an image has it", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [LARGE, LARGE] });
    await expect(storeOf(layout, { entries: 5 }).read("layout", digest)).rejects.toThrow(
      "its layers have more than 5 files and folders",
    );
  });

  it("holds an image's package lists to the limit of entries", async () => {
    const layout = new CraftedLayout();
    const list = { path: "lib/apk/db/installed", content: "P:a\nV:1\nF:b\nR:c\nR:d\nR:e\n\n" };
    const layers = [plainLayer(list), plainLayer(list)];
    const { digest } = layout.putImage({ layers });
    await expect(storeOf(layout, { entries: 12 }).read("layout", digest)).rejects.toThrow(
      'its layers\' package lists have more than 12 items, the limit "entries"',
    );
  });

  it("begins no more layers of an image that is refused, and reads those of others", async () => {
    const layout = new CraftedLayout();
    const layers = Array.from({ length: 40 }, (_, at) => plainLayer({ path: `file-${at}` }));
    const { digest } = layout.putImage({ layers });
    const other = layout.putImage({ layers: layers.slice(0, 2) });
    const store = storeOf(layout, { entries: 4 });
    await expect(store.read("layout", digest)).rejects.toThrow("its layers have more than");
    const begun = layers.filter(({ diffId }) => layout.reads.has(diffId));
    expect(begun.length).toBeLessThan(8);
    expect((await store.read("layout", other.digest)).layers).toHaveLength(2);
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
