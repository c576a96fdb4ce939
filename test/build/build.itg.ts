// All ways into the layout, on real builders.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { type BuildOutcome, buildStages } from "../../src/build/build.ts";
import { type Builder, findBuilder } from "../../src/build/builder/builder.ts";
import { NO_CACHES } from "../../src/build/cache/cache-places.ts";
import type { Host } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { inspectStage } from "../../src/inspect/inspect.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import type { StageImage } from "../../src/model/image.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { openLayout } from "../../src/state/layout.ts";
import { createMemory } from "../../src/state/stored-memory.ts";
import { emptyBuildInputs } from "./captured.ts";

const lab = await labParts(["containerd", "graph", "registry", "images", "builder"]);
const folder = mkdtempSync(join(tmpdir(), "weighbridge-build-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, "Dockerfile"),
  `FROM busybox:1.35 AS one
RUN head -c 100000 /dev/urandom > /one
FROM one AS two
RUN echo two > /two
FROM scratch AS bare
LABEL only=this
FROM scratch
COPY --from=two /two /two
`,
);

const builders = [
  ["containerd", lab.containerd.environment, undefined],
  ["docker-container", lab.builder.environment, lab.builder.name],
] as const;

function hostFor(environment: Readonly<Record<string, string>>): Host & Disposable {
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );
  return createLocalHost({ workspace: folder, env: { ...env, ...environment } });
}

async function builderOf(host: Host, name: string | undefined): Promise<Builder> {
  const search = await findBuilder(host, name);
  if (search.kind === "problem") throw new Error(search.problem.what);
  return search.builder;
}

async function build(host: Host, builder: Builder, layoutName: string) {
  const inputs = {
    images: [{ name: "app", file: "Dockerfile", context: ".", where: "test" }],
    targets: [],
    goals: [],
    build: emptyBuildInputs,
  };
  const { plan } = await planBuilds(host, inputs, { platform: "linux/amd64" });
  const layout = await openLayout(host, join(folder, layoutName));
  const announced: string[] = [];
  const outcome = await buildStages(host, {
    plan,
    inputs: emptyBuildInputs,
    builder,
    isBuilderNew: false,
    caches: NO_CACHES,
    layout,
    onImage: (_stage, digest) => announced.push(digest),
  });
  return { plan, outcome, layout, announced };
}

function digestsOf({ builds }: BuildOutcome): readonly string[] {
  return [...builds.values()].map((stage) => (stage.kind === "built" ? stage.digest : stage.kind));
}

describe.each(builders)("by a %s builder", (kind, environment, name) => {
  it("images are the same, pushed over loopback or exported", async () => {
    using host = hostFor(environment);
    const builder = await builderOf(host, name);
    expect(builder.reachesLoopback).toBe(true);
    const pushed = await build(host, builder, `${kind}-pushed`);
    const exported = await build(host, { ...builder, reachesLoopback: false }, `${kind}-exported`);
    expect(digestsOf(exported.outcome)).toEqual(digestsOf(pushed.outcome));
    for (const digest of digestsOf(pushed.outcome)) {
      expect(await pushed.layout.hasImage(digest)).toBe(true);
      expect(await exported.layout.hasImage(digest)).toBe(true);
    }
    expect(exported.outcome.layerLines).toEqual(pushed.outcome.layerLines);
    expect(exported.announced.toSorted()).toEqual(pushed.announced.toSorted());
  });

  it("images are exported when it turns out that it cannot reach us", async () => {
    using host = hostFor(environment);
    const builder = await builderOf(host, name);
    const { outcome, layout } = await build(
      { ...host, loopback: nowhere },
      builder,
      `${kind}-unreachable`,
    );
    for (const digest of digestsOf(outcome)) expect(await layout.hasImage(digest)).toBe(true);
  });
});

