import * as zlib from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ToolError } from "../../../src/errors.ts";
import type { LayerIndex } from "../../../src/inspect/layer/layer-index.ts";
import { LAYER_LIMITS, type LayerLimits } from "../../../src/inspect/layer/layer-limits.ts";
import { readLayer } from "../../../src/inspect/layer/layer-reader.ts";
import { archive, craft, GNU, gnuLong } from "../../tar/tar-writer.ts";
import { digestOf } from "../crafted-layout.ts";
import { listing } from "../listing.ts";

const ARCHIVE = archive(
  { path: "etc/", type: "5" },
  { path: "etc/hosts", content: "127.0.0.1" },
  { path: "etc/names", type: "1", linkTarget: "etc/hosts" },
);

describe("a layer", () => {
  it.each([
    ["as it is", ARCHIVE],
    ["through gzip", zlib.gzipSync(ARCHIVE)],
    [
      "through gzip in several members",
      Buffer.concat([
        zlib.gzipSync(ARCHIVE.subarray(0, 700)),
        zlib.gzipSync(ARCHIVE.subarray(700)),
      ]),
    ],
    ["through zstd", zlib.zstdCompressSync(ARCHIVE)],
  ])("is read %s", async (_, blob) => {
    const index = await read(blob);
    expect(index).toMatchObject({
      digest: digestOf(blob),
      download: blob.length,
      diffId: digestOf(ARCHIVE),
      unpacked: 9,
    });
    expect(listing(index)).toEqual(["folder /etc", "file /etc/hosts 9", "hardlink /etc/names"]);
  });

  it("of no bytes at all has no entries", async () => {
    expect(await read(Buffer.alloc(0))).toMatchObject({
      unpacked: 0,
      diffId: digestOf(Buffer.alloc(0)),
    });
  });

  it("is damaged when its bytes are not those of its digest", async () => {
    const blob = zlib.gzipSync(ARCHIVE);
    const other = zlib.gzipSync(archive({ path: "other" }));
    await expect(read(other, { digest: digestOf(blob) })).rejects.toThrow(
      `The layer ${digestOf(blob)} is damaged`,
    );
  });

  it("is damaged, and not just unreadable, when its damage also spoils the packed data", async () => {
    const blob = zlib.gzipSync(ARCHIVE);
    const spoilt = Buffer.from(blob);
    spoilt.fill(0xff, 20, 40);
    const reading = read(spoilt, { digest: digestOf(blob) });
    await expect(reading).rejects.toThrow(ToolError);
    await expect(reading).rejects.toThrow(`its bytes hash to ${digestOf(spoilt)}`);
  });

  it("is damaged when it is shorter than the manifest says", async () => {
    const blob = zlib.gzipSync(ARCHIVE);
    await expect(
      read(blob.subarray(0, -1), { digest: digestOf(blob), size: blob.length }),
    ).rejects.toThrow(`it has ${blob.length - 1} bytes where the manifest has ${blob.length}`);
  });

  it("that is no tar archive is refused by name", async () => {
    const blob = Buffer.alloc(2000, "no archive ");
    await expect(read(blob)).rejects.toThrow(
      `The layer ${digestOf(blob)} is no layer that can be read: a number in the header is not octal`,
    );
  });

  it("that is cut off inside is refused though its digest is right", async () => {
    const blob = zlib.gzipSync(ARCHIVE.subarray(0, 600));
    await expect(read(blob)).rejects.toThrow("the archive is cut off (byte 600 of the archive)");
  });

  it("that cannot be read says why", async () => {
    async function* content(): AsyncGenerator<Uint8Array> {
      yield ARCHIVE.subarray(0, 1000);
      throw new Error("EIO: i/o error, read");
    }
    const digest = digestOf(ARCHIVE);
    await expect(readLayer({ digest, size: ARCHIVE.length, content: content() })).rejects.toThrow(
      `The layer ${digest} cannot be read: EIO: i/o error, read`,
    );
  });

  it.each([
    ["a whole archive", ARCHIVE],
    ["a whole archive through gzip", zlib.gzipSync(ARCHIVE)],
    ["no archive", Buffer.alloc(2000, "no archive ")],
    ["gzip that is spoilt", Buffer.from("1f8b0800ffffffff", "hex")],
  ])("is damaged as soon as it has too many bytes, such as no end after %s", async (_, start) => {
    const source = { given: 0, isClosed: false };
    async function* content(): AsyncGenerator<Uint8Array> {
      try {
        yield start;
        for (; source.given < 10_000; source.given++) yield Buffer.alloc(1000);
      } finally {
        source.isClosed = true;
      }
    }
    const [digest, size] = [digestOf(start), start.length];
    await expect(readLayer({ digest, size, content: content() })).rejects.toThrow(
      `The layer ${digest} is damaged: it has more bytes than the ${size} that the manifest has`,
    );
    expect(source.given).toBeLessThan(10);
    expect(source.isClosed).toBe(true);
  });
});

