import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LayerIndex } from "../../src/inspect/layer-index.ts";
import { decodeLayerIndex, encodeLayerIndex } from "../../src/inspect/layer-index-codec.ts";
import { anyEntries } from "./any-entries.ts";
import { craftIndex } from "./craft-index.ts";

describe("an index that is kept", () => {
  it("comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        const index = craftIndex(...entries);
        expect(await decodeLayerIndex(await encodeLayerIndex(index))).toEqual(index);
      }),
    );
  });

  it("takes few bytes an entry", async () => {
    const entries = Array.from({ length: 10_000 }, (_, number) => ({
      path: `usr/lib/python3/package-${Math.floor(number / 20)}/module_${number}.py`,
      content: "x".repeat(number % 10),
    }));
    const encoded = await encodeLayerIndex(craftIndex(...entries));
    expect(encoded.length).toBeLessThan(10 * entries.length);
  });

  it.each([
    ["empty", () => Buffer.alloc(0)],
    ["of another form", () => Buffer.from("not an index")],
    ["cut off", (encoded: Uint8Array) => encoded.subarray(0, -20)],
    ["of another version", changed(/"version":1/, '"version":0')],
    ["without a digest", changed(/"digest":"[^"]*"/, '"digest":1')],
    ["one column short", changed(/,(\d+),(\d+)\]/, ",$1,9$2]")],
    ["shifted", changed(/\n/, "\n\0")],
  ])("is nothing when it is %s", async (_, damage) => {
    const encoded = await encodeLayerIndex(craftIndex({ path: "etc/hosts", content: "text" }));
    expect(await decodeLayerIndex(damage(encoded))).toBeUndefined();
  });

  it.each<[string, (index: LayerIndex) => Partial<LayerIndex>]>([
    [
      "a folder that comes after what is in it",
      (i) => ({ paths: { ...i.paths, parents: numbers(0, 2, 1) } }),
    ],
    ["a name that there is not", (i) => ({ paths: { ...i.paths, lastNames: numbers(0, 0, 7) } })],
    [
      "a name that ends before it begins",
      (i) => ({ paths: { ...i.paths, names: { ...i.paths.names, ends: numbers(9, 8) } } }),
    ],
    [
      "names that end elsewhere",
      (i) => ({ paths: { ...i.paths, names: { ...i.paths.names, ends: numbers(3, 7) } } }),
    ],
    ["a path that there is not", (i) => ({ entries: { ...i.entries, paths: numbers(9) } })],
    ["a kind that there is not", (i) => ({ entries: { ...i.entries, kinds: Uint8Array.of(99) } })],
    ["a size too many", (i) => ({ entries: { ...i.entries, bytes: Float64Array.of(1, 2) } })],
    ["a link of no entry", () => ({ links: { entries: numbers(5), targets: numbers(0) } })],
    ["a link to no path", () => ({ links: { entries: numbers(0), targets: numbers(5) } })],
    [
      "no root",
      (i) => ({
        paths: { ...i.paths, parents: numbers(), lastNames: numbers() },
        entries: craftIndex().entries,
      }),
    ],
  ])("is nothing when it has %s", async (_, change) => {
    const index = craftIndex({ path: "etc/hosts", content: "text" });
    const encoded = await encodeLayerIndex({ ...index, ...change(index) });
    expect(await decodeLayerIndex(encoded)).toBeUndefined();
  });

  it("is nothing, or an index whose every number points at something, whatever was changed", async () => {
    const whole = gunzipSync(
      await encodeLayerIndex(craftIndex({ path: "a/b", content: "x" }, { path: "a/.wh.c" })),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        const index = await decodeLayerIndex(gzipSync(bytes));
        for (const path of index?.entries.paths ?? []) {
          expect(path).toBeLessThan(index?.paths.parents.length ?? 0);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function numbers(...values: readonly number[]): Uint32Array {
  return Uint32Array.from(values);
}

function changed(what: RegExp, by: string): (encoded: Uint8Array) => Uint8Array {
  return (encoded) => {
    const text = gunzipSync(encoded).toString("latin1");
    return gzipSync(Buffer.from(text.replace(what, by), "latin1"));
  };
}
