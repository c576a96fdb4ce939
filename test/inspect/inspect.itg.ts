// The numbers of images that a real engine built, beside what `tar` counts in their layers and what
// the engine itself shows a container.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { run } from "../../scripts/lab/shell.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createImageStore, type ImageStore } from "../../src/inspect/image-store.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { createLayerStore, type LayerStore } from "../../src/inspect/layer-store.ts";
import { applyLayers } from "../../src/inspect/layers.ts";
import type { StageImage } from "../../src/model/image.ts";
import type { PlannedImage, Stage } from "../../src/model/plan.ts";
import { planFixture } from "../plan/plan-fixture.ts";
import { countedByTar, type Exported, exportTarget, filesInContainer } from "./engine-images.ts";
import { files } from "./listing.ts";

const FILE = "every-kind.Dockerfile";
const TARGETS = ["tools", "rootfs", "app", "last"];

let engine: Engine;
let folder: string;
let layout: string;
let image: PlannedImage;
let store: LayerStore;
let images: ImageStore;
const exported = new Map<string, Exported>();
const inspected = new Map<string, StageImage>();

beforeAll(async () => {
  ({ containerd: engine } = await ensureLab(["containerd", "images"]));
  folder = await mkdtemp(join(tmpdir(), "weighbridge-inspect-"));
  layout = join(folder, "layout");
  await copyFile(join(import.meta.dirname, "..", "fixtures", "layers", FILE), join(folder, FILE));
  using host = createLocalHost({ workspace: folder });
  image = await planFixture(host, FILE);
  const forgetful = { recall: async () => undefined, remember: async () => {} };
  store = createLayerStore(host, forgetful);
  images = createImageStore(host, forgetful, store);
  for (const target of TARGETS) {
    const stage = stageOf(target);
    const build = { context: folder, file: FILE, layout };
    const { digest, layerLines } = await exportTarget(engine, build, target);
    exported.set(target, { digest, layerLines });
    inspected.set(
      target,
      await inspectStage(host, { layout, digest, image, stage, layerLines }, images),
    );
  }
  await run("sh", ["-c", `tar -C "$0" -cf "$1" .`, layout, join(folder, "layout.tar")]);
  await run("docker", ["load", "--input", join(folder, "layout.tar")], { env: engine.environment });
});

afterAll(async () => {
  const names = TARGETS.map((target) => `weighbridge-test:${target}`);
  await run("docker", ["rmi", ...names], { env: engine.environment });
  await rm(folder, { recursive: true, force: true });
});

describe.each(TARGETS)("the stage %s", (target) => {
  it("has layers of the sizes that tar counts", async () => {
    const { layers, unpacked } = stageImage(target);
    const counted = await Promise.all(layers.map(({ digest }) => countedByTar(layout, digest)));
    expect(layers.map((layer) => layer.unpacked)).toEqual(counted.map((layer) => layer.unpacked));
    expect(unpacked).toBe(counted.reduce((sum, layer) => sum + layer.unpacked, 0));
  });

  it("has layers of as many entries as tar lists", async () => {
    const { layers } = await store.read(layout, exported.get(target)?.digest ?? "");
    for (const { digest, entries } of layers) {
      expect(entries.paths.length).toBe((await countedByTar(layout, digest)).entries);
    }
  });

  it("has the files that a container of it sees", async () => {
    const { layers } = await store.read(layout, exported.get(target)?.digest ?? "");
    const ours = files(applyLayers(layers)).map((file) => file.replace(/ @\d+$/, ""));
    expect(ours).toEqual(await filesInContainer(engine, `weighbridge-test:${target}`));
  });

  it("weighs own and base together", () => {
    const { unpacked, download, own, base, layers } = stageImage(target);
    expect(own.unpacked + base.unpacked).toBe(unpacked);
    expect(own.download + base.download).toBe(download);
    expect(download).toBeGreaterThan(layers.reduce((sum, layer) => sum + layer.download, 0));
  });

  it("has no layer without its line, with provenance or from history alone", async () => {
    using host = createLocalHost({ workspace: folder });
    const stage = stageOf(target);
    const { digest = "" } = exported.get(target) ?? {};
    const request = { layout, digest, image, stage, layerLines: new Map() };
    const fromHistory = await inspectStage(host, request, images);
    expect(fromHistory.layers).toEqual(stageImage(target).layers);
    expect(fromHistory.layers.every(({ line }) => line !== undefined)).toBe(true);
  });
});

describe("the way in which layers are packed", () => {
  it.each(["zstd", "uncompressed"])("changes only what is downloaded: %s", async (compression) => {
    using host = createLocalHost({ workspace: folder });
    const stage = stageOf("app");
    const build = { context: folder, file: FILE, layout: `${layout}-${compression}` };
    const { digest, layerLines } = await exportTarget(engine, build, "app", compression);
    const request = { layout: build.layout, digest, image, stage, layerLines };
    const repacked = await inspectStage(host, request, images);
    const told = ({ layers }: StageImage) =>
      layers.map(({ diffId, unpacked, origin, line }) => ({ diffId, unpacked, origin, line }));
    expect(told(repacked)).toEqual(told(stageImage("app")));
    expect(repacked.download).not.toBe(stageImage("app").download);
  });
});

describe("lines", () => {
  it("of the stage tools are its own, and its FROM's for the base", () => {
    const layers = stageImage("tools").layers.map(({ origin, line }) => `${origin} ${line}`);
    expect(new Set(layers)).toEqual(new Set(["base 2", "own 3", "own 4"]));
  });

  it("of a stage from scratch are all its own", () => {
    expect(stageImage("rootfs").layers).toMatchObject([
      {
        origin: "own",
        line: 12,
        instruction: "COPY --from=tools /tools/blob /blob",
        unpacked: 100000,
      },
    ]);
  });

  it("of a stage on others come from all of them, the trigger's from the FROM that set it off", () => {
    const own = stageImage("last").layers.filter(({ origin }) => origin === "own");
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
    expect(JSON.stringify(stageImage("app"))).not.toContain("hunter2");
  });
});

function stageOf(target: string): Stage {
  const stage = image.stages.find(({ name }) => name === target);
  if (stage === undefined) throw new Error(`${FILE} has no stage ${target}`);
  return stage;
}

function stageImage(target: string): StageImage {
  const found = inspected.get(target);
  if (found === undefined) throw new Error(`${target} was not inspected`);
  return found;
}
