import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Blobs } from "../../src/state/blobs.ts";
import { temporary } from "./crafted.ts";

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

const DIGEST = `sha256:${createHash("sha256").update("right").digest("hex")}`;

describe("the blobs of a layout", () => {
  it("keep one that was taken in while the damaged one in its place was still looked at", async () => {
    using place = temporary();
    const blobs = new Blobs(place.host, place.folder);
    await blobs.prepare();
    // Takes longer to read than the right one takes to arrive.
    await writeFile(blobs.path(DIGEST), Buffer.alloc(16_000_000));
    const checks = [blobs.bytes(DIGEST), blobs.bytes(DIGEST)];
    expect(await blobs.take(once("right"))).toBe(DIGEST);
    await Promise.all(checks);
    expect(await blobs.bytes(DIGEST)).toBe("right".length);
    expect(await readFile(blobs.path(DIGEST), "utf8")).toBe("right");
  });

  it("are looked at again after one look ended in an error", async () => {
    using place = temporary();
    const blobs = new Blobs(place.host, place.folder);
    await blobs.prepare();
    async function* broken(): AsyncIterable<Uint8Array> {
      yield Buffer.from("ri");
      throw new Error("the connection was reset");
    }
    await expect(blobs.take(broken())).rejects.toThrow("reset");
    expect(await blobs.bytes(DIGEST)).toBeUndefined();
    expect(await blobs.take(once("right"))).toBe(DIGEST);
  });
});
