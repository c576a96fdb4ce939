// A Dockerfile whose stages a real engine has built, as this project reads them and as the engine
// shows them to a container.

import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Engine } from "../../scripts/lab/engine.ts";
import { run } from "../../scripts/lab/shell.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createImageStore, type ImageStore } from "../../src/inspect/image-store.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { createLayerStore, type LayerStore } from "../../src/inspect/layer-store.ts";
import type { StageImage } from "../../src/model/image.ts";
import type { PlannedImage, Stage } from "../../src/model/plan.ts";
import { planFixture } from "../plan/plan-fixture.ts";
import { type Exported, exportTarget, imageName } from "./engine-images.ts";

/** What a test asks of a Dockerfile that was built. */
export interface BuiltDockerfile {
  /** The context, with the Dockerfile. */
  readonly folder: string;
  readonly layout: string;
  readonly image: PlannedImage;
  readonly layers: LayerStore;
  readonly images: ImageStore;
  stage(target: string): Stage;
  exported(target: string): Exported;
  inspected(target: string): StageImage;
  /** What the engine has loaded the image of a target as. */
  loaded(target: string): string;
  remove(): Promise<void>;
}

const FORGETFUL = { recall: async () => undefined, remember: async () => {} };

/**
 * Builds targets of a Dockerfile, inspects them and has the engine load them.
 * @param file a path; it is copied into a context of its own
 * @param fill puts what is copied from it into the context
 */
export async function buildDockerfile(
  engine: Engine,
  file: string,
  targets: readonly string[],
  fill: (context: string) => Promise<void> = async () => {},
): Promise<BuiltDockerfile> {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-inspect-"));
  const layout = join(folder, "layout");
  const name = basename(file);
  await copyFile(file, join(folder, name));
  await fill(folder);
  using host = createLocalHost({ workspace: folder });
  const image = await planFixture(host, name);
  const layers = createLayerStore(host, FORGETFUL);
  const images = createImageStore(host, FORGETFUL, layers);
  const exported = new Map<string, Exported>();
  const inspected = new Map<string, StageImage>();
  const stageOf = (target: string) => known(image.stages.find((stage) => stage.name === target));
  for (const target of targets) {
    const built = await exportTarget(engine, { context: folder, file: name, layout }, target);
    exported.set(target, built);
    const request = { layout, image, stage: stageOf(target), ...built };
    inspected.set(target, await inspectStage(host, request, images));
  }
  await run("sh", ["-c", 'tar -C "$0" -cf - . | docker load --quiet', layout], {
    env: engine.environment,
  });
  const loaded = (target: string) => imageName(folder, target);
  return {
    ...{ folder, layout, image, layers, images, loaded },
    stage: stageOf,
    exported: (target) => known(exported.get(target)),
    inspected: (target) => known(inspected.get(target)),
    async remove() {
      await run("docker", ["rmi", ...targets.map(loaded)], { env: engine.environment });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is no such stage, or it was not built");
  return value;
}
