import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { makeInstruction, makePlannedImage, makeStage } from "../make.ts";
import { type CraftedImage, packedLayer, plainLayer } from "./crafted-layout.ts";
import { file, whiteout } from "./entries.ts";
import { inspectCrafted } from "./inspect-crafted.ts";

const image: CraftedImage = {
  layers: [
    packedLayer(gzipSync, file("usr/lib/a", 1000), file("etc/b", 10)),
    packedLayer(gzipSync, file("app/c", 500), file("etc/b", 20)),
    packedLayer(gzipSync, whiteout("usr/lib/a")),
  ],
  history: [
    { created_by: "/bin/sh -c #(nop) ADD file:1 in / " },
    { created_by: '/bin/sh -c #(nop)  CMD ["sh"]', empty_layer: true },
    { created_by: "COPY . /app # buildkit", comment: "buildkit.dockerfile.v0" },
    { created_by: "RUN /bin/sh -c rm -r /usr/lib # buildkit", comment: "buildkit.dockerfile.v0" },
  ],
};

const stage = makeStage({
  instructions: [
    makeInstruction({ keyword: "FROM", lines: { start: 1, end: 1 }, text: "FROM debian" }),
    makeInstruction({ keyword: "COPY", lines: { start: 2, end: 2 }, text: "COPY . /app" }),
    makeInstruction({ keyword: "RUN", lines: { start: 3, end: 4 }, text: "RUN rm -r /usr/lib" }),
  ],
});
const from = { image: makePlannedImage({ stages: [stage] }), stage };

