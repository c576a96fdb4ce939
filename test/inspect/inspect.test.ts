import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import type { LayerLines } from "../../src/model/build.ts";
import type { StageImage } from "../../src/model/image.ts";
import type { Memory } from "../../src/state/memory.ts";
import { makePlannedImage, makeStage } from "../make.ts";
import { CraftedLayout, packedLayer, plainLayer } from "./crafted-layout.ts";

const BASE = packedLayer(gzipSync, { path: "usr/lib/base", content: "x".repeat(5000) });
const COPY = packedLayer(
  gzipSync,
  { path: "app/main", content: "x".repeat(300) },
  { path: "app/link", type: "1", linkTarget: "app/main" },
);
const RUN = plainLayer({ path: "app/main", content: "x".repeat(40) });

const LINES: LayerLines = new Map([
  [BASE.diffId, [{ start: 1, end: 1 }]],
  [COPY.diffId, [{ start: 2, end: 2 }]],
  [RUN.diffId, [{ start: 3, end: 4 }]],
]);

describe("a stage's image", () => {
  it("is weighed layer by layer, own and base, download and unpacked", async () => {
    const layout = new CraftedLayout();
    const image = layout.putImage({ layers: [BASE, COPY, RUN] });
    const config = JSON.stringify({
      os: "linux",
      architecture: "amd64",
      rootfs: { type: "layers", diff_ids: [BASE.diffId, COPY.diffId, RUN.diffId] },
    });
    const own = COPY.blob.length + RUN.blob.length + config.length;
    expect(await inspect(layout, image.digest)).toMatchObject({
      digest: image.digest,
      platform: "linux/amd64",
      unpacked: 5340,
      download: BASE.blob.length + own,
      own: { unpacked: 340, download: own },
      base: { unpacked: 5000, download: BASE.blob.length },
      layers: [
        { diffId: BASE.diffId, unpacked: 5000, origin: "base", line: 1 },
        { diffId: COPY.diffId, unpacked: 300, origin: "own", line: 2, instruction: "COPY . /app" },
        { diffId: RUN.diffId, unpacked: 40, download: RUN.blob.length, origin: "own", line: 3 },
      ],
      biggestFiles: [
        { path: "/usr/lib/base", bytes: 5000, line: 1 },
        { path: "/app/link", bytes: 300, line: 2 },
        { path: "/app/main", bytes: 40, line: 3 },
      ],
      biggestFolders: [
        { path: "/usr/lib", bytes: 5000, line: 1 },
        { path: "/app", bytes: 340, line: 2 },
      ],
    });
  });

  it("has every byte accounted for, live and wasted, by line", async () => {
    const layout = new CraftedLayout();
    const rewritten = plainLayer(
      { path: "app/main", content: "x".repeat(300), mode: 0o755 },
      { path: "usr/lib/.wh.base" },
    );
    const lines = new Map([...LINES, [rewritten.diffId, [{ start: 3, end: 4 }]]]);
    const { digest } = layout.putImage({ layers: [BASE, COPY, rewritten] });
    const found = await inspect(layout, digest, new KeptInMemory(), lines);
    const place = (layer: number, line: number) => {
      return { layer, digest: found.layers[layer]?.digest, line };
    };
    expect(found).toMatchObject({ unpacked: 5600, live: 600, wasted: 5000 });
    expect(found.efficiency).toBe(600 / 5600);
    expect(found.waste).toEqual([
      {
        path: "/usr/lib/base",
        files: 1,
        bytes: 5000,
        kind: "deleted",
        writtenBy: place(0, 1),
        killedBy: place(2, 3),
      },
    ]);
    expect(found.boxes).toEqual([
      { line: 1, box: "/usr/lib", bytes: 5000 },
      { line: 2, box: "/app", bytes: 300 },
      { line: 3, box: "/app", bytes: 300 },
    ]);
  });

  it("has one box for all layers of a line", async () => {
    const layout = new CraftedLayout();
    const more = plainLayer({ path: "usr/lib/more", content: "x".repeat(7) });
    const { digest } = layout.putImage({ layers: [more, BASE, COPY] });
    const { boxes, layers } = await inspect(layout, digest);
    expect(layers.map(({ line }) => line)).toEqual([1, 1, 2]);
    expect(boxes[0]).toEqual({ line: 1, box: "/usr/lib", bytes: 5007 });
  });

  it("without any layer weighs its configuration", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [] });
    const { own, base, layers, efficiency } = await inspect(layout, digest);
    expect({ own: own.unpacked, base, layers, efficiency }).toEqual({
      own: 0,
      base: { unpacked: 0, download: 0 },
      layers: [],
      efficiency: 1,
    });
  });

  it("has no download where docker save has unpacked its layers", async () => {
    const layout = new CraftedLayout();
    const packed = layout.putImage({ layers: [BASE, RUN] });
    const unpacked = layout.putImage({ layers: [RUN] });
    expect(await inspectSaved(layout, packed.digest)).toMatchObject({
      download: expect.any(Number),
      own: { download: expect.any(Number) },
    });
    const saved = await inspectSaved(layout, unpacked.digest);
    expect(saved).toMatchObject({
      unpacked: 40,
      downloadUnknown: "docker save gave it unpacked",
      own: { unpacked: 40 },
      base: { unpacked: 0 },
    });
    for (const sizes of [saved, saved.own, saved.base, ...saved.layers]) {
      expect(sizes).not.toHaveProperty("download");
    }
    // A builder may leave layers unpacked, and then that is what is downloaded.
    expect((await inspect(layout, unpacked.digest)).download).toBeGreaterThan(RUN.blob.length);
  });

  it("has no download without any layer either, where the engine saves no such image", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [] });
    expect(await inspectSaved(layout, digest)).not.toHaveProperty("download");
  });

  it("has no layer that unpacks to other bytes than the configuration says", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [{ ...COPY, diffId: BASE.diffId }] });
    await expect(inspect(layout, digest)).rejects.toThrow(
      "is not what the image's configuration says",
    );
  });

  it("is no number when a layer is damaged", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [RUN] });
    layout.damage(RUN.diffId, COPY.blob);
    await expect(inspect(layout, digest)).rejects.toThrow(`The layer ${RUN.diffId} is damaged`);
  });

  it("is no number when a layer is missing", async () => {
    const layout = new CraftedLayout();
    const missing = { digest: `sha256:${"0".repeat(64)}`, size: 1 };
    const config = layout.putJson({
      os: "linux",
      architecture: "amd64",
      rootfs: { diff_ids: [missing.digest] },
    });
    const { digest } = layout.putJson({ config, layers: [missing] });
    await expect(inspect(layout, digest)).rejects.toThrow(
      `The layer ${missing.digest} cannot be read`,
    );
  });
});

