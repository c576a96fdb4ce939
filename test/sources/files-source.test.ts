import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LayerLimits } from "../../src/inspect/layer/layer-limits.ts";
import { openFiles } from "../../src/sources/files-source.ts";
import { CraftedLayout } from "../inspect/crafted-layout.ts";
import { archive } from "../tar/tar-writer.ts";
import { layerOf, layoutFiles, packed, savedArchive, tarOf } from "./crafted-images.ts";
import { openSourceRoom, type SourceRoom } from "./source-room.ts";

const ARM = { os: "linux", architecture: "arm64" };

const layout = new CraftedLayout();
const small = layout.putImage({ layers: [layerOf("a", 10)] });
const large = layout.putImage({ layers: [layerOf("a", 10), packed(layerOf("b", 300))] });
const arm = layout.putImage({ layers: [layerOf("a", 20)], platform: ARM });
const both = layout.putJson({
  manifests: [
    { ...large, platform: { os: "linux", architecture: "amd64" } },
    { ...arm, platform: ARM },
    { ...small, platform: { os: "unknown", architecture: "unknown" } },
  ],
});

const one = layoutFiles(layout, [large]);
const several = layoutFiles(layout, [
  { ...small, name: "shop/small" },
  { ...large, name: "docker.io/library/shop:large" },
]);

let room: SourceRoom;

beforeAll(async () => {
  room = await openSourceRoom();
  await room.writeAll("one", one);
  await room.writeAll("several", several);
  await room.writeAll("multi", layoutFiles(layout, [both]));
  await room.writeAll(
    "flat",
    layoutFiles(layout, [
      { ...large, platform: "linux/amd64" },
      { ...arm, platform: "linux/arm64" },
    ]),
  );
  await room.write("one.tar", tarOf(one));
  await room.write("several.tar", tarOf(several));
  await room.write("one.tar.zst", zstdCompressSync(tarOf(one)));
});

afterAll(() => room[Symbol.asyncDispose]());

describe("a layout", () => {
  it.each(["one", "one/", "./one", "one.tar"])("of one image is that image: %s", async (target) => {
    expect(await room.see(target)).toEqual({
      digest: large.digest,
      platform: "linux/amd64",
      isSaved: false,
      unpacked: [10, 300],
    });
  });

  it.each([
    "several:shop/small",
    "several:small",
    "several.tar:small",
    `several@${small.digest}`,
    `several.tar@${small.digest}`,
  ])("of several has them by name and digest: %s", async (target) => {
    expect((await room.see(target)).digest).toBe(small.digest);
  });

  it("has images by their tag", async () => {
    expect((await room.see("several:large")).digest).toBe(large.digest);
    expect((await room.see("several:docker.io/library/shop:large")).digest).toBe(large.digest);
  });

  it("has images by their name, where the tag is the usual one", async () => {
    const files = layoutFiles(layout, [
      { ...small, name: "docker.io/library/small:latest" },
      { ...large, name: "docker.io/library/large:latest" },
    ]);
    await room.writeAll("latest", files);
    expect((await room.see("latest:large")).digest).toBe(large.digest);
  });

  it("of several wants to be told which", async () => {
    expect(await room.complaint("several")).toBe(
      [
        'target: "several" has 2 images; name one of them:',
        `    several@${small.digest}  "shop/small"`,
        `    several@${large.digest}  "docker.io/library/shop:large"`,
      ].join("\n"),
    );
  });

  it("does not choose between two that a name may mean", async () => {
    const files = layoutFiles(layout, [
      { ...small, name: "team/a:1" },
      { ...large, name: "team/b:1" },
    ]);
    await room.writeAll("tags", files);
    expect(await room.complaint("tags:1")).toBe(
      [
        'target: "1" may be one of 2 images; name one of them:',
        `    tags@${small.digest}  "team/a:1"`,
        `    tags@${large.digest}  "team/b:1"`,
      ].join("\n"),
    );
    expect((await room.see("tags:b:1")).digest).toBe(large.digest);
  });

  it("names the image that was meant when there is none of that name", async () => {
    expect(await room.complaint("several:smal")).toBe(
      'target: "several" has no image "smal"; there are "shop/small" and ' +
        '"docker.io/library/shop:large"; did you mean "small"?',
    );
  });

  it("names what has no name by its digest", async () => {
    await room.writeAll("half", layoutFiles(layout, [{ ...small, name: "shop" }, large]));
    expect(await room.complaint("half")).toBe(
      [
        'target: "half" has 2 images; name one of them:',
        `    half@${small.digest}  "shop"`,
        `    half@${large.digest}  no name`,
      ].join("\n"),
    );
  });

  it("names the only image that there is", async () => {
    await room.writeAll("single", layoutFiles(layout, [{ ...small, name: "shop:1" }]));
    expect(await room.complaint("single:2")).toBe(
      'target: "single" has no image "2"; there is "shop:1"; did you mean "1"?',
    );
  });

  it("into which nothing was built says so, and what to do", async () => {
    await room.writeAll("empty", layoutFiles(new CraftedLayout(), []));
    expect(await room.complaint("empty")).toBe(
      'target: "empty" lists no image: nothing has been built into it; build first, with ' +
        "weighbridge or with docker buildx build --output type=oci,tar=false,dest=DIR",
    );
  });

  it("is looked for where weighbridge keeps it between runs", async () => {
    await room.write("state/memory/layers/x", Buffer.from("x"));
    expect(await room.complaint("state")).toMatch(
      /^target: "state" is a folder that weighbridge keeps between runs; nothing has been built into it; build first, /,
    );
    await room.writeAll("state/layout", layoutFiles(layout, [small]));
    expect(await room.complaint("state")).toBe(
      'target: "state" is a folder that weighbridge keeps between runs; what was built is in "state/layout"',
    );
    expect((await room.see("state/layout")).digest).toBe(small.digest);
  });

  it("has no image that it does not have", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    expect(await room.complaint(`one@${digest}`)).toBe(`target: one has no ${digest}`);
  });

  it("is read by the digest of a manifest that only an index lists", async () => {
    expect((await room.see(`multi@${arm.digest}`)).platform).toBe("linux/arm64");
  });
});