describe("an inspection", () => {
  it("accounts for every byte", async () => {
    const { unpacked, live, wasted, efficiency, layers, boxes } = await inspectCrafted({ image });
    expect({ unpacked, live, wasted }).toEqual({ unpacked: 1530, live: 520, wasted: 1010 });
    expect(efficiency).toBe(520 / 1530);
    expect(layers.map((layer) => [layer.unpacked, layer.live, layer.wasted])).toEqual([
      [1010, 0, 1010],
      [520, 520, 0],
      [0, 0, 0],
    ]);
    expect(boxes.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(unpacked);
  });

  it("tells of each layer what it did, and what the image's history says of it", async () => {
    const { layers } = await inspectCrafted({ image });
    expect(layers.map(({ history }) => history)).toEqual([
      "/bin/sh -c #(nop) ADD file:1 in / ",
      "COPY . /app # buildkit",
      "RUN /bin/sh -c rm -r /usr/lib # buildkit",
    ]);
    expect(
      layers.map(({ added, changed, removed }) => [added.files, changed.files, removed.files]),
    ).toEqual([
      [2, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
    expect(layers.flatMap(({ line, origin }) => [line, origin])).toEqual(
      Array.from({ length: 6 }, () => undefined),
    );
  });

  it("tells no history where it does not fit the layers", async () => {
    const { layers } = await inspectCrafted({
      image: { ...image, history: [{ created_by: "x" }] },
    });
    expect(layers.map(({ history }) => history)).toEqual([undefined, undefined, undefined]);
  });

  it("says which layers wrote what is wasted, and which hid it", async () => {
    const { waste } = await inspectCrafted({ image });
    const words = waste.map(({ path, bytes, kind, writtenBy, killedBy }) => {
      return `${path} ${bytes} ${kind} ${writtenBy.layer} ${killedBy.layer}`;
    });
    expect(words).toEqual(["/usr/lib/a 1000 deleted 0 2", "/etc/b 10 overwritten 0 1"]);
  });

  it("with a Dockerfile tells the lines", async () => {
    const inspection = await inspectCrafted({ image, from });
    expect(inspection.dockerfile).toEqual({
      path: "Dockerfile",
      stage: "production",
      fits: true,
    });
    expect(inspection.layers.map(({ line, origin }) => [line, origin])).toEqual([
      [1, "base"],
      [2, "own"],
      [3, "own"],
    ]);
    expect(inspection.biggestFiles).toContainEqual({
      path: "/app/c",
      bytes: 500,
      layer: 1,
      line: 2,
    });
    expect(inspection.waste[0]?.killedBy.line).toBe(3);
    expect(inspection.notes).toEqual([]);
  });

  it("with a Dockerfile that does not fit says so first, and tells no lines", async () => {
    const history = [{ created_by: "a" }, { created_by: "b" }, { created_by: "c" }];
    const { dockerfile, layers, boxes, waste, packages, notes, advice } = await inspectCrafted({
      image: { ...image, history },
      from,
      unreadClaims: 1,
    });
    expect(dockerfile?.fits).toBe(false);
    expect(JSON.stringify({ layers, boxes, waste, packages })).not.toMatch(/"(?:line|origin)":/);
    expect(advice).toEqual([]);
    expect(notes[0]).toBe(
      "Dockerfile does not fit: the image's history is not that of stage production; only layers that match have a line, and there is no advice.",
    );
  });

  it("tells the lines of those last layers that match, and of none below", async () => {
    const [add, cmd, , run] = image.history ?? [];
    const other = { created_by: "COPY . /srv # buildkit" };
    const { dockerfile, layers } = await inspectCrafted({
      image: { ...image, history: [add, cmd, other, run].flatMap((entry) => entry ?? []) },
      from,
    });
    expect(dockerfile?.fits).toBe(false);
    expect(layers.map(({ line, origin }) => [line, origin])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
      [3, "own"],
    ]);
  });

  it("from scratch fits only what has nothing below its own layers", async () => {
    const scratch = { ...stage, base: { kind: "scratch" } } as const;
    const { dockerfile, layers } = await inspectCrafted({
      image,
      from: { image: makePlannedImage({ stages: [scratch] }), stage: scratch },
    });
    expect(dockerfile?.fits).toBe(false);
    expect(layers.map(({ line }) => line)).toEqual([undefined, 2, 3]);
  });

  it("is of the stage whose history it has, where none was named", async () => {
    const built = { ...stage, index: 0 };
    const last = makeStage({ name: "monitoring", index: 1, line: 6 });
    const { dockerfile, layers, notes } = await inspectCrafted({
      image,
      from: { image: makePlannedImage({ stages: [built, last] }), stage: last, isGuess: true },
    });
    expect(dockerfile).toEqual({ path: "Dockerfile", stage: "production", fits: true });
    expect(layers.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(notes).toEqual([
      "Of Dockerfile, stage production is the one whose history the image has.",
    ]);
  });

  it("is of no other stage than the one that was named", async () => {
    const last = makeStage({ name: "monitoring", index: 1, line: 6 });
    const { dockerfile } = await inspectCrafted({
      image,
      from: { image: makePlannedImage({ stages: [stage, last] }), stage: last },
    });
    expect(dockerfile).toEqual({ path: "Dockerfile", stage: "monitoring", fits: false });
  });

  it("says so where it is of none of the stages", async () => {
    const first = makeStage({ name: "builder", index: 0 });
    const last = makeStage({ name: "monitoring", index: 1, line: 6 });
    const { notes, advice } = await inspectCrafted({
      image,
      from: { image: makePlannedImage({ stages: [first, last] }), stage: last, isGuess: true },
    });
    expect(advice).toEqual([]);
    expect(notes).toEqual([
      "Dockerfile does not fit: the image's history is that of none of its stages; only layers that match stage monitoring have a line, and there is no advice.",
    ]);
  });

  it("says so when packages may be missing", async () => {
    expect((await inspectCrafted({ image, unreadClaims: 2, leftOutClaims: 1 })).notes).toEqual([
      "2 files that should say what is installed could not be read, being too large: what is listed there is told by folder.",
      "1 file that should say what is installed could not be read, there being more than is read of a layer: what is listed there is told by folder.",
    ]);
  });

  it("names as many files and folders as are wished", async () => {
    expect((await inspectCrafted({ image, top: 1 })).biggestFiles).toHaveLength(1);
  });
});

describe("what it takes to download", () => {
  const plain: CraftedImage = { layers: [plainLayer(file("a", 10))] };

  it("is told where layers are packed, and where they are stored so in a layout", async () => {
    expect((await inspectCrafted({ image, isSaved: true })).download).toBeGreaterThan(0);
    const { download, layers } = await inspectCrafted({ image: plain });
    expect(download).toBeGreaterThan(layers[0]?.download ?? 0);
  });

  it("is not known where docker save has unpacked them", async () => {
    const { download, layers, notes } = await inspectCrafted({ image: plain, isSaved: true });
    expect([download, layers[0]?.download]).toEqual([undefined, undefined]);
    expect(notes).toEqual(["How much is downloaded is not known: docker save gave it unpacked."]);
  });
});