describe("any blob", () => {
  const entry = fc.record({
    path: fc.oneof(fc.string({ maxLength: 120 }), fc.constantFrom("var/lib/dpkg/status", ".wh.a")),
    type: fc.constantFrom("0", "1", "2", "5", "L", "K", "x", "g", "S"),
    content: fc.uint8Array({ maxLength: 1500 }),
  });
  const packers: readonly ((bytes: Uint8Array) => Uint8Array)[] = [
    (bytes) => bytes,
    (bytes) => zlib.gzipSync(bytes),
    (bytes) => zlib.zstdCompressSync(bytes),
    (bytes) => Buffer.concat([bytes.subarray(0, 600), bytes.subarray(600)].map(gzip)),
  ];
  const gzip = (bytes: Uint8Array) => zlib.gzipSync(bytes);
  const blobs = fc
    .record({
      entries: fc.array(entry, { maxLength: 5 }),
      inside: fc.array(fc.tuple(fc.nat(6000), fc.nat(255)), { maxLength: 2 }),
      pack: fc.constantFrom(...packers),
      outside: fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { maxLength: 1 }),
      cut: fc.nat(100),
    })
    .map(({ entries, inside, pack, outside, cut }) => {
      const packed = changed(pack(changed(archive(...entries), inside)), outside);
      return cut < 20 ? packed.subarray(0, Math.floor((packed.length * cut) / 20)) : packed;
    });

  it("ends in an index or in a clear error, and the same in pieces of any size", async () => {
    await fc.assert(
      fc.asyncProperty(blobs, fc.integer({ min: 1, max: 5000 }), async (blob, pieceBytes) => {
        const outcome = await outcomeOf(blob, blob.length || 1);
        expect(outcome instanceof ToolError || outcome.digest === digestOf(blob)).toBe(true);
        const again = await outcomeOf(blob, pieceBytes);
        if (outcome instanceof ToolError) expect(again).toBeInstanceOf(ToolError);
        else expect(again).toEqual(outcome);
      }),
      { numRuns: 300 },
    );
  });

  function changed(bytes: Uint8Array, changes: readonly (readonly [number, number])[]): Uint8Array {
    const copy = Uint8Array.from(bytes);
    for (const [at, byte] of changes) if (copy.length > 0) copy[at % copy.length] = byte;
    return copy;
  }

  async function outcomeOf(blob: Uint8Array, pieceBytes: number): Promise<LayerIndex | ToolError> {
    const content = piecesOf(blob, pieceBytes);
    try {
      return await readLayer({ digest: digestOf(blob), size: blob.length, content });
    } catch (error) {
      if (error instanceof ToolError) return error;
      throw error;
    }
  }
});

