import { describe, expect, it } from "vitest";
import { ToolError } from "../../src/errors.ts";
import { blobPath, readImage } from "../../src/inspect/oci-layout.ts";
import { CraftedLayout, plainLayer } from "./crafted-layout.ts";

const LAYER = plainLayer({ path: "etc/hosts", content: "text" });

describe("an image's documents", () => {
  it("are read by the digest of its manifest", async () => {
    const layout = new CraftedLayout();
    const history = [{ created_by: "RUN x", empty_layer: true, comment: "c" }, {}];
    const image = layout.putImage({ layers: [LAYER], history });
    expect(await readImage(layout.files, "layout", image.digest, "linux/amd64")).toMatchObject({
      digest: image.digest,
      layers: [{ digest: LAYER.diffId, size: LAYER.blob.length }],
      config: {
        platform: "linux/amd64",
        diffIds: [LAYER.diffId],
        history: [
          { createdBy: "RUN x", comment: "c", isEmpty: true },
          { createdBy: "", comment: "", isEmpty: false },
        ],
      },
    });
  });

  it("are those of an image without any layer where their lists are null", async () => {
    const layout = new CraftedLayout();
    const platform = { os: "linux", architecture: "amd64" };
    const config = layout.putJson({ ...platform, rootfs: { diff_ids: null }, history: null });
    const image = layout.putJson({ config, layers: null });
    const read = await readImage(layout.files, "layout", image.digest, "linux/amd64");
    expect(read.layers).toEqual([]);
    expect(read.config).toEqual({ platform: "linux/amd64", diffIds: [], history: [] });
  });

  it("name the variant of a platform", async () => {
    const layout = new CraftedLayout();
    const platform = { os: "linux", architecture: "arm64", variant: "v8" };
    const image = layout.putImage({ layers: [], platform });
    const { config } = await readImage(layout.files, "layout", image.digest, "linux/arm64");
    expect(config.platform).toBe("linux/arm64/v8");
  });
});

describe("an index", () => {
  const layout = new CraftedLayout();
  const amd = layout.putImage({ layers: [LAYER] });
  const arm = layout.putImage({
    layers: [],
    platform: { os: "linux", architecture: "arm64", variant: "v8" },
  });
  const attestation = layout.putJson({ layers: [], config: { digest: amd.digest, size: 1 } });
  const notes = {
    ...attestation,
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const listed = (blob: object, architecture: string, variant?: string) => ({
    ...blob,
    platform: { os: "linux", architecture, ...(variant === undefined ? {} : { variant }) },
  });

  it.each([
    ["linux/amd64", amd],
    ["linux/arm64", arm],
    ["linux/arm64/v8", arm],
  ])("has an image for %s", async (platform, expected) => {
    const manifests = [listed(amd, "amd64"), listed(arm, "arm64", "v8"), notes];
    const index = layout.putJson({ manifests });
    const image = await readImage(layout.files, "layout", index.digest, platform);
    expect(image.digest).toBe(expected.digest);
  });

  it("of one image and its attestation needs no platform", async () => {
    const index = layout.putJson({ manifests: [notes, amd] });
    const outer = layout.putJson({ manifests: [index] });
    const image = await readImage(layout.files, "layout", outer.digest, undefined);
    expect(image.digest).toBe(amd.digest);
  });

  it("without the platform says which it has", async () => {
    const index = layout.putJson({ manifests: [listed(amd, "amd64"), listed(arm, "arm64", "v8")] });
    await expect(readImage(layout.files, "layout", index.digest, "linux/s390x")).rejects.toThrow(
      "it lists no image for linux/s390x, but linux/amd64, linux/arm64/v8",
    );
  });

  it("in an index in an index has an end", async () => {
    let digest = amd.digest;
    for (let depth = 0; depth < 5; depth++) {
      ({ digest } = layout.putJson({ manifests: [{ digest, size: 1 }] }));
    }
    await expect(readImage(layout.files, "layout", digest, "linux/amd64")).rejects.toThrow(
      "indexes are nested more than 3 deep",
    );
  });
});

describe("a document that cannot be used is named", () => {
  const layout = new CraftedLayout();
  const config = layout.putJson({ os: "linux", architecture: "amd64", rootfs: { diff_ids: [] } });
  const layer = { digest: LAYER.diffId, size: 1 };

  it.each([
    ["no JSON", layout.put(Buffer.from("{")), "JSON"],
    ["no object", layout.putJson([]), "it is neither an image manifest nor an index"],
    ["no configuration", layout.putJson({ layers: [] }), "a blob without a digest or a size"],
    [
      "a layer without a size",
      layout.putJson({ config, layers: [{ digest: "x" }] }),
      "a blob without a digest or a size",
    ],
    [
      "other layers than the configuration",
      layout.putJson({ config, layers: [layer] }),
      "it lists 1 layers where the configuration has 0",
    ],
    [
      "a configuration without platform",
      layout.putJson({ config: layout.putJson({ rootfs: {} }), layers: [] }),
      "it names no platform",
    ],
    [
      "a configuration without layers",
      layout.putJson({ config: layout.putJson({ os: "a", architecture: "b" }), layers: [] }),
      "it lists no layers",
    ],
    ["9 MB", layout.put(Buffer.alloc(9_000_000, " ")), "it is larger than 8388608 bytes"],
    ["missing", { digest: `sha256:${"0".repeat(64)}` }, "ENOENT"],
    ["a path", { digest: "sha256:../../../etc/passwd" }, "it is not named by a SHA-256 digest"],
  ])("when it is %s", async (_, { digest }, why) => {
    const reading = readImage(layout.files, "layout", digest, "linux/amd64");
    await expect(reading).rejects.toThrow(ToolError);
    await expect(reading).rejects.toThrow(why);
  });

  it("when its bytes are not those of its digest", async () => {
    const image = layout.putImage({ layers: [] });
    layout.damage(image.digest, Buffer.from("{}"));
    await expect(readImage(layout.files, "layout", image.digest, "linux/amd64")).rejects.toThrow(
      `The OCI layout's document ${image.digest} cannot be used: its bytes hash to`,
    );
  });
});

describe("a blob", () => {
  it("is where the specification has it", () => {
    const hex = "0a".repeat(32);
    expect(blobPath("/state/layout", `sha256:${hex}`)).toBe(`/state/layout/blobs/sha256/${hex}`);
  });
});
