import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { InspectRun } from "../src/inputs/inspect-line.ts";
import { inspectImage } from "../src/inspect-command.ts";
import { CraftedLayout, plainLayer } from "./inspect/crafted-layout.ts";
import { file, whiteout } from "./inspect/entries.ts";
import { layoutFiles } from "./sources/crafted-images.ts";
import { openSourceRoom } from "./sources/source-room.ts";

const LAYERS = [plainLayer(file("a/b", 500), file("c", 20)), plainLayer(whiteout("a"))];

const RUN: InspectRun = {
  kind: "inspect",
  target: "image",
  isTree: false,
  state: "../state",
  format: "json",
  verbose: false,
};

it("tells an image that it has seen from what it has kept, and opens it for a closer look", async () => {
  await using room = await openSourceRoom();
  const { host, outside, workspace } = room.workshop;
  const layout = new CraftedLayout();
  await room.writeAll("image", layoutFiles(layout, [layout.putImage({ layers: LAYERS })]));
  const run = { ...RUN, state: join(outside, "state") };
  const first = await inspectImage(host, run);
  expect(first.layers.map(({ removed }) => removed.files)).toEqual([0, 1]);

  for (const { diffId } of LAYERS) {
    await rm(join(workspace, "image/blobs", diffId.replace(":", "/")));
  }
  await rm(join(outside, "state/memory/layers"), { recursive: true });
  expect(await inspectImage(host, run)).toEqual(first);
  const fewer = await inspectImage(host, { ...run, top: 1 });
  expect(fewer.biggestFiles).toEqual(first.biggestFiles.slice(0, 1));
  for (const closer of [{ path: "/a" }, { layer: 1 }, { isTree: true }, { top: 13 }]) {
    await expect(inspectImage(host, { ...run, ...closer })).rejects.toThrow("cannot be read");
  }
});
