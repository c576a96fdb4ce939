import { expect, it } from "vitest";
import { openPushDelivery } from "../../../src/build/delivery/delivery.ts";
import type { ExecOptions } from "../../../src/host/host.ts";
import { openLayout } from "../../../src/state/layout.ts";
import { makePlannedImage, makeStage } from "../../make.ts";
import { temporary } from "../../state/crafted.ts";

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
    builder: {
      name: "default",
      driver: "docker",
      store: "graph",
      reachesLoopback: true,
      writesCache: false,
      versions: {},
    },
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