describe("an image of several platforms", () => {
  it.each(["multi", "flat"])(
    "is that of this machine, unless another one is given: %s",
    async (target) => {
      expect((await room.see(target)).digest).toBe(large.digest);
      expect((await room.see(target, "linux/arm64")).digest).toBe(arm.digest);
    },
  );

  it("tells the platforms that there are", async () => {
    expect(await room.complaint("multi", "linux/s390x")).toBe(
      '--platform: there is no image for "linux/s390x"; there is one for "linux/amd64" or "linux/arm64"',
    );
  });

  it("is not taken for one that it is not, even where there is just one", async () => {
    expect(await room.complaint("one", "linux/arm64")).toBe(
      '--platform: there is no image for "linux/arm64"; there is one for "linux/amd64"',
    );
  });
});

describe("an archive that is packed", () => {
  it("is read, and leaves nothing behind", async () => {
    expect((await room.see("one.tar.zst")).unpacked).toEqual([10, 300]);
    expect(room.scratch()).toEqual([]);
  });

  it("leaves nothing behind when it is no image either", async () => {
    await room.write("nothing.tar.zst", zstdCompressSync(archive({ path: "a" })));
    expect(await room.complaint("nothing.tar.zst")).toMatch(/has neither index\.json/);
    expect(room.scratch()).toEqual([]);
  });
});

describe("what docker save wrote before it wrote layouts", () => {
  const base = layerOf("a", 10);
  const bytes = savedArchive(
    { tags: ["shop:1", "shop:latest"], layers: [base, layerOf("b", 300)] },
    { tags: ["other:1"], layers: [base], architecture: "arm64" },
  );

  beforeAll(() => room.write("saved.tar", bytes));

  it("is read, a layer that is a link to another one too", async () => {
    expect(await room.see("saved.tar:shop:1")).toMatchObject({
      isSaved: true,
      unpacked: [10, 300],
    });
    expect(await room.see("saved.tar:other:1")).toMatchObject({
      platform: "linux/arm64",
      unpacked: [10],
    });
  });

  it("has the same digest whenever it is read", async () => {
    const [first, second] = [
      await room.see("saved.tar:latest"),
      await room.see("saved.tar:shop:1"),
    ];
    expect(first.digest).toBe(second.digest);
  });

  it("may have packed layers, as other tools write them", async () => {
    await room.write("packed.tar", savedArchive({ tags: [], layers: [packed(layerOf("a", 10))] }));
    expect(await room.see("packed.tar")).toMatchObject({ isSaved: true, unpacked: [10] });
  });

  it("tells the names that there are", async () => {
    const complaint = await room.complaint("saved.tar");
    expect(complaint).toMatch(
      /has 2 images; name one of them:\n {4}saved\.tar@sha256:\w{64} {2}"shop:1", "shop:latest"\n {4}saved\.tar@sha256:\w{64} {2}"other:1"$/,
    );
    const [first = ""] = /saved\.tar@sha256:\w+/.exec(complaint) ?? [];
    expect(await room.see(first)).toMatchObject({ unpacked: [10, 300] });
    expect(await room.complaint("saved.tar:shop:1", "linux/arm64")).toMatch(/^--platform: /);
  });
});

