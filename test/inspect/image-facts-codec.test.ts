import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findFacts } from "../../src/inspect/image-facts.ts";
import { decodeImageFacts, encodeImageFacts } from "../../src/inspect/image-facts-codec.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { anyEntries } from "./any-entries.ts";
import { craftIndex } from "./craft-index.ts";
import { file, whiteout } from "./entries.ts";

const STATUS = "Package: tool\nStatus: install ok installed\nVersion: 1.0\n\n";

function factsOf(layers: readonly LayerIndex[]) {
  return findFacts(applyLayers(layers), layers);
}

/** With waste, a package, boxes and something that could be saved. */
const FACTS = factsOf([
  craftIndex(
    { path: "var/lib/dpkg/status", content: STATUS },
    { path: "var/lib/dpkg/info/tool.list", content: "/usr/bin/tool\n" },
    file("usr/bin/tool", 900),
    file("big", 200_000),
  ),
  craftIndex(whiteout("big")),
]);

describe("what is kept of an image", () => {
  it("comes back as it was", () => {
    expect(FACTS.packages).toEqual([
      { type: "deb", name: "tool", version: "1.0", bytes: 900, layer: 0 },
    ]);
    expect(FACTS.savings).not.toEqual([]);
    expect(decodeImageFacts(encodeImageFacts(FACTS))).toEqual(FACTS);
  });

  it("comes back with what a layer left as it was", () => {
    const facts = factsOf([
      craftIndex(file("a", 200_000), file("b", 1)),
      craftIndex({ ...file("a", 200_000), uid: 10 }),
    ]);
    expect(facts.savings).toMatchObject([{ isPartial: true }]);
    expect(decodeImageFacts(encodeImageFacts(facts))).toEqual(facts);
  });

  it("comes back with where a layer moved what another wrote", () => {
    const facts = factsOf([
      craftIndex(file("a", 200_000)),
      craftIndex(whiteout("a"), file("b", 200_000)),
    ]);
    expect(facts.savings).toMatchObject([{ movedTo: "/b" }]);
    expect(decodeImageFacts(encodeImageFacts(facts))).toEqual(facts);
  });

  it("comes back with whether a layer moved some of what another wrote", () => {
    const facts = factsOf([
      craftIndex(file("a", 200_000), file("c", 300_000)),
      craftIndex(whiteout("a"), whiteout("c"), file("b", 200_000)),
    ]);
    expect(facts.savings).toMatchObject([{ movesSome: true }]);
    expect(decodeImageFacts(encodeImageFacts(facts))).toEqual(facts);
  });

  it("comes back with what others wrote, and with whom copies belong to", () => {
    const [a, b] = [file("a", 200_000), file("b", 300_000)];
    const facts = factsOf([
      craftIndex(a, b),
      craftIndex(a, { ...file("c", 300_000), uid: 7 }),
      craftIndex({ ...a, uid: 10 }, { ...b, uid: 10 }),
    ]);
    expect(facts.savings).toContainEqual(expect.objectContaining({ otherLayers: [1] }));
    expect(facts.savings).toContainEqual(expect.objectContaining({ hasOtherOwner: true }));
    expect(decodeImageFacts(encodeImageFacts(facts))).toEqual(facts);
  });

  it("comes back whatever the layers are", () => {
    fc.assert(
      fc.property(fc.array(anyEntries, { maxLength: 4 }), (layers) => {
        const facts = factsOf(layers.map((entries) => craftIndex(...entries)));
        expect(decodeImageFacts(encodeImageFacts(facts))).toEqual(facts);
      }),
    );
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, -2)],
    ["of another version", (text: string) => text.replace('"version":"', '"version":"0')],
    [
      "of a layer that is not there",
      (text: string) => text.replace('"killedBy":1', '"killedBy":2'),
    ],
    ["of a negative number", (text: string) => text.replace('"live":', '"live":-')],
    ["of a kind that nobody knows", (text: string) => text.replace('"deleted"', '"lost"')],
    ["without a number", (text: string) => text.replace('"unreadClaims"', '"other"')],
  ])("is nothing when it is %s", (_, damage) => {
    const text = Buffer.from(encodeImageFacts(FACTS)).toString("utf8");
    expect(damage(text)).not.toBe(text);
    expect(decodeImageFacts(Buffer.from(damage(text)))).toBeUndefined();
  });
});
