import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openReceiver } from "../../../src/build/delivery/receiver.ts";
import { createLocalHost } from "../../../src/host/local-host.ts";
import { openLayout } from "../../../src/state/layout.ts";

const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "receiver-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function openedReceiver() {
  const host = createLocalHost({});
  const layout = await openLayout(host, join(folder, "layout"));
  const images: string[] = [];
  const receiver = await openReceiver(host, {
    layout,
    onImage: (tag, digest) => images.push(`${tag} ${digest}`),
  });
  const url = (path: string) => {
    const [address = "", ...name] = receiver.repository.split("/");
    return `http://${address}/v2/${name.join("/")}/${path}`;
  };
  const close = async () => {
    await receiver[Symbol.asyncDispose]();
    host[Symbol.dispose]();
  };
  return { layout, images, receiver, url, [Symbol.asyncDispose]: close };
}

type Opened = Awaited<ReturnType<typeof openedReceiver>>;

async function beginUpload({ url, receiver }: Opened): Promise<string> {
  const begun = await fetch(url("blobs/uploads/"), { method: "POST" });
  expect(begun.status).toBe(202);
  return `http://${receiver.repository.split("/")[0]}${begun.headers.get("location")}`;
}

describe("the receiver", () => {
  it("remembers what the system refused when a blob was to be kept", async () => {
    await using opened = await openedReceiver();
    await writeFile(join(folder, "layout", "ingest"), "in the way");
    const location = await beginUpload(opened);
    const url = `${location}?digest=${sha256("layer")}`;
    expect((await fetch(url, { method: "PUT", body: "layer" })).status).toBe(403);
    expect(opened.receiver.failure()?.message).toMatch(/^EEXIST: .*ingest/);
  });

  it("takes a blob in one piece and then knows it with its size", async () => {
    await using opened = await openedReceiver();
    const location = await beginUpload(opened);
    expect(opened.receiver.heardAt()).toBe(0);
    const put = await fetch(`${location}?digest=${sha256("layer")}`, {
      method: "PUT",
      body: "layer",
    });
    expect(opened.receiver.heardAt()).toBeGreaterThan(0);
    expect(put.status).toBe(201);
    const head = await fetch(opened.url(`blobs/${sha256("layer")}`), { method: "HEAD" });
    expect([head.status, head.headers.get("content-length")]).toEqual([200, "5"]);
    expect(await opened.layout.blobBytes(sha256("layer"))).toBe(5);
  });

  it("takes a blob that comes before its digest, as the graph store sends it", async () => {
    await using opened = await openedReceiver();
    const location = await beginUpload(opened);
    const patch = await fetch(location, { method: "PATCH", body: "layer" });
    expect([patch.status, patch.headers.get("range")]).toEqual([202, "0-4"]);
    const put = await fetch(`${location}?digest=${sha256("layer")}`, { method: "PUT" });
    expect(put.status).toBe(201);
  });

  it("refuses a blob that is not what its digest says", async () => {
    await using opened = await openedReceiver();
    const location = await beginUpload(opened);
    const put = await fetch(`${location}?digest=${sha256("other")}`, {
      method: "PUT",
      body: "layer",
    });
    expect(put.status).toBe(400);
    expect(await opened.layout.blobBytes(sha256("other"))).toBeUndefined();
  });

  it("passes an image on when its tag arrives, and lets it be read back", async () => {
    await using opened = await openedReceiver();
    const manifest = JSON.stringify({ config: { digest: sha256("c"), size: 1 }, layers: [] });
    const put = await fetch(opened.url("manifests/app"), { method: "PUT", body: manifest });
    expect(put.status).toBe(201);
    expect(opened.images).toEqual([`app ${sha256(manifest)}`]);
    const read = await fetch(opened.url("manifests/app"));
    expect(await read.text()).toBe(manifest);
  });

  it("answers nobody who does not know its name", async () => {
    await using opened = await openedReceiver();
    const [address] = opened.receiver.repository.split("/");
    const response = await fetch(`http://${address}/v2/weighbridge/guess/manifests/app`, {
      method: "PUT",
      body: "{}",
    });
    expect(response.status).toBe(404);
    expect(opened.images).toEqual([]);
  });

  it("refuses a manifest of more than four megabytes", async () => {
    await using opened = await openedReceiver();
    const put = await fetch(opened.url("manifests/app"), {
      method: "PUT",
      body: Buffer.alloc(4 * 1024 * 1024 + 1),
    });
    expect(put.status).toBe(400);
    expect(opened.images).toEqual([]);
  });

  it("never sends a blob out", async () => {
    await using opened = await openedReceiver();
    const get = await fetch(opened.url(`blobs/${sha256("layer")}`));
    expect(get.status).toBe(405);
  });
});
