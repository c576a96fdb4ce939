// Archives whose `manifest.json` lists more than anybody would read.

import { describe, expect, it } from "vitest";
import type { LayerBounds } from "../../src/model/inputs.ts";
import { findInDockerArchive } from "../../src/sources/docker-archive.ts";
import type { Members } from "../../src/sources/members.ts";
import type { ImageChoice } from "../../src/sources/target.ts";
import { digestOf } from "../inspect/crafted-layout.ts";
import { layerOf, packed } from "./crafted-images.ts";

const ONLY: ImageChoice = { kind: "only" };
const LAYER = packed(layerOf("a", 10));

/** A configuration that has so many times the same layer. */
function configWith(layers: number): string {
  const rootfs = { type: "layers", diff_ids: new Array(layers).fill(LAYER.diffId) };
  return JSON.stringify({ os: "linux", architecture: "amd64", rootfs });
}

/** The files of an archive, which count how often each is read from its beginning to its end. */
class CountingMembers implements Members {
  readonly name = "saved.tar";
  readonly reads = new Map<string, number>();
  readonly #files: ReadonlyMap<string, Uint8Array>;

  constructor(manifest: readonly object[], configs: Readonly<Record<string, string>>) {
    this.#files = new Map<string, Uint8Array>([
      ["manifest.json", Buffer.from(JSON.stringify(manifest))],
      ["layer.tar", LAYER.blob],
      ...Object.entries(configs).map(([path, text]) => [path, Buffer.from(text)] as const),
    ]);
  }

  async bytesOf(path: string) {
    return this.#files.get(path)?.length;
  }

  async *read(path: string, range?: { readonly start: number; readonly end: number }) {
    if (range === undefined) this.reads.set(path, (this.reads.get(path) ?? 0) + 1);
    const bytes = this.#files.get(path) ?? Buffer.alloc(0);
    yield bytes.subarray(range?.start, range?.end);
  }
}

function find(members: Members, choice = ONLY, limits: LayerBounds = {}) {
  return findInDockerArchive(members, choice, { platform: { machine: "linux/amd64" }, limits });
}

describe("an archive that lists", () => {
  const item = { Config: "one.json", Layers: [] };

  it("more images than are looked at is refused", async () => {
    const members = new CountingMembers(new Array(1001).fill(item), { "one.json": configWith(0) });
    await expect(find(members)).rejects.toThrow(
      "saved.tar is no archive of images: its manifest.json lists 1001 images, where 1000 are the limit",
    );
    expect(members.reads.has("one.json")).toBe(false);
  });

  it("the same configuration often has it read once to list it, and once to use it", async () => {
    const members = new CountingMembers(new Array(1000).fill(item), { "one.json": configWith(0) });
    await find(members);
    expect(members.reads.get("one.json")).toBe(2);
  });

  it("several images has only the configuration kept of the one that is meant", async () => {
    const other = configWith(1);
    const manifest = [item, { Config: "other.json", Layers: ["layer.tar"] }];
    const members = new CountingMembers(manifest, {
      "one.json": configWith(0),
      "other.json": other,
    });
    const digest = digestOf(Buffer.from(other));
    const { blobs } = await find(members, { kind: "digest", digest });
    expect([await blobs.has(digest), await blobs.has(digestOf(LAYER.blob))]).toEqual([true, true]);
    expect(await blobs.has(digestOf(Buffer.from(configWith(0))))).toBe(false);
  });

  it("a layer often has it hashed once", async () => {
    const manifest = [{ Config: "one.json", Layers: new Array(1000).fill("layer.tar") }];
    const members = new CountingMembers(manifest, { "one.json": configWith(1000) });
    await find(members);
    expect(members.reads.get("layer.tar")).toBe(1);
  });

  it.each([
    [
      "more layers than an image may have",
      { listed: 3, known: 3, limits: { layers: 2 } },
      /^The image sha256:\w{64} is refused: it has more than 2 layers, the limit "layers"; to allow more, raise it in layer-limits, such as to "layers: 4"$/,
    ],
    [
      "other layers than the configuration",
      { listed: 3, known: 2, limits: {} },
      /^The image sha256:\w{64} of saved\.tar is damaged: it lists 3 layers where the configuration has 2$/,
    ],
  ])("%s is refused before one of them is read", async (_, { listed, known, limits }, why) => {
    const manifest = [{ Config: "one.json", Layers: new Array(listed).fill("layer.tar") }];
    const members = new CountingMembers(manifest, { "one.json": configWith(known) });
    await expect(find(members, ONLY, limits)).rejects.toThrow(why);
    expect(members.reads.has("layer.tar")).toBe(false);
  });
});
