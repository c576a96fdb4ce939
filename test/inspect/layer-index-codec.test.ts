import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
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

function changed(what: RegExp, by: string): (encoded: Uint8Array) => Uint8Array {
  return (encoded) => {
    const text = gunzipSync(encoded).toString("latin1");
    return gzipSync(Buffer.from(text.replace(what, by), "latin1"));
  };
}
