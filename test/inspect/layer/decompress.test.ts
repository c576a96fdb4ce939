import * as zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compressionOf, decompress } from "../../../src/inspect/layer/decompress.ts";

const TEXT = Buffer.from("some text that is packed and unpacked again, ".repeat(5000));

describe("the compression", () => {
  it.each([
    ["gzip", zlib.gzipSync("x")],
    ["zstd", zlib.zstdCompressSync("x")],
    ["zstd", Buffer.from("502a4d1800000000", "hex")],
    ["zstd", Buffer.from("5f2a4d1800000000", "hex")],
    ["none", Buffer.from("etc/hosts\0")],
    ["none", Buffer.from([0x1f])],
    ["none", Buffer.alloc(0)],
  ])("%s is seen in the first bytes", (compression, bytes) => {
    expect(compressionOf(bytes)).toBe(compression);
  });
});

describe("unpacking", () => {
  const gzipped = zlib.gzipSync(TEXT);
  const zstandard = zlib.zstdCompressSync(TEXT);
  const skippable = Buffer.concat([Buffer.from("502a4d1805000000", "hex"), Buffer.from("notes")]);
  const twice = Buffer.concat([TEXT, TEXT]);
  const checked = zlib.zstdCompressSync(TEXT, {
    params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 },
  });
  // One block that says: a hundred times the letter a.
  const run = Buffer.concat([Buffer.from("28b52ffd2064230300", "hex"), Buffer.from("a")]);
  const forms: readonly [string, Buffer, Buffer][] = [
    ["nothing packed", TEXT, TEXT],
    ["no bytes at all", Buffer.alloc(0), Buffer.alloc(0)],
    ["gzip", gzipped, TEXT],
    ["gzip of two members", Buffer.concat([gzipped, gzipped]), twice],
    ["gzip with zeros after it", Buffer.concat([gzipped, Buffer.alloc(20_000)]), TEXT],
    ["zstd", zstandard, TEXT],
    ["zstd of two frames", Buffer.concat([zstandard, zstandard]), twice],
    ["zstd of two frames with checksums", Buffer.concat([checked, checked]), twice],
    [
      "zstd of a frame that is one run of a letter",
      Buffer.concat([run, zstandard]),
      Buffer.concat([Buffer.alloc(100, "a"), TEXT]),
    ],
    [
      "zstd with frames to be skipped",
      Buffer.concat([skippable, zstandard, skippable, zstandard, skippable]),
      twice,
    ],
  ];

  it.each(forms)("gives back what was packed: %s", async (_, packed, content) => {
    for (const pieceBytes of [7, 300, packed.length || 1]) {
      expect((await unpack(packed, pieceBytes)).equals(content)).toBe(true);
    }
  });

  it("gives back what was packed in any members, whatever the pieces that they arrive in", async () => {
    const members = fc.array(fc.uint8Array({ maxLength: 400 }), { minLength: 1, maxLength: 8 });
    const packers = [zlib.gzipSync, zlib.zstdCompressSync] as const;
    await fc.assert(
      fc.asyncProperty(
        members,
        fc.constantFrom(...packers),
        fc.integer({ min: 1, max: 200 }),
        async (parts, pack, pieceBytes) => {
          const packed = Buffer.concat(parts.map((part) => pack(part)));
          expect((await unpack(packed, pieceBytes)).equals(Buffer.concat(parts))).toBe(true);
        },
      ),
    );
  });

  it("reads a blob of a thousand zstd frames", async () => {
    const frames = Array.from({ length: 1000 }, (_, number) => zlib.zstdCompressSync(`${number},`));
    const expected = Array.from({ length: 1000 }, (_, number) => `${number},`).join("");
    expect((await unpack(Buffer.concat(frames), 64)).toString()).toBe(expected);
  });

  it("ends though megabytes of zeros follow", async () => {
    const packed = Buffer.concat([gzipped, Buffer.alloc(3_000_000)]);
    expect((await unpack(packed, 10_000)).equals(TEXT)).toBe(true);
  });

  it.each([
    ["gzip that is cut off", gzipped.subarray(0, -9)],
    ["gzip with garbage after it", Buffer.concat([gzipped, Buffer.from("garbage")])],
    ["gzip with a wrong checksum", Buffer.concat([gzipped.subarray(0, -8), Buffer.alloc(8, 1)])],
    ["zstd that is cut off", zstandard.subarray(0, -3)],
    ["zstd with garbage after it", Buffer.concat([zstandard, Buffer.from("garbage")])],
  ])("fails on %s", async (_, packed) => {
    for (const pieceBytes of [1, 300, packed.length]) {
      await expect(unpack(packed, pieceBytes)).rejects.toThrow();
    }
  });

  it("fails as its source does", async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield gzipped.subarray(0, 100);
      throw new Error("the disk is gone");
    }
    const { pieces } = await decompress(source());
    const reading = (async () => {
      for await (const _ of pieces);
    })();
    await expect(reading).rejects.toThrow("the disk is gone");
  });

  it("ends in bytes or an error whatever stands behind the magic number", async () => {
    const magic = fc.constantFrom("1f8b", "1f8b0800", "28b52ffd", "502a4d18");
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 2000 }), async (start, bytes) => {
        const blob = Buffer.concat([Buffer.from(start, "hex"), bytes]);
        const outcome = await unpack(blob, 500).catch((error: unknown) => error);
        expect(outcome instanceof Buffer || outcome instanceof Error).toBe(true);
      }),
    );
  });
});

async function unpack(packed: Uint8Array, pieceBytes: number): Promise<Buffer> {
  const { pieces } = await decompress(piecesOf(packed, pieceBytes));
  const unpacked: Uint8Array[] = [];
  for await (const piece of pieces) unpacked.push(Buffer.from(piece));
  return Buffer.concat(unpacked);
}

async function* piecesOf(bytes: Uint8Array, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