describe("a layer that several images have", () => {
  it("is read once, even when they ask at the same time", async () => {
    const layout = new CraftedLayout();
    const first = layout.putImage({ layers: [BASE, COPY] });
    const second = layout.putImage({ layers: [BASE, RUN] });
    const forgetful = { recall: async () => undefined, remember: async () => {} };
    const store = createLayerStore({ files: layout.files, log: SILENT }, forgetful);
    await Promise.all([
      store.read("layout", first.digest),
      store.read("layout", second.digest),
      store.read("layout", first.digest),
    ]);
    await store.read("layout", second.digest);
    for (const { blob } of [BASE, COPY, RUN]) {
      expect(layout.reads.get(layout.put(blob).digest)).toBe(1);
    }
  });

  it("is read no more when an earlier run has read it", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [BASE, RUN] });
    const memory = new KeptInMemory();
    const first = await inspect(layout, digest, memory);
    const second = await inspect(layout, digest, memory);
    expect(second).toEqual(first);
    expect(layout.reads.get(RUN.diffId)).toBe(1);
  });

  it("is read again when what was kept is of another layer, or damaged", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [RUN, COPY] });
    const memory = new KeptInMemory();
    const expected = await inspect(layout, digest, memory);
    const [ofOne = new Uint8Array()] = memory.kept.values();
    for (const kept of [ofOne, Buffer.from("damaged")]) {
      for (const key of memory.kept.keys()) memory.kept.set(key, kept);
      expect(await inspect(layout, digest, memory)).toEqual(expected);
    }
  });
});

