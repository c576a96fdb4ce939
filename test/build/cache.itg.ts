// GitHub's cache when it begins to take requests and never answers. That it does so from the start is
// found out before: BuildKit would wait for ever, and with it every build of the engine.

import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startCacheService } from "../../scripts/lab/cache/service.ts";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { buildStages } from "../../src/build/build.ts";
import { findBuilder } from "../../src/build/builder.ts";
import { chooseCaches } from "../../src/build/cache-places.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { environmentOf } from "../../src/host/machine.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { openLayout } from "../../src/state/layout.ts";
import { emptyBuildInputs } from "./captured.ts";

const lab = await ensureLab(["containerd", "images", "blobs"]);
const SCOPES = [{ ref: "refs/heads/main", may: "write" }] as const;

/** Builds one new step with GitHub's cache, for which it waits so many seconds. */
async function build(variables: Readonly<Record<string, string>>, patience: number) {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-stall-"));
  try {
    await writeFile(join(folder, "Dockerfile"), `FROM busybox:1.35\nRUN echo ${randomUUID()}\n`);
    const env = environmentOf({ ...process.env, ...lab.containerd.environment, ...variables });
    using host = createLocalHost({ workspace: folder, env });
    const search = await findBuilder(host, undefined);
    if (search.kind === "problem") throw new Error(search.problem.what);
    const { builder } = search;
    const images = [{ name: "app", file: "Dockerfile", context: ".", where: "test" }];
    const inputs = { images, targets: [], goals: [], build: emptyBuildInputs };
    const { plan } = await planBuilds(host, inputs, { platform: "linux/amd64" });
    const given = { ...emptyBuildInputs, cache: { kind: "gha" } } as const;
    const key = { name: "stall", targets: [] };
    const outcome = await buildStages(host, {
      plan,
      inputs: given,
      builder,
      isBuilderNew: false,
      caches: chooseCaches(host, { inputs: given, key }),
      layout: await openLayout(host, join(folder, "layout")),
      onImage() {},
      patience: { silence: patience, writing: patience },
    });
    const kinds = [...outcome.builds.values()].map(({ kind }) => kind);
    return { kinds, notes: await outcome.notes };
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("a cache that never answers", () => {
  it("is not waited for when it is written", async () => {
    await using service = await startCacheService(lab.blobs);
    service.misbehave({ fault: { kind: "stall" }, methods: ["CreateCacheEntry"] });
    const { kinds, notes } = await build(service.variables(SCOPES), 8);
    expect(kinds).toEqual(["built"]);
    expect(notes).toEqual([
      "The build cache could not be written, the next run is slower: not done after 8 s",
    ]);
  });
});
