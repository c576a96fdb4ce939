import { describe, expect, it } from "vitest";
import type { FileStat } from "../../src/host/host.ts";
import { findTarget } from "../../src/sources/target.ts";

const FOLDERS = ["out", "out:dated", "/srv/layout"];
const FILES = ["image.tar", "a:b.tar"];

const files = {
  async stat(path: string): Promise<FileStat | undefined> {
    const kind = FOLDERS.includes(path) ? "folder" : FILES.includes(path) ? "file" : undefined;
    return kind && { kind, bytes: 0, modifiedMilliseconds: 0 };
  },
};

async function targetOf(text: string) {
  const found = await findTarget({ files }, text);
  return found.kind === "ok" ? found.value : found.what;
}

const DIGEST = `sha256:${"0a".repeat(32)}`;
const ONLY = { kind: "only" };

describe("a target", () => {
  it.each([
    ["out", { kind: "files", path: "out", is: "folder", image: ONLY }],
    ["out:1", { kind: "files", path: "out", is: "folder", image: { kind: "name", name: "1" } }],
    ["out:dated", { kind: "files", path: "out:dated", is: "folder", image: ONLY }],
    [
      "/srv/layout:shop/api:1",
      {
        kind: "files",
        path: "/srv/layout",
        is: "folder",
        image: { kind: "name", name: "shop/api:1" },
      },
    ],
    ["a:b.tar", { kind: "files", path: "a:b.tar", is: "file", image: ONLY }],
    [
      `image.tar@${DIGEST}`,
      { kind: "files", path: "image.tar", is: "file", image: { kind: "digest", digest: DIGEST } },
    ],
    ["docker://nginx", { kind: "engine", reference: "nginx" }],
    ["docker://0a1b2c3d4e5f", { kind: "engine", reference: "0a1b2c3d4e5f" }],
    [
      "registry://nginx:1.27",
      {
        kind: "registry",
        reference: { registry: "docker.io", path: "library/nginx", tag: "1.27" },
      },
    ],
    [
      `registry://localhost:5000/a/b@${DIGEST}`,
      { kind: "registry", reference: { registry: "localhost:5000", path: "a/b", digest: DIGEST } },
    ],
  ])("is read: %s", async (text, target) => {
    expect(await targetOf(text)).toEqual(target);
  });

  it.each([
    ["", /^is empty; it is a folder/],
    ["nginx:1.27", /did you mean "docker:\/\/nginx:1\.27" or "registry:\/\/nginx:1\.27"\?$/],
    ["./no such", /^"\.\/no such" is no file or folder that is there; a target is a folder/],
    ["dokcer://nginx", /begins with dokcer:\/\/; .*did you mean "docker:\/\/"\?$/],
    ["registry://Nginx", /^"Nginx" is no name of an image, such as registry:\/\//],
    ["docker://--help", /^"--help" is no name of an image/],
    ["docker://a\nb", /^"a\\nb" is no name of an image/],
    ["out@sha256:12", /^"@sha256:12" names no image; allowed are :NAME and @sha256:/],
    ["out:", /^":" names no image/],
  ])("is refused with what is allowed: %j", async (text, what) => {
    expect(await targetOf(text)).toMatch(what);
  });
});