describe("by the docker driver with the older image store", () => {
  it("images are saved when it turns out that it cannot reach us", async () => {
    using host = hostFor(lab.graph.environment);
    const builder = await builderOf(host, undefined);
    expect(builder).toMatchObject({ store: "graph", reachesLoopback: true });
    const pushed = await build(host, builder, "graph-pushed");
    const saved = await build({ ...host, loopback: nowhere }, builder, "graph-unreachable");
    const [ofPushed, ofSaved] = [await weigh(host, pushed), await weigh(host, saved)];
    expect(ofSaved.map(contentOf)).toEqual(ofPushed.map(contentOf));
    const unknown = { download: [], downloadUnknown: "docker save gave it unpacked" };
    expect(ofSaved.map(downloadsOf)).toEqual(ofSaved.map(() => unknown));
    const known = { download: expect.arrayContaining([expect.any(Number)]) };
    expect(ofPushed.map(downloadsOf)).toEqual(ofPushed.map(() => known));
    expect(saved.announced.toSorted()).toEqual(digestsOf(saved.outcome).toSorted());
    expect(await imagesOfOurs(host)).toEqual([]);
  });

  it("images are not saved that were once pushed into the same layout", async () => {
    using host = hostFor(lab.graph.environment);
    const builder = await builderOf(host, undefined);
    const pushed = await build(host, builder, "graph-both");
    const commands: string[] = [];
    const exec: Host["exec"] = (command, args, options) => {
      commands.push(args.slice(0, 2).join(" "));
      return host.exec(command, args, options);
    };
    const cutOff = { ...builder, reachesLoopback: false };
    const again = await build({ ...host, exec }, cutOff, "graph-both");
    expect(digestsOf(again.outcome)).toEqual(digestsOf(pushed.outcome));
    expect(commands).toContain("buildx bake");
    expect(commands).not.toContain("image save");
    const layered = (images: readonly StageImage[]) => images.filter(({ layers }) => layers[0]);
    expect(layered(await weigh(host, again))).toEqual(layered(await weigh(host, pushed)));
  });
});

type Built = Awaited<ReturnType<typeof build>>;

/** What is told of the images of a build, stage by stage. */
async function weigh(host: Host, { plan, outcome, layout }: Built) {
  const memory = createMemory(host, join(folder, "memory"));
  const layers = createLayerStore(host, memory, {});
  const images = createImageStore(host, memory, layers);
  const [image] = plan.images;
  if (image === undefined) throw new Error("nothing was planned");
  return await Promise.all(
    image.stages.map((stage) => {
      const stageBuild = outcome.builds.get(stage);
      if (stageBuild?.kind !== "built") throw new Error(`${stage.name} was not built`);
      const { digest, isSaved = false } = stageBuild;
      const layerLines = outcome.layerLines.get(image.name) ?? new Map();
      const request = { layout: layout.folder, digest, image, stage, layerLines, isSaved };
      return inspectStage(host, request, images);
    }),
  );
}

/** All that does not depend on how the layers are packed. */
function contentOf(image: StageImage) {
  const { unpacked, live, own, base, layers, biggestFiles, packages, boxes } = image;
  return {
    ...{ unpacked, live, biggestFiles, packages, boxes },
    ...{ own: own.unpacked, base: base.unpacked },
    layers: layers.map(({ digest, download, ...layer }) => layer),
  };
}

function downloadsOf({ download, downloadUnknown, own, base, layers }: StageImage) {
  const all = [download, own.download, base.download, ...layers.map((layer) => layer.download)];
  return {
    download: all.filter((bytes) => bytes !== undefined),
    ...(downloadUnknown !== undefined && { downloadUnknown }),
  };
}

/** What is left in the engine of what this process has built. */
async function imagesOfOurs(host: Host): Promise<readonly string[]> {
  const { stdout } = await host.exec("docker", ["image", "ls", "--format", "{{.Repository}}"]);
  return stdout.split("\n").filter((name) => name.includes(host.owner.mark));
}

/** A port where nobody listens, as a builder in a virtual machine sees it. */
const nowhere = {
  serve: async () => ({ address: "127.0.0.1:9", async [Symbol.asyncDispose]() {} }),
};
