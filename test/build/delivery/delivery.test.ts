import { expect, it } from "vitest";
import { CacheWatch } from "../../../src/build/cache/cache-watch.ts";
import { openExportDelivery, openPushDelivery } from "../../../src/build/delivery/delivery.ts";
import { OpenVertices } from "../../../src/build/progress/open-vertices.ts";
import type { ExecOptions } from "../../../src/host/host.ts";
import { openLayout } from "../../../src/state/layout.ts";
import { makeDigest, makePlannedImage, makeStage } from "../../make.ts";
import { temporary } from "../../state/crafted.ts";
import { emptyBuildInputs } from "../captured.ts";

const builder = {
  ...{ name: "default", driver: "docker", store: "graph" as const },
  ...{ reachesLoopback: true, writesCache: false, versions: {} },
};

it("tries whether it is reached with a temporary folder of ours, which goes with it", async () => {
  using place = temporary();
  const layout = await openLayout(place.host, `${place.folder}/layout`);
  const folders: string[] = [];
  const host = {
    ...place.host,
    async exec(_command: string, args: readonly string[], { env }: ExecOptions = {}) {
      const { TMPDIR = "" } = env ?? {};
      if (args.includes("build")) folders.push(TMPDIR);
      const isThere = (await place.host.files.stat(TMPDIR)) !== undefined;
      return { exitCode: isThere ? 0 : 1, stdout: "", stderr: "" };
    },
  };
  await using delivery = await openPushDelivery(host, {
    builder,
    layout,
    onImage() {},
    open: new OpenVertices(),
  });
  expect(await delivery.reaches()).toBe(true);
  expect(folders).toEqual([expect.stringMatching(/\/weighbridge-[^/]+-probe-[^/]+$/)]);
  expect(await place.host.files.stat(folders[0] ?? "")).toBeUndefined();
});

it("removes its images from the graph store of a cancelled run too", async () => {
  using place = temporary();
  const layout = await openLayout(place.host, `${place.folder}/layout`);
  const commands: { readonly line: string; readonly signal: AbortSignal | undefined }[] = [];
  const host = {
    ...place.host,
    signal: AbortSignal.abort(),
    async exec(command: string, args: readonly string[], { signal }: ExecOptions = {}) {
      commands.push({ line: [command, ...args].join(" "), signal });
      return { exitCode: 0, stdout: "", stderr: "" };
    },
  };
  const delivery = await openPushDelivery(host, {
    builder,
    layout,
    onImage() {},
    open: new OpenVertices(),
  });
  delivery.outputOf({ id: "image0-stage0", image: makePlannedImage(), stage: makeStage() });
  await delivery[Symbol.asyncDispose]();
  expect(commands).toHaveLength(1);
  expect(commands[0]?.line).toMatch(
    /^docker image rm 127\.0\.0\.1:\d+\/weighbridge\/[\w-]+:image0/,
  );
  // Without a signal of its own it would have the run's, which was fired, and would not start.
  expect(commands[0]?.signal?.aborted).toBe(false);
});

it("tells what is waited for while images are exported", async () => {
  using place = temporary();
  const layout = await openLayout(place.host, `${place.folder}/layout`);
  const open = new OpenVertices();
  const seen: string[] = [];
  const host = {
    ...place.host,
    async exec(_command: string, _args: readonly string[], { onStderrLine }: ExecOptions = {}) {
      const vertex = { digest: "a", name: "exporting to oci image format", started: STARTED };
      onStderrLine?.(JSON.stringify({ vertexes: [vertex] }));
      seen.push(...open.list().map(({ name }) => name));
      onStderrLine?.("ERROR: no more");
      return { exitCode: 1, stdout: "", stderr: "" };
    },
  };
  const settings = {
    ...{ workspace: "/", inputs: emptyBuildInputs },
    ...{ dockerfileOf: () => "Dockerfile", outputOf: () => "" },
  };
  const caches = {
    cacheWatch: () => new CacheWatch(),
    stuckWatch: () => undefined,
    async note() {},
  };
  await using delivery = openExportDelivery(
    host,
    { builder, layout, onImage() {}, open },
    { builder: undefined, settings, caches },
  );
  const target = { id: "image0-stage0", image: makePlannedImage(), stage: makeStage() };
  const exporting = delivery.collect([{ target, digest: makeDigest("1") }]);
  await expect(exporting).rejects.toThrow("cannot be exported: no more");
  expect(seen).toEqual(["exporting to oci image format"]);
  expect(open.list()).toEqual([]);
});

const STARTED = "2026-01-01T00:00:00Z";