describe("limits", () => {
  it("refuse an archive that unpacks to too much, long before its end", async () => {
    const bomb = zlib.gzipSync(
      Buffer.concat([craft({ path: "zeros", size: 5e7 }), Buffer.alloc(5e7)]),
    );
    await expect(read(bomb, {}, { archive: 1e6 })).rejects.toThrow(
      `The layer ${digestOf(bomb)} is refused: it unpacks to more than 1000000 bytes, the limit "archive"; to allow more, raise it in layer-limits, such as to "archive: 2000000"`,
    );
  });

  it("refuse what unpacks to far more than it is", async () => {
    // A block of zstd that says 128 KiB of zeros in 4 bytes, 100 times.
    const block = Buffer.from([0x02, 0x00, 0x10, 0x00]);
    const header = Buffer.from("28b52ffd0038", "hex");
    const last = Buffer.from([0x01, 0x00, 0x00]);
    const blocks = new Array<Buffer>(100).fill(block);
    const start = zlib.zstdCompressSync(craft({ path: "zeros", size: 2e9 }));
    const bomb = Buffer.concat([start, header, ...blocks, last]);
    await expect(read(bomb, {}, { ratioFrom: 1e6 })).rejects.toThrow(
      'it unpacks to more than 2000 times its size, the limit "ratio"; to allow more, raise it in layer-limits, such as to "ratio: 4000"',
    );
  });

  it("refuse too many frames, though there is nothing in them", async () => {
    const empty = Buffer.from("28b52ffd0000010000", "hex");
    const skipped = Buffer.from("502a4d1800000000", "hex");
    const many = Buffer.concat([zlib.zstdCompressSync(ARCHIVE), skipped, empty, empty]);
    await expect(read(many, {}, { frames: 3 })).rejects.toThrow(
      `The layer ${digestOf(many)} is refused: it is packed in more than 3 frames, the limit "frames"; to allow more, raise it in layer-limits, such as to "frames: 6"`,
    );
    expect(await read(many, {}, { frames: 4 })).toMatchObject({ unpacked: 9 });
  });

  it("refuse too many entries", async () => {
    const many = archive(...Array.from({ length: 3 }, () => ({ path: "same" })));
    await expect(read(many, {}, { entries: 2 })).rejects.toThrow(
      'it has more than 2 files and folders, the limit "entries"; to allow more, raise it in layer-limits, such as to "entries: 4"',
    );
  });

  it("refuse too many folders, though one entry names them all", async () => {
    const deep = archive(gnuLong("L", "d/".repeat(50)), { path: "x", magic: GNU });
    await expect(read(deep, {}, { entries: 40 })).rejects.toThrow(
      "it has more than 40 files and folders",
    );
  });

  it("refuse files that unpack to too much, though their holes are not stored", async () => {
    const raw = { 386: "00000000000\u000000000000000\u0000", 483: "77777777777\u0000" };
    const sparse = archive({ path: "holes", type: "S", magic: GNU, raw });
    await expect(read(sparse, {}, { archive: 1e9 })).rejects.toThrow(
      'it unpacks to more than 1000000000 bytes, the limit "archive"',
    );
  });

  it("refuse too many owners", async () => {
    const many = archive({ path: "a", uid: 1 }, { path: "b", uid: 2 }, { path: "c", gid: 3 });
    await expect(read(many, {}, { owners: 2 })).rejects.toThrow(
      'its files have more than 2 owners, the limit "owners"; to allow more, raise it in layer-limits, such as to "owners: 4"',
    );
  });

  it("refuse names that would fill the memory", async () => {
    const long = archive(gnuLong("L", "n".repeat(5000)), { path: "x", magic: GNU });
    await expect(read(long, {}, { names: 4000 })).rejects.toThrow(
      'its names have more than 4000 bytes, the limit "names"; to allow more, raise it in layer-limits, such as to "names: 8000"',
    );
  });
});

function read(
  blob: Uint8Array,
  overrides: { readonly digest?: string; readonly size?: number } = {},
  limits: Partial<LayerLimits> = {},
): Promise<LayerIndex> {
  const { digest = digestOf(blob), size = blob.length } = overrides;
  return readLayer({ digest, size, content: piecesOf(blob) }, { ...LAYER_LIMITS, ...limits });
}

async function* piecesOf(bytes: Uint8Array, pieceBytes = 333): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}
