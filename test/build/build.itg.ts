// Both ways into the layout, on real builders.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { ensureLab } from "../../scripts/lab/lab.ts";
import { type BuildOutcome, buildStages } from "../../src/build/build.ts";
import { type Builder, findBuilder } from "../../src/build/builder.ts";
import { NO_CACHES } from "../../src/build/cache-places.ts";
import type { Host } from "../../src/host/host.ts";
import { createLocalHost } from "../../src/host/local-host.ts";
import { planBuilds } from "../../src/plan/plan.ts";
import { openLayout } from "../../src/state/layout.ts";
import { emptyBuildInputs } from "./captured.ts";

const lab = await ensureLab(["containerd", "registry", "images", "builder"]);
const folder = mkdtempSync(join(tmpdir(), "weighbridge-build-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, "Dockerfile"),
  `FROM busybox:1.35 AS one
RUN head -c 100000 /dev/urandom > /one
FROM one AS two
RUN echo two > /two
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
    caches: NO_CACHES,
    layout,
    onImage: (_stage, digest) => announced.push(digest),
  });
  return { outcome, layout, announced };
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
    // A port where nobody listens, as a builder in a virtual machine sees it.
    const loopback = { serve: async () => ({ address: "127.0.0.1:9", ...nothingToClose }) };
    const { outcome, layout } = await build({ ...host, loopback }, builder, `${kind}-unreachable`);
    for (const digest of digestsOf(outcome)) expect(await layout.hasImage(digest)).toBe(true);
  });
});

const nothingToClose = { async [Symbol.asyncDispose]() {} };
