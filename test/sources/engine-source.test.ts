import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CraftedLayout } from "../inspect/crafted-layout.ts";
import { layerOf, layoutFiles, tarOf } from "./crafted-images.ts";
import { openSourceRoom, type SourceRoom } from "./source-room.ts";

const layout = new CraftedLayout();
const image = layout.putImage({ layers: [layerOf("a", 10), layerOf("b", 300)] });
const unpulled = new CraftedLayout().putImage({ layers: [layerOf("c", 1)] });
const index = layout.putJson({
  manifests: [
    { ...unpulled, platform: { os: "linux", architecture: "arm64" } },
    { ...image, platform: { os: "linux", architecture: "amd64" } },
  ],
});

const arm = new CraftedLayout();
const armPlatform = { os: "linux", architecture: "arm64" };
const armIndex = arm.putImage({ layers: [layerOf("a", 1)], platform: armPlatform });

/** Answers as `docker` does, and writes down what it was asked. */
const DOCKER = `echo "$*" >> "$HOME/asked"
case "$1 $2" in
  "image inspect")
    case "$5" in
      shop|sha256:*) echo sha256:1234 ;;
      down) echo "Cannot connect to the Docker daemon" >&2; exit 1 ;;
      *) echo "Error response from daemon: No such image: $5" >&2; exit 1 ;;
    esac ;;
  "image ls") echo shop:latest; echo "<none>:<none>" ;;
  "image save") cat image.tar ;;
esac`;

let room: SourceRoom;

beforeEach(async () => {
  room = await openSourceRoom();
  await room.workshop.program("docker", DOCKER);
  const saved = new Map([...layoutFiles(layout, [index]), ["manifest.json", Buffer.from("[]")]]);
  await room.write("image.tar", tarOf(saved));
});

afterEach(() => room[Symbol.asyncDispose]());

async function asked(): Promise<readonly string[]> {
  const text = await readFile(join(room.workshop.outside, "asked"), "utf8");
  return text.trim().split("\n");
}

describe("an image of the engine", () => {
  it("is what docker gives, of the platform that it has", async () => {
    expect(await room.see("docker://shop")).toEqual({
      digest: image.digest,
      platform: "linux/amd64",
      isSaved: true,
      unpacked: [10, 300],
    });
    expect(await asked()).toEqual([
      "image inspect --format {{.Id}} shop",
      "image save sha256:1234",
    ]);
    expect(room.scratch()).toEqual([]);
  });

  it("is known by its ID: only what has to be read of it is asked for again", async () => {
    await room.see("docker://shop");
    expect(await room.complaint("docker://shop")).toBe("nothing is wrong");
    expect(await asked()).toEqual([
      "image inspect --format {{.Id}} shop",
      "image save sha256:1234",
      "image inspect --format {{.Id}} shop",
    ]);
    expect((await room.see("docker://shop")).unpacked).toEqual([10, 300]);
    expect((await asked()).filter((line) => line.startsWith("image save"))).toHaveLength(2);
  });

  it.each([
    ["is nothing", "{"],
    ["has no digest", '{"documents":[]}'],
    ["has other bytes", JSON.stringify({ digest: image.digest, documents: [[image.digest, ""]] })],
  ])("is asked for again where what is remembered of it %s", async (_, text) => {
    for (const key of ["sha256:1234 on linux/amd64", "sha256:1234 on linux/arm64"]) {
      await room.memory.remember("images", key, Buffer.from(text));
    }
    expect((await room.see("docker://shop")).digest).toBe(image.digest);
  });

  it("of another platform is not taken for the one that is asked for", async () => {
    const saved = new Map([...layoutFiles(arm, [armIndex]), ["manifest.json", Buffer.from("[]")]]);
    await room.write("image.tar", tarOf(saved));
    expect((await room.see("docker://shop")).platform).toBe("linux/arm64");
    expect(await room.complaint("docker://shop", "linux/amd64")).toMatch(/^--platform: /);
  });

  it("that is not there is answered with those that are", async () => {
    expect(await room.complaint("docker://shob")).toBe(
      'target: the engine has no image "shob"; it has "shop:latest"; pull it, or ask the registry ' +
        "itself with registry://shob",
    );
    expect(await room.complaint("docker://shop:latets")).toMatch(/; did you mean "shop:latest"\?$/);
  });

  it("cannot be had where the engine is down, which is nobody's bad input", async () => {
    await expect(room.see("docker://down")).rejects.toThrow("The engine does not give the image");
  });

  it("that the engine stops giving leaves nothing behind", async () => {
    const broken = DOCKER.replace("cat image.tar", "head -c 5000 image.tar; exit 1");
    await room.workshop.program("docker", broken);
    await expect(room.see("docker://shop")).rejects.toThrow("The engine does not give the image");
    expect(room.scratch()).toEqual([]);
  });
});
