import {
  mkdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { openLayout } from "../../src/state/layout.ts";
import { putImage, temporary } from "./crafted.ts";

async function index(folder: string) {
  return JSON.parse(await readFile(join(folder, "index.json"), "utf8"));
}

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

describe("the layout", () => {
  it("lists an image under its name in index.json", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/production");
    await layout.save();
    expect((await index(layout.folder)).manifests).toMatchObject([
      { digest, annotations: { "org.opencontainers.image.ref.name": "app/production" } },
    ]);
  });

  it("lists an image of two stages once for each", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/a");
    await layout.addImage(digest, "app/b");
    await layout.save();
    expect((await index(layout.folder)).manifests).toHaveLength(2);
  });

  it("gives a run a layout of its own, which later runs leave as it is", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const own = join(place.folder, "own");
    const layout = await openLayout(place.host, folder);
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/a");
    await layout.listIn(own);
    await layout.save();
    const later = await openLayout(place.host, folder);
    const another = await putImage(later, "another");
    await later.addImage(another, "app/a");
    await later.listIn(join(place.folder, "of-another"));
    await later.save();
    const named = { annotations: { "org.opencontainers.image.ref.name": "app/a" } };
    expect((await index(own)).manifests).toMatchObject([{ digest, ...named }]);
    expect((await index(join(place.folder, "of-another"))).manifests).toMatchObject([
      { digest: another, ...named },
    ]);
    const blob = join("blobs", digest.replace(":", "/"));
    expect(await readFile(join(own, blob))).toEqual(await readFile(join(folder, blob)));
    await layout.listIn(own);
    expect((await index(own)).manifests).toHaveLength(1);
    const bytes = await readFile(join(own, blob));
    await layout.keepOnly(new Set());
    await expect(readFile(join(folder, blob))).rejects.toThrow("ENOENT");
    expect(await readFile(join(own, blob))).toEqual(bytes);
  });

  it("links to its blobs from another disk, where none of them can be shared", async () => {
    using place = temporary();
    await using memory = await makeTemporaryFolder("layout", {}, "/dev/shm");
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/a");
    for (let times = 0; times < 2; times++) await layout.listIn(memory.path);
    expect(await readlink(join(memory.path, "blobs"))).toBe(join(layout.folder, "blobs"));
    const blob = join(memory.path, "blobs", digest.replace(":", "/"));
    expect((await readFile(blob, "utf8")).length).toBeGreaterThan(0);
  });

  it("takes a name from the image that had it", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const before = await putImage(layout, "before");
    const after = await putImage(layout, "after");
    await layout.addImage(before, "app/a");
    await layout.addImage(after, "app/a");
    expect(layout.entries()).toMatchObject([
      { digest: before, names: [] },
      { digest: after, names: ["app/a"] },
    ]);
  });

  it("still has its images when it is opened again, without their names", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const layout = await openLayout(place.host, folder);
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/a");
    await layout.save();
    const again = await openLayout(place.host, folder);
    expect(again.entries()).toMatchObject([{ digest, names: [] }]);
    expect(await again.hasImage(digest)).toBe(true);
  });

  it("forgets an image whose layer was changed between runs", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const layout = await openLayout(place.host, folder);
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/a");
    await layout.save();
    const layer = (await layout.documents(digest)).layers[0]?.digest ?? "";
    await writeFile(layout.blobPath(layer), "two");
    const again = await openLayout(place.host, folder);
    expect(again.entries()).toEqual([]);
    expect(await again.blobBytes(layer)).toBeUndefined();
  });

  it("forgets an image whose manifest was damaged without a trace in size and time", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const first = await openLayout(place.host, folder);
    const digest = await putImage(first, "one");
    await first.addImage(digest, "app/a");
    await first.save();
    const path = first.blobPath(digest);
    const { atime, mtime } = await stat(path);
    await writeFile(path, (await readFile(path, "utf8")).replace("config", "comfig"));
    await utimes(path, atime, mtime);
    expect((await openLayout(place.host, folder)).entries()).toEqual([]);
  });

  it("takes an image without layers, which BuildKit writes as null", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const config = { digest: await layout.takeBlob(bytesOf("{}")), size: 2 };
    const manifest = JSON.stringify({ config, layers: null });
    const digest = await layout.takeBlob(bytesOf(manifest));
    await layout.addImage(digest, "app/empty");
    expect(await layout.hasImage(digest)).toBe(true);
  });

  it("hashes a blob again that was only touched, and keeps it", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const layout = await openLayout(place.host, folder);
    const digest = await putImage(layout, "one");
    await layout.addImage(digest, "app/a");
    await layout.save();
    await utimes(layout.blobPath(digest), new Date(0), new Date(0));
    const again = await openLayout(place.host, folder);
    expect(await again.hasImage(digest)).toBe(true);
  });

  it("begins anew when index.json is damaged", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const layout = await openLayout(place.host, folder);
    await layout.addImage(await putImage(layout, "one"), "app/a");
    await layout.save();
    await writeFile(join(folder, "index.json"), '{"manifests":');
    expect((await openLayout(place.host, folder)).entries()).toEqual([]);
  });

  it.each([
    ["blobs", "a file"],
    ["blobs/sha256", "a file"],
    ["index.json", "a folder"],
    ["../layout.json", "a folder"],
    [".", "a link to nothing"],
    ["blobs", "a link to nothing"],
    ["index.json", "a link to nothing"],
    ["../layout.json", "a link to nothing"],
  ])("begins anew where %s has become %s", async (path, kind) => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    const first = await openLayout(place.host, folder);
    await first.addImage(await putImage(first, "one"), "app/a");
    await first.save();
    await rm(join(folder, path), { recursive: true });
    if (kind === "a folder") await mkdir(join(folder, path));
    else if (kind === "a link to nothing") await symlink("nowhere", join(folder, path));
    else await writeFile(join(folder, path), "");
    const again = await openLayout(place.host, folder);
    await again.addImage(await putImage(again, "one"), "app/a");
    await again.save();
    expect((await index(folder)).manifests).toHaveLength(1);
  });

  it("takes a blob in again whose file has become a folder, or was cut off", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const folder = await layout.takeBlob(bytesOf("one"));
    const cutOff = await layout.takeBlob(bytesOf("two"));
    await rm(layout.blobPath(folder));
    await mkdir(layout.blobPath(folder));
    await truncate(layout.blobPath(cutOff), 1);
    expect([await layout.blobBytes(folder), await layout.blobBytes(cutOff)]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await layout.takeBlob(bytesOf("one"))).toBe(folder);
    expect(await layout.blobBytes(folder)).toBe(3);
  });

  it("removes what a killed run had not taken in whole", async () => {
    using place = temporary();
    const folder = join(place.folder, "layout");
    await openLayout(place.host, folder);
    await place.host.files.writeText(join(folder, "ingest", "half"), "half a layer");
    await openLayout(place.host, folder);
    await expect(stat(join(folder, "ingest"))).rejects.toThrow("ENOENT");
  });

  it("keeps the blobs that an image it keeps shares with one that it removes", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const kept = await putImage(layout, "one");
    const removed = await putImage(layout, "two");
    await layout.addImage(kept, "app/a");
    await layout.addImage(removed, "app/b");
    await layout.keepOnly(new Set([kept]));
    expect(await layout.hasImage(kept)).toBe(true);
    expect(await layout.hasImage(removed)).toBe(false);
  });

  it("removes an image whose manifest is gone, and all that it had", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    const [kept, broken] = [await putImage(layout, "kept"), await putImage(layout, "broken")];
    await layout.addImage(kept, "app/a");
    await layout.addImage(broken, "app/b");
    const [layer] = (await layout.documents(broken)).layers;
    await rm(layout.blobPath(broken));
    await layout.keepOnly(new Set([kept, broken]));
    expect(layout.entries()).toMatchObject([{ digest: kept }]);
    expect(await layout.blobBytes(layer?.digest ?? "")).toBeUndefined();
  });

  it("refuses what is no digest", async () => {
    using place = temporary();
    const layout = await openLayout(place.host, join(place.folder, "layout"));
    expect(() => layout.blobPath("sha256:../../etc/passwd")).toThrow("not a SHA-256 digest");
  });
});
