import { describe, expect, it } from "vitest";
import { mergeLayerLines, parseMetadata } from "../../src/build/metadata.ts";
import { captured } from "./captured.ts";

describe("the metadata file", () => {
  it("names the digest of every target", () => {
    const metadata = parseMetadata(captured("metadata.json"));
    expect([...metadata.keys()].toSorted()).toEqual([
      "image0-stage0",
      "image0-stage1",
      "image0-stage2",
      "image0-stage3",
    ]);
    for (const { digest } of metadata.values()) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("names the lines of the layers, over all targets", () => {
    const metadata = parseMetadata(captured("metadata.json"));
    const maps = [...metadata.values()].map((target) => target.layerLines);
    const lines = [...mergeLayerLines(maps).values()].map((ranges) => ranges.map((r) => r.start));
    expect(lines).toContainEqual([3]);
    expect(lines).toContainEqual([4]);
    expect(lines).toContainEqual([10]);
  });

  it("names all lines of a layer that several instructions made alike", () => {
    const metadata = parseMetadata(captured("metadata.json"));
    const maps = [...metadata.values()].map((target) => target.layerLines);
    const lines = [...mergeLayerLines(maps).values()].map((ranges) =>
      ranges.map((range) => range.start).sort((a, b) => a - b),
    );
    expect(lines).toContainEqual([7, 9, 12]);
  });

  it("names all lines of a layer that two steps of one target made alike", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const at = (line: number) => ({ locations: [{ ranges: [{ start: { line } }] }] });
    const buildkit = {
      source: { locations: { step2: at(2), step3: at(5) } },
      layers: { "step2:0": [[{ digest }]], "step3:0": [[{ digest }]] },
    };
    const metadata = { "https://mobyproject.org/buildkit@v1#metadata": buildkit };
    const target = { "containerimage.digest": digest, "buildx.build.provenance": { metadata } };
    const { layerLines } = parseMetadata(JSON.stringify({ app: target })).get("app") ?? {};
    expect(layerLines?.get(digest)?.map(({ start }) => start)).toEqual([2, 5]);
  });

  it("leaves out what has no digest", () => {
    expect(parseMetadata('{"buildx.build.warnings": [], "a": {}}').size).toBe(0);
  });
});