describe("an image that an earlier run has looked at", () => {
  it("is told from what was kept, without its layers", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [BASE, COPY, RUN] });
    const memory = new KeptInMemory();
    const first = await inspect(layout, digest, memory);
    for (const { blob } of [BASE, COPY, RUN]) memory.kept.delete(layout.put(blob).digest);
    expect(await inspect(layout, digest, memory)).toEqual(first);
    expect(layout.reads.get(RUN.diffId)).toBe(1);
  });

  it("has its lines found anew", async () => {
    const layout = new CraftedLayout();
    const { digest } = layout.putImage({ layers: [BASE, COPY, RUN] });
    const memory = new KeptInMemory();
    const proven = await inspect(layout, digest, memory);
    const unproven = await inspect(layout, digest, memory, new Map());
    const linesOf = ({ layers }: StageImage) => layers.map(({ line }) => line);
    expect([linesOf(proven), linesOf(unproven)]).toEqual([
      [1, 2, 3],
      [1, 1, 1],
    ]);
    expect(new Set(unproven.boxes.map(({ line }) => line))).toEqual(new Set([1]));
  });

  it("is looked at again when what was kept is of another image, or damaged", async () => {
    const layout = new CraftedLayout();
    const memory = new KeptInMemory();
    const other = layout.putImage({ layers: [BASE] });
    await inspect(layout, other.digest, memory);
    const { digest } = layout.putImage({ layers: [RUN] });
    const expected = await inspect(layout, digest, memory);
    for (const kept of [memory.kept.get(other.digest), Buffer.from("{}"), Buffer.from("damaged")]) {
      memory.kept.set(digest, kept ?? Buffer.from(""));
      expect(await inspect(layout, digest, memory)).toEqual(expected);
    }
  });
});

describe("layers", () => {
  it("are read two at a time", async () => {
    const layout = new CraftedLayout();
    const layers = Array.from({ length: 6 }, (_, number) => plainLayer({ path: `${number}` }));
    const { digest } = layout.putImage({ layers });
    let reading = 0;
    let most = 0;
    const files = {
      async *readStream(path: string): AsyncGenerator<Uint8Array> {
        reading++;
        yield* layout.files.readStream(path);
        most = Math.max(most, reading);
        reading--;
      },
    };
    const store = createLayerStore({ files, log: SILENT }, new KeptInMemory());
    await store.read("layout", digest);
    expect(most).toBe(2);
  });
});

class KeptInMemory implements Memory {
  readonly kept = new Map<string, Uint8Array>();

  async recall(_kind: string, key: string): Promise<Uint8Array | undefined> {
    return this.kept.get(key);
  }

  async remember(_kind: string, key: string, bytes: Uint8Array): Promise<void> {
    this.kept.set(key, bytes);
  }
}

const SILENT = { debug() {} };

function inspectSaved(layout: CraftedLayout, digest: string) {
  return inspect(layout, digest, new KeptInMemory(), LINES, true);
}

function inspect(
  layout: CraftedLayout,
  digest: string,
  memory: Memory = new KeptInMemory(),
  layerLines = LINES,
  isSaved = false,
) {
  const host = { files: layout.files, log: SILENT };
  const image = makePlannedImage();
  const stage = image.stages[0] ?? makeStage();
  const request = { layout: "layout", digest, image, stage, layerLines, isSaved };
  const store = createImageStore(host, memory, createLayerStore(host, memory));
  return inspectStage(host, request, store);
}
