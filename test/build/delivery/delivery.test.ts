import { expect, it } from "vitest";
import { openPushDelivery } from "../../../src/build/delivery/delivery.ts";
import type { ExecOptions } from "../../../src/host/host.ts";
import { openLayout } from "../../../src/state/layout.ts";
import { makePlannedImage, makeStage } from "../../make.ts";
import { temporary } from "../../state/crafted.ts";

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
  await using delivery = await openPushDelivery(host, { builder, layout, onImage() {} });
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
