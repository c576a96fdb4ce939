// Layers of odd making: what a real engine extracts of them is what is counted. Where an engine
// refuses a layer there is no container to be right about.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../scripts/lab/engine.ts";
import { run } from "../../scripts/lab/shell.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import type { LayerIndex } from "../../src/inspect/layer/layer-index.ts";
import { readLayer } from "../../src/inspect/layer/layer-reader.ts";
import { applyLayers } from "../../src/inspect/tree/layers.ts";
import { archive, type CraftedEntry, craft, pax } from "../tar/tar-writer.ts";
import { type CraftedLayer, CraftedLayout, digestOf, plainLayer } from "./crafted-layout.ts";
import { seenInContainer } from "./engine-images.ts";
import { type Seen, seen } from "./listing.ts";

const file = (path: string, bytes = 3): CraftedEntry => ({ path, content: "x".repeat(bytes) });
const folder = (path: string): CraftedEntry => ({ path, type: "5", mode: 0o755 });
const symlink = (path: string, linkTarget: string): CraftedEntry => ({
  path,
  type: "2",
  linkTarget,
});
const hardlink = (path: string, linkTarget: string): CraftedEntry => ({
  path,
  type: "1",
  linkTarget,
});
const layersOf = (...layers: readonly (readonly (CraftedEntry | Uint8Array)[])[]) =>
  layers.map((entries) => plainLayer(...entries));

/** Read by us and by the engine. */
const EXTRACTED: readonly [string, readonly CraftedLayer[]][] = [
  ["two archives, one after the other", [stored(archive(file("a")), archive(file("b")))]],
  ["two archives, the first without an end", [stored(craft(file("a")), archive(file("b")))]],
  ["no end", [stored(craft(file("a")))]],
  ["a global header", layersOf([pax({ path: "g", comment: "c" }, "g"), file("a"), file("b")])],
  ["a PAX path", layersOf([pax({ path: "long/\u00e4" }), file("short")])],
  ["a prefix", layersOf([{ ...file("name"), prefix: "some/folder" }])],
  [
    "paths that go up and around",
    layersOf([file("../../x"), file("a/../y"), file("/z"), file("./w")]),
  ],
  ["a path twice", layersOf([file("a", 3), file("a", 7)])],
  ["a file in the place of a folder", layersOf([file("a/b"), file("a", 7)])],
  ["a folder without an entry in the place of a file", layersOf([file("a")], [file("a/b")])],
  [
    "a folder in the place of a link",
    layersOf([folder("real"), file("real/f"), symlink("l", "real")], [folder("l"), file("l/g")]),
  ],
  ["a file inside a link", layersOf([folder("real"), symlink("l", "real")], [file("l/f")])],
  [
    "a whiteout inside a link",
    layersOf([folder("real"), file("real/f"), symlink("l", "real")], [file("l/.wh.f", 0)]),
  ],
  ["a whiteout before what it names", layersOf([file("d/a")], [file("d/.wh.n", 0), file("d/n")])],
  [
    "an opaque folder after its content",
    layersOf([file("d/a")], [file("d/n"), file("d/.wh..wh..opq", 0)]),
  ],
  ["a whiteout of a folder", layersOf([file("d/e/f"), file("g")], [file(".wh.d", 0)])],
  [
    "a folder that comes back",
    layersOf([file("d/a")], [file(".wh.d", 0)], [folder("d"), file("d/b")]),
  ],
  [
    "a hard link whose first name is hidden",
    layersOf([file("a"), hardlink("h", "a")], [file(".wh.a", 0)]),
  ],
  [
    "a hard link that claims bytes",
    layersOf([file("a"), { ...hardlink("h", "a"), size: 512 }, file("b")]),
  ],
];

/** Refused by the engine, for a reason that ends an archive for us too. */
const DAMAGED: readonly [string, Uint8Array][] = [
  [
    "a block of zeros between entries",
    Buffer.concat([craft(file("a")), new Uint8Array(512), archive(file("b"))]),
  ],
  ["a body that is cut off", craft(file("a", 2000)).subarray(0, 1500)],
  ["a header with a wrong checksum", Buffer.from(archive(file("a"))).fill("b", 0, 1)],
];

let engine: Engine;
let place: string;

beforeAll(async () => {
  ({ containerd: engine } = await labParts(["containerd"]));
  place = await mkdtemp(join(tmpdir(), "weighbridge-odd-"));
});

afterAll(() => rm(place, { recursive: true, force: true }));

describe("an image with", () => {
  it.each(EXTRACTED)("%s has the files that a container sees", async (_, layers) => {
    const indexes = await Promise.all(layers.map(({ blob }) => read(blob)));
    expect(seen(applyLayers(indexes))).toEqual(await seenInEngine(layers));
  });

  it.each(DAMAGED)("%s is refused by the engine and by us", async (_, blob) => {
    await expect(read(blob)).rejects.toThrow("is no layer that can be read");
    expect(await seenInEngine([stored(blob)])).toBe("refused");
  });
});

/** A layer of exactly these bytes. */
function stored(...parts: readonly Uint8Array[]): CraftedLayer {
  const blob = Buffer.concat(parts);
  return { blob, diffId: digestOf(blob) };
}

async function read(blob: Uint8Array): Promise<LayerIndex> {
  async function* content(): AsyncGenerator<Uint8Array> {
    yield blob;
  }
  return readLayer({ digest: digestOf(blob), size: blob.length, content: content() });
}

async function seenInEngine(layers: readonly CraftedLayer[]): Promise<Seen | "refused"> {
  const name = "weighbridge-test:odd";
  const path = join(place, "image.tar");
  const env = engine.environment;
  await writeFile(path, new CraftedLayout().archiveOf({ layers }, name));
  await run("docker", ["load", "--input", path], { env });
  try {
    return await seenInContainer(engine, name);
  } finally {
    await run("docker", ["rmi", name], { env });
  }
}
