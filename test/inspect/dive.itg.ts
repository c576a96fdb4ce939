// What is said of dive is held against dive itself, asked for the same images of an engine.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ensureDive } from "../../bench/inspect/ways.ts";
import type { Engine } from "../../scripts/lab/engine.ts";
import { findPlace } from "../../scripts/lab/place.ts";
import { run } from "../../scripts/lab/shell.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { asRecord } from "../../src/foreign-json.ts";
import { createImageStore } from "../../src/inspect/image-store.ts";
import { createLayerStore } from "../../src/inspect/layer-store.ts";
import { asLayout } from "../../src/sources/blobs.ts";
import { openImage } from "../../src/sources/sources.ts";
import type { Memory } from "../../src/state/memory.ts";
import type { CraftedEntry } from "../tar/tar-writer.ts";
import { openWorkshop } from "../tools/workshop.ts";
import { CraftedLayout, plainLayer } from "./crafted-layout.ts";
import { file, folder, hardlink, opaque, symlink, whiteout } from "./entries.ts";

type Layers = readonly (readonly CraftedEntry[])[];

/** Sizes that differ, so that no mistake makes up for another one. */
const CRAFTED: readonly (readonly [string, Layers])[] = [
  ["a file whose mode is changed", [[file("a", 1_000)], [{ ...file("a", 1_000), mode: 0o700 }]]],
  [
    "a file that grows, and one that shrinks",
    [[file("a", 10), file("b", 700)], [file("a", 990)], [file("b", 3)]],
  ],
  [
    "a deleted file, and one that comes back",
    [[file("a", 10), file("b", 5)], [whiteout("a"), whiteout("b")], [file("a", 70)]],
  ],
  ["a deleted folder", [[folder("d"), file("d/a", 400), file("d/e/b", 30)], [whiteout("d")]]],
  [
    "a deleted folder that comes back",
    [
      [folder("d"), file("d/a", 400), file("d/b", 9)],
      [whiteout("d")],
      [folder("d"), file("d/a", 2)],
    ],
  ],
  [
    "an opaque folder",
    [
      [folder("d"), file("d/a", 400)],
      [folder("d"), opaque("d"), file("d/b", 6)],
    ],
  ],
  [
    "links",
    [[file("a", 100), hardlink("b", "a"), symlink("c", "a")], [whiteout("a")], [symlink("c", "b")]],
  ],
  ["a folder in the place of a file", [[file("a", 100)], [folder("a"), file("a/b", 20)]]],
];

let engine: Engine;
let dive: string;
let place: string;

beforeAll(async () => {
  ({ containerd: engine } = await labParts(["containerd", "registry", "images"]));
  dive = await ensureDive(join(findPlace().folder, "dive", "venv"));
  place = await mkdtemp(join(tmpdir(), "weighbridge-dive-"));
});

afterAll(() => rm(place, { recursive: true, force: true }));

describe("dive's figures of an image with", () => {
  it.each(CRAFTED)("%s are those that dive gives", async (_, layers) => {
    const name = "weighbridge-test:dive";
    const path = join(place, "image.tar");
    const image = { layers: layers.map((entries) => plainLayer(...entries)) };
    await writeFile(path, new CraftedLayout().archiveOf(image, name));
    await run("docker", ["load", "--input", path], { env: engine.environment });
    try {
      expect(await figuresOf(name)).toEqual(await figuresByDive(name));
    } finally {
      await run("docker", ["rmi", name], { env: engine.environment });
    }
  });
});

it.each(["python:3.11-slim", "node:22-slim"])(
  "dive's figures of %s are those that it gives",
  async (name) => {
    await run("docker", ["pull", "--quiet", name], { env: engine.environment });
    expect(await figuresOf(name)).toEqual(await figuresByDive(name));
  },
);

interface Figures {
  readonly efficiency: number;
  readonly wasted: number;
}

async function figuresByDive(name: string): Promise<Figures> {
  const path = join(place, "dive.json");
  // It writes into what is there, and leaves the end of what is longer.
  await rm(path, { force: true });
  await run(dive, [name, "--json", path], { env: engine.environment });
  const { image } = asRecord(JSON.parse(await readFile(path, "utf8")));
  const { efficiencyScore, inefficientBytes } = asRecord(image);
  return { efficiency: Number(efficiencyScore), wasted: Number(inefficientBytes) };
}

const FORGETFUL: Memory = { recall: async () => undefined, remember: async () => {} };

async function figuresOf(name: string): Promise<Figures> {
  await using workshop = await openWorkshop(engine.environment);
  const { host, outside } = workshop;
  const settings = { platform: { machine: host.platform }, scratch: join(outside, "scratch") };
  await using source = await openImage(host, `docker://${name}`, settings, FORGETFUL);
  const { layout, files } = asLayout(source.blobs);
  const layers = createLayerStore({ files, log: host.log }, FORGETFUL);
  const known = await createImageStore({ files }, FORGETFUL, layers).look(layout, source.digest);
  const { efficiency, wasted } = known.facts.dive;
  return { efficiency, wasted };
}
