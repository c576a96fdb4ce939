// The numbers of images that a real engine built, beside what `tar` counts in their layers and what
// the engine itself shows a container.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import type { StageImage } from "../../src/model/image.ts";
import { type BuiltDockerfile, buildDockerfile } from "./built-dockerfile.ts";
import { countedByTar, exportTarget, seenInContainer } from "./engine-images.ts";
import { seen } from "./listing.ts";

const FILE = "every-kind.Dockerfile";
const TARGETS = ["tools", "rootfs", "app", "last"];

let engine: Engine;
let built: BuiltDockerfile;

beforeAll(async () => {
  ({ containerd: engine } = await labParts(["containerd", "images"]));
  const path = join(import.meta.dirname, "..", "fixtures", "layers", FILE);
  built = await buildDockerfile(engine, path, TARGETS);
});

afterAll(() => built.remove());

describe.each(TARGETS)("the stage %s", (target) => {
  it("has layers of the sizes that tar counts", async () => {
    const { layers, unpacked } = built.inspected(target);
    const counted = await Promise.all(
      layers.map(({ digest }) => countedByTar(built.layout, digest)),
    );
    expect(layers.map((layer) => layer.unpacked)).toEqual(counted.map((layer) => layer.unpacked));
    expect(unpacked).toBe(counted.reduce((sum, layer) => sum + layer.unpacked, 0));
  });

  it("has layers of as many entries as tar lists", async () => {
    const { layers } = await built.layers.read(built.layout, built.exported(target).digest);
    for (const { digest, entries } of layers) {
      expect(entries.paths.length).toBe((await countedByTar(built.layout, digest)).entries);
    }
  });

  it("has the files that a container of it sees", async () => {
    const { layers } = await built.layers.read(built.layout, built.exported(target).digest);
    const inContainer = await seenInContainer(engine, built.loaded(target));
    expect(seen(applyLayers(layers))).toEqual(inContainer);
  });

  it("weighs own and base together", () => {
    const { unpacked, download, own, base, layers } = built.inspected(target);
    expect(own.unpacked + base.unpacked).toBe(unpacked);
    const downloads = [own, base, ...layers].map((sizes) => Number(sizes.download));
    const [ofOwn = 0, ofBase = 0, ...ofLayers] = downloads;
    expect(ofOwn + ofBase).toBe(download);
    expect(download).toBeGreaterThan(ofLayers.reduce((sum, bytes) => sum + bytes, 0));
  });

  it("has no layer without its line, with provenance or from history alone", async () => {
    using host = createLocalHost({ workspace: built.folder });
    const { layout, image, images } = built;
    const stage = built.stage(target);
    const { digest } = built.exported(target);
    const request = { layout, digest, image, stage, layerLines: new Map() };
    const fromHistory = await inspectStage(host, request, images);
    expect(fromHistory.layers).toEqual(built.inspected(target).layers);
    expect(fromHistory.layers.every(({ line }) => line !== undefined)).toBe(true);
  });
});

describe("the way in which layers are packed", () => {
  it.each(["zstd", "uncompressed"])("changes only what is downloaded: %s", async (compression) => {
    const { folder, image, images } = built;
    using host = createLocalHost({ workspace: folder });
    const stage = built.stage("app");
    const build = { context: folder, file: FILE, layout: `${built.layout}-${compression}` };
    const { digest, layerLines } = await exportTarget(engine, build, "app", compression);
    const request = { layout: build.layout, digest, image, stage, layerLines };
    const repacked = await inspectStage(host, request, images);
    const told = ({ layers }: StageImage) =>
      layers.map(({ diffId, unpacked, origin, line }) => ({ diffId, unpacked, origin, line }));
    expect(told(repacked)).toEqual(told(built.inspected("app")));
    expect(repacked.download).not.toBe(built.inspected("app").download);
  });
});

describe("what a container cannot see", () => {
  it("is told with the line that wrote it and the line that hid it", () => {
    const { waste, wasted } = built.inspected("app");
    const told = waste.map(({ path, bytes, kind, writtenBy, killedBy }) => {
      return [path, bytes, kind, writtenBy.line, killedBy.line];
    });
    // By line 27 the first name of the blob is another file; by line 28 its other name is gone too.
    expect(told).toEqual([
      ["/tools/blob", 100000, "deleted", 4, 28],
      ["/opt/one/two/three", 5000, "deleted", 18, 27],
      ["/files/B", 7, "deleted", 22, 28],
      ["/files/A", 6, "deleted", 22, 28],
    ]);
    expect(wasted).toBe(105013);
  });
});

describe("lines", () => {
  it("of the stage tools are its own, and its FROM's for the base", () => {
    const layers = built.inspected("tools").layers.map(({ origin, line }) => `${origin} ${line}`);
    expect(new Set(layers)).toEqual(new Set(["base 2", "own 3", "own 4"]));
  });

  it("of a stage from scratch are all its own", () => {
    expect(built.inspected("rootfs").layers).toMatchObject([
      {
        origin: "own",
        line: 12,
        instruction: "COPY --from=tools /tools/blob /blob",
        unpacked: 100000,
      },
    ]);
  });

  it("of a stage on others come from all of them, the trigger's from the FROM that set it off", () => {
    const own = built.inspected("last").layers.filter(({ origin }) => origin === "own");
    expect(own.map(({ line }) => line)).toEqual([3, 4, 14, 16, 17, 18, 22, 27, 28, 33]);
    expect(own.map(({ instruction }) => instruction?.split(" ")[0])).toEqual([
      "WORKDIR",
      "RUN",
      "FROM",
      "WORKDIR",
      "COPY",
      "RUN",
      "COPY",
      "RUN",
      "RUN",
      "RUN",
    ]);
  });

  it("never come with the value of a build argument", () => {
    expect(JSON.stringify(built.inspected("app"))).not.toContain("hunter2");
  });
});