describe("what is no image", () => {
  it("is told what would be one", async () => {
    await room.write("other.tar", archive({ path: "etc/hosts" }));
    expect(await room.complaint("other.tar")).toBe(
      'target: "other.tar" has neither index.json nor manifest.json: it is no OCI layout, and not ' +
        "what `docker save` writes",
    );
  });

  it("need not be an archive", async () => {
    await room.write("text", Buffer.from("FROM scratch\n".repeat(100)));
    expect(await room.complaint("text")).toMatch(/^target: "text" is no archive: /);
    await room.write("short", Buffer.from("FROM scratch\n"));
    expect(await room.complaint("short")).toMatch(/^target: "short" has neither index\.json/);
  });

  it("has too many files to be one", async () => {
    const files = Array.from({ length: 20_001 }, (_, at) => ({ path: `etc/${at}` }));
    await room.write("root.tar", archive(...files));
    expect(await room.complaint("root.tar")).toMatch(/has more than 20000 files/);
  });
});

describe("an archive that is damaged", () => {
  it("is no image, and says where it breaks off", async () => {
    const bytes = tarOf(one);
    await room.write("cut.tar", bytes.subarray(0, bytes.length / 2));
    await expect(room.see("cut.tar")).rejects.toThrow(
      / cannot be used: cut\.tar has no blobs\/sha256\/[0-9a-f]{64}$/,
    );
  });

  it("may be packed, and the damage there", async () => {
    const bytes = zstdCompressSync(tarOf(one));
    await room.write("cut.tar.zst", bytes.subarray(0, bytes.length / 2));
    await expect(room.see("cut.tar.zst")).rejects.toThrow(
      /^The archive cut\.tar\.zst cannot be unpacked: /,
    );
    expect(room.scratch()).toEqual([]);
  });

  it("may be packed, and unpack to more than it may", async () => {
    const bytes = zstdCompressSync(archive({ path: "zeros", content: Buffer.alloc(5e6) }));
    await room.write("bomb.tar.zst", bytes);
    const open = (limits: Partial<LayerLimits>) => {
      const scratch = join(room.workshop.outside, "scratch");
      const settings = { platform: { machine: "linux/amd64" }, scratch, limits };
      const target = { kind: "files", is: "file", path: "bomb.tar.zst" } as const;
      return openFiles(room.workshop.host, { ...target, image: { kind: "only" } }, settings);
    };
    await expect(open({ archive: 1e6 })).rejects.toThrow(
      "The archive bomb.tar.zst is refused: it unpacks to more than 1000000 bytes, the limit " +
        '"archive"; to allow more, raise it in layer-limits, such as to "archive: 2000000"',
    );
    await expect(open({ ratioFrom: 1e6 })).rejects.toThrow(
      "The archive bomb.tar.zst is refused: it unpacks to more than 2000 times its size, the limit " +
        '"ratio"; to allow more, raise it in layer-limits, such as to "ratio: 4000"',
    );
    expect(room.scratch()).toEqual([]);
  });

  it("names no file outside of itself", async () => {
    const manifest = JSON.stringify([{ Config: "../outside.json", Layers: [] }]);
    await room.write("outside.json", Buffer.from(JSON.stringify({ os: "linux" })));
    await room.write("escape/manifest.json", Buffer.from(manifest));
    expect(await room.complaint("escape")).toMatch(
      /ToolError: \.\.\/outside\.json of escape cannot be used: it is missing/,
    );
  });

  it("may lack a file that it names", async () => {
    const files = new Map([...one].filter(([path]) => !path.endsWith(large.digest.slice(7))));
    await room.write("lacking.tar", tarOf(files));
    expect(await room.complaint("lacking.tar")).toMatch(
      /ToolError: .* cannot be used: lacking\.tar has no /,
    );
  });
});
