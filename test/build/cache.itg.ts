// GitHub's cache when it has all, and when it begins to take requests and never answers. That it does
// so from the start is found out before: BuildKit would wait for ever, and with it every build of the
// engine.

import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Misbehaviour, startCacheService } from "../../scripts/lab/cache/service.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { buildStages } from "../../src/build/build.ts";
import { type Builder, findBuilder } from "../../src/build/builder/builder.ts";
import { type OwnBuilder, provideOwnBuilder } from "../../src/build/builder/own-builder.ts";
import { chooseCaches } from "../../src/build/cache/cache-places.ts";
import { CACHE_PATIENCE, type CachePatience } from "../../src/build/cache/cache-watch.ts";
import type { Host } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { environmentOf } from "../../src/host/machine.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { openLayout } from "../../src/state/layout.ts";
import { emptyBuildInputs } from "./captured.ts";

const lab = await labParts(["containerd", "graph", "builder", "images", "blobs"]);
const SCOPES = [{ ref: "refs/heads/main", may: "write" }] as const;

/** The lab's image of BuildKit. */
const IMAGE = "moby/buildkit:buildx-stable-1";

interface Attempt {
  readonly variables: Readonly<Record<string, string>>;
  readonly patience: Partial<CachePatience>;
  readonly dockerfile?: string;
  /** Whether a builder is made for it, as on an engine with the older image store. */
  readonly own?: boolean;
  /** Whether another is made should it be stuck. */
  readonly hasSpare?: boolean;
  /** Whether it is treated as one that cannot reach us. */
  readonly isCutOff?: boolean;
}

function newStep(base = "busybox:1.35"): string {
  return `FROM ${base}\nRUN head -c 3000000 /dev/urandom > /${randomUUID()}\n`;
}

/** Builds one step with GitHub's cache, for which it waits so many seconds. */
async function build(attempt: Attempt) {
  const { variables, patience, dockerfile = newStep(), own, hasSpare, isCutOff } = attempt;
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-stall-"));
  try {
    await writeFile(join(folder, "Dockerfile"), dockerfile);
    const engine = own === true ? lab.graph : lab.containerd;
    const env = environmentOf({ ...process.env, ...engine.environment, ...variables });
    using host = createLocalHost({ workspace: folder, env });
    await using made = own === true ? await makeBuilder(host) : undefined;
    const found = made?.builder ?? (await currentBuilder(host));
    const builder = isCutOff === true ? { ...found, reachesLoopback: false } : found;
    const layout = await openLayout(host, join(folder, "layout"));
    const said: string[] = [];
    const log = { ...host.log, info: (text: string) => said.push(text) };
    const images = [{ name: "app", file: "Dockerfile", context: ".", where: "test" }];
    const inputs = { images, targets: [], goals: [], build: emptyBuildInputs };
    const { plan } = await planBuilds(host, inputs, { platform: "linux/amd64" });
    const given = { ...emptyBuildInputs, cache: { kind: "gha" } } as const;
    const key = { name: "stall", targets: [] };
    await using spares = new AsyncDisposableStack();
    const spareBuilder = async () => spares.use(await makeBuilder(host)).builder;
    const outcome = await buildStages(
      { ...host, log },
      {
        plan,
        inputs: given,
        builder,
        isBuilderNew: made !== undefined,
        ...(made !== undefined && { restartBuilder: made.restart }),
        ...(hasSpare === true && { spareBuilder }),
        caches: chooseCaches(host, { inputs: given, key }),
        layout,
        onImage() {},
        patience: { ...CACHE_PATIENCE, ...patience },
      },
    );
    const stages = [...outcome.builds.values()];
    for (const stage of stages) {
      if (stage.kind === "built") expect(await layout.hasImage(stage.digest)).toBe(true);
    }
    return { kinds: stages.map(({ kind }) => kind), notes: await outcome.notes, said };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function makeBuilder(host: Host): Promise<OwnBuilder> {
  const search = await provideOwnBuilder(host, { image: IMAGE, images: ["busybox"] });
  if (search.kind === "problem") throw new Error(search.what);
  return search.own;
}

async function currentBuilder(host: Host): Promise<Builder> {
  const search = await findBuilder(host, undefined);
  if (search.kind === "problem") throw new Error(search.problem.what);
  return search.builder;
}

const GIVEN_UP =
  "The build cache could not be read, what it may hold was built anew: no sign of life for 3 s";

describe("a cache that never answers", () => {
  it("is not waited for when it is written", async () => {
    await using service = await startCacheService(lab.blobs);
    service.misbehave({ fault: { kind: "stall" }, methods: ["CreateCacheEntry"] });
    const variables = service.variables(SCOPES);
    const { kinds, notes } = await build({ variables, patience: { writing: 8 } });
    expect(kinds).toEqual(["built"]);
    expect(notes).toEqual([
      "The build cache could not be written, the next run is slower: not done after 8 s",
    ]);
  });

  it("while it is read is given up, and the builder that was made starts anew", async () => {
    await using service = await startCacheService(lab.blobs);
    const common = { variables: service.variables(SCOPES), dockerfile: newStep(), own: true };
    const cold = await build({ ...common, patience: {} });
    expect(cold).toMatchObject({ kinds: ["built"], notes: [] });
    const faults: readonly Misbehaviour[] = [
      { fault: { kind: "stall" }, keys: /^index-/ },
      { fault: { kind: "stalled download" }, keys: /^buildkit-blob/ },
    ];
    for (const fault of faults) {
      service.misbehave(fault);
      const { kinds, notes } = await build({ ...common, patience: { silence: 3 } });
      expect(kinds).toEqual(["built"]);
      expect(notes).toEqual([GIVEN_UP]);
      service.behave();
    }
  });

  it("blocks an engine's own builder, and another one builds without the cache", async () => {
    await using service = await startCacheService(lab.blobs);
    // What has a step in common with a solve that is stuck waits with it.
    const dockerfile = newStep("debian:bookworm-slim");
    const common = { variables: service.variables(SCOPES), dockerfile };
    await build({ ...common, patience: {} });
    service.misbehave({ fault: { kind: "stall" }, keys: /^index-/ });
    const { kinds, notes, said } = await build({
      ...{ ...common, patience: { silence: 3 }, hasSpare: true },
    });
    const why =
      "the engine's own waits for a cache that has stopped to answer, and can only be freed by starting the engine anew";
    expect(kinds).toEqual(["built"]);
    expect(notes).toEqual([`Built without the build cache, with a builder made for this: ${why}.`]);
    expect(said).toContain(`Building anew with a builder made for this: ${why}`);
  });

  it("blocks an engine's own builder, which ends the run where no other can be had", async () => {
    await using service = await startCacheService(lab.blobs);
    const common = { variables: service.variables(SCOPES), dockerfile: newStep() };
    await build({ ...common, patience: {} });
    service.misbehave({ fault: { kind: "stall" }, keys: /^index-/ });
    await expect(build({ ...common, patience: { silence: 3 } })).rejects.toThrow(
      /^The builder waits for a build cache that has stopped to answer/,
    );
  });
});

describe("a cache that has every step", () => {
  it("is exported as it is by a new builder that cannot reach us", async () => {
    await using service = await startCacheService(lab.blobs);
    const common = { variables: service.variables(SCOPES), dockerfile: newStep(), patience: {} };
    await build({ ...common, own: true });
    const { kinds, notes, said } = await build({ ...common, own: true, isCutOff: true });
    expect({ kinds, notes }).toEqual({ kinds: ["built"], notes: [] });
    expect(said).toContain(
      "Images are exported, one after another, layers as they are in the cache",
    );
  });
});
