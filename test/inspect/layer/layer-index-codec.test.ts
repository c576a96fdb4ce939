import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LayerIndex } from "../../../src/inspect/layer/layer-index.ts";
import {
  decodeLayerIndex,
  encodeLayerIndex,
} from "../../../src/inspect/layer/layer-index-codec.ts";
import { LAYER_LIMITS } from "../../../src/inspect/layer/layer-limits.ts";
import { anyEntries } from "../any-entries.ts";
import { craftIndex } from "../craft-index.ts";

/** What Debian's package manager says of a package. */
const DPKG = { path: "var/lib/dpkg/info/hostname.list", content: "/bin/hostname\n" };

describe("an index that is kept", () => {
  it("comes back as it was", async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        const index = craftIndex(...entries, DPKG);
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
    // Half of them are what stands for the content, which cannot be packed.
    expect(encoded.length).toBeLessThan(18 * entries.length);
  });

  it.each([
    ["empty", () => Buffer.alloc(0)],
    ["of another form", () => Buffer.from("not an index")],
    ["cut off", (encoded: Uint8Array) => encoded.subarray(0, -20)],
    ["of another version", changed(/"version":\d+/, '"version":0')],
    ["without a digest", changed(/"digest":"[^"]*"/, '"digest":1')],
    ["without owners", changed(/"owners":\[[^\]]*\]/, '"owners":[]')],
    ["with an owner that is none", changed(/"uid":0/, '"uid":"0"')],
    ["of a package of no known type", changed(/"type":"deb"/, '"type":"dab"')],
    ["of a package with another file", changed(/"files":1/, '"files":2')],
    ["one column short", changed(/"entries":2/, '"entries":3')],
    ["larger than the limits", changed(/"entries":2/, '"entries":3000001')],
    ["without its lengths", changed(/"lengths":/, '"length":')],
    ["shifted", changed(/\n/, "\n\0")],
    [
      "followed by something",
      (encoded: Uint8Array) => gzipSync(Buffer.concat([gunzipSync(encoded), Buffer.from("x")])),
    ],
  ])("is nothing when it is %s", async (_, damage) => {
    const encoded = await encodeLayerIndex(craftIndex({ path: "etc/hosts", content: "x" }, DPKG));
    expect(await decodeLayerIndex(encoded)).toBeDefined();
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
    ["an owner that there is not", (i) => ({ entries: { ...i.entries, owners: numbers(9) } })],
    ["half a byte", (i) => ({ entries: { ...i.entries, bytes: Float64Array.of(0.5) } })],
    ["no mode", (i) => ({ entries: { ...i.entries, modes: new Uint16Array(0) } })],
    ["a package from no file", () => ({ claims: [{ type: "deb", name: "libc6", source: 1 }] })],
    ["a package with no file", () => ({ claims: [{ type: "deb", source: 0, files: numbers(1) }] })],
    ["a package in no folder", () => ({ claims: [{ type: "deb", source: 0, folder: 1 }] })],
    ["a kind that there is not", (i) => ({ entries: { ...i.entries, kinds: Uint8Array.of(99) } })],
    ["a size too many", (i) => ({ entries: { ...i.entries, bytes: Float64Array.of(1, 2) } })],
    ["a link of no entry", () => ({ links: { entries: numbers(5), targets: numbers(0) } })],
    ["a link of a file", () => ({ links: { entries: numbers(0), targets: numbers(0) } })],
    ["a link that goes nowhere", (i) => ({ entries: { ...i.entries, kinds: Uint8Array.of(3) } })],
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
      await encodeLayerIndex(craftIndex({ path: "a/b", content: "x" }, { path: "a/.wh.c" }, DPKG)),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        const index = await decodeLayerIndex(gzipSync(bytes));
        for (const path of index?.entries.paths ?? []) {
          expect(path).toBeLessThan(index?.paths.parents.length ?? 0);
        }
        for (const { source, files = [] } of index?.claims ?? []) {
          const most = Math.max(source, ...files);
          expect(most).toBeLessThan(index?.claimedPaths.parents.length ?? 0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is nothing whatever the bytes are that stand in its place", async () => {
    const head = fc.json().map((json) => Buffer.from(`${json}\n`));
    const anyBytes = fc.tuple(head, fc.uint8Array()).map((parts) => Buffer.concat(parts));
    const packed = fc.oneof(fc.uint8Array(), anyBytes.map(gzipSync));
    await fc.assert(
      fc.asyncProperty(packed, async (bytes) => {
        expect(await decodeLayerIndex(bytes)).toBeUndefined();
      }),
    );
  });

  it("takes no memory for what it only says that it has", async () => {
    const encoded = await encodeLayerIndex(craftIndex({ path: "etc/hosts", content: "text" }));
    const zeros = Buffer.alloc(64e6);
    const bomb = gzipSync(Buffer.concat([Buffer.from("{}"), zeros]));
    expect(await decodeLayerIndex(bomb)).toBeUndefined();
    expect(await decodeLayerIndex(encoded, { ...LAYER_LIMITS, entries: 1 })).toBeUndefined();
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
