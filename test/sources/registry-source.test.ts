import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CraftedLayout } from "../inspect/crafted-layout.ts";
import { layerOf } from "./crafted-images.ts";
import { openSourceRoom } from "./source-room.ts";
import { type RegistryOptions, startRegistry } from "./token-registry.ts";

const layout = new CraftedLayout();
const amd = layout.putImage({ layers: [layerOf("a", 5000), layerOf("b", 300)] });
const arm = layout.putImage({
  layers: [layerOf("a", 20)],
  platform: { os: "linux", architecture: "arm64" },
});
const index = layout.putJson({
  manifests: [
    { ...amd, platform: { os: "linux", architecture: "amd64" } },
    { ...arm, platform: { os: "linux", architecture: "arm64" } },
  ],
});
const IMAGES = { layout, tags: { "1.27": amd.digest, latest: index.digest } };

/** What is seen of an image by somebody who has this in Docker's configuration file. */
async function open(
  options: Partial<RegistryOptions> = {},
  configOf: (host: string) => object = () => ({}),
) {
  const registry = await startRegistry({ ...IMAGES, ...options });
  const room = await openSourceRoom();
  const config = JSON.stringify(configOf(registry.host));
  await room.workshop.host.files.writeText(
    join(room.workshop.outside, ".docker/config.json"),
    config,
  );
  return {
    registry,
    room,
    see: (name: string, platform?: string) =>
      room.see(`registry://${registry.host}/${name}`, platform),
    complaint: (name: string, platform?: string) =>
      room.complaint(`registry://${registry.host}/${name}`, platform),
    async [Symbol.asyncDispose]() {
      await room[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
    },
  };
}

function account(text: string): (host: string) => object {
  return (host) => ({ auths: { [host]: { auth: Buffer.from(text).toString("base64") } } });
}

describe("an image of a registry", () => {
  it("is read as it arrives, and nothing of it is stored", async () => {
    await using shop = await open();
    expect(await shop.see("shop:1.27")).toEqual({
      digest: amd.digest,
      platform: "linux/amd64",
      isSaved: false,
      unpacked: [5000, 300],
    });
    expect(shop.room.scratch()).toEqual([]);
  });

  it("is that of this machine's platform, unless another one is given", async () => {
    await using shop = await open();
    expect((await shop.see("shop")).digest).toBe(amd.digest);
    expect((await shop.see("shop", "linux/arm64")).digest).toBe(arm.digest);
    expect(await shop.complaint("shop", "linux/s390x")).toMatch(
      /^--platform: .*"linux\/amd64" or "linux\/arm64"$/,
    );
  });

  it("is found by its digest", async () => {
    await using shop = await open();
    expect((await shop.see(`shop@${index.digest}`, "linux/arm64")).digest).toBe(arm.digest);
  });

  it("is not taken for what it is not", async () => {
    const digest = `sha256:${"0".repeat(64)}`;
    const damaged = new CraftedLayout();
    damaged.damage(digest, Buffer.from("{}"));
    await using shop = await open({ layout: damaged });
    expect(await shop.complaint(`shop@${digest}`)).toMatch(/ToolError: .* where .* was asked for$/);
  });

  it("that is not there is answered with the tags that are", async () => {
    await using shop = await open();
    expect(await shop.complaint("shop:1.26")).toBe(
      `target: ${shop.registry.host}/shop has no "1.26"; there are "1.27" and "latest"; did you mean "1.27"?`,
    );
  });

  it("is none where the registry makes no sense", async () => {
    const odd = new CraftedLayout();
    const digest = odd.put(Buffer.from("<html>")).digest;
    await using shop = await open({ layout: odd, tags: { "1": digest } });
    expect(await shop.complaint("shop:1")).toMatch(
      /^no complaint: ToolError: The registry 127.0.0.1:\d+ answers .* for 1, which is no manifest$/,
    );
  });

  it("is none where the registry leads to what is no address", async () => {
    await using shop = await open({ blobsAt: "http://[bad" });
    await expect(shop.see("shop:1.27")).rejects.toThrow("redirects to what is no address");
  });

  it("is gone on with where the connection breaks", async () => {
    await using shop = await open({ breaksAfter: 1000 });
    expect((await shop.see("shop:1.27")).unpacked).toEqual([5000, 300]);
  });

  it("is whole where the connection breaks behind the last byte of each blob", async () => {
    await using shop = await open({ breaksAtEnd: true });
    expect((await shop.see("shop:1.27")).unpacked).toEqual([5000, 300]);
  });
});

describe("a registry that wants to know who asks", () => {
  it("gives a token to anybody where anybody may read", async () => {
    await using shop = await open({ access: "token" });
    expect((await shop.see("shop:1.27")).unpacked).toEqual([5000, 300]);
    expect(shop.registry.requests.filter((request) => request.includes("/token"))).toEqual([
      "GET /token?service=the+registry&scope=repository%3Ashop%3Apull -",
    ]);
  });

  it("gives one for the password that docker login has kept", async () => {
    await using shop = await open({ access: "token", account: "me:secret" }, account("me:secret"));
    expect((await shop.see("shop:1.27")).digest).toBe(amd.digest);
  });

  it("gives one for a token that stands for a login", async () => {
    const configOf = (host: string) => ({ auths: { [host]: { identitytoken: "mine" } } });
    await using shop = await open({ access: "token", refreshToken: "mine" }, configOf);
    expect((await shop.see("shop:1.27")).digest).toBe(amd.digest);
  });

  it("may take the password itself", async () => {
    await using shop = await open({ access: "basic", account: "me:secret" }, account("me:secret"));
    expect((await shop.see("shop:1.27")).digest).toBe(amd.digest);
  });

  it.each([
    ["token", {}, "anybody"],
    ["basic", {}, "anybody"],
    ["token", { auth: Buffer.from("me:wrong").toString("base64") }, "you"],
    ["basic", { auth: Buffer.from("me:wrong").toString("base64") }, "you"],
  ] as const)("refuses: %s, %j", async (access, entry, whom) => {
    const configOf = (host: string) => ({ auths: { [host]: entry } });
    await using shop = await open({ access, account: "me:secret" }, configOf);
    const { host } = shop.registry;
    expect(await shop.complaint("shop:1.27")).toBe(
      `target: ${host} has no shop that ${whom} may read; check the name, or run \`docker login ${host}\``,
    );
  });

  it("says why nobody could be named", async () => {
    await using shop = await open({ access: "basic", account: "me:secret" }, () => ({
      credsStore: "nowhere",
    }));
    expect(await shop.complaint("shop")).toMatch(
      /Docker's credentials cannot be used: cannot start/,
    );
  });

  it("does not let another server see what lets one in", async () => {
    await using blobs = await startRegistry(IMAGES);
    await using shop = await open(
      { access: "basic", account: "me:secret", blobsAt: `http://${blobs.host}` },
      account("me:secret"),
    );
    expect((await shop.see("shop:1.27")).unpacked).toEqual([5000, 300]);
    expect(blobs.requests).toHaveLength(3);
    expect(blobs.requests.filter((request) => !request.endsWith(" -"))).toEqual([]);
  });
});
