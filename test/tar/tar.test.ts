import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TarError } from "../../src/tar/tar-header.ts";
import { briefly, readTar } from "./read-tar.ts";
import {
  archive,
  base256,
  craft,
  END_OF_ARCHIVE,
  GNU,
  gnuLong,
  pax,
  withChecksum,
} from "./tar-writer.ts";

describe("entries", () => {
  it("have the kind that their type letter says", () => {
    const types = ["0", "7", "1", "2", "3", "4", "5", "6", "V"];
    const kinds = readTar(archive(...types.map((type) => ({ path: "p", type })))).map(
      ({ kind }) => kind,
    );
    expect(kinds).toEqual([
      "file",
      "file",
      "hardlink",
      "symlink",
      "device",
      "device",
      "folder",
      "fifo",
      "other",
    ]);
  });

  it("carry mode, owner and group", () => {
    const [entry] = readTar(archive({ path: "p", mode: 0o4755, uid: 1000, gid: 50 }));
    expect(entry).toMatchObject({ mode: 0o4755, uid: 1000, gid: 50 });
  });

  it("may have an owner below zero", () => {
    const [entry] = readTar(archive({ path: "p", raw: { 108: base256(-2n, 8) } }));
    expect(entry?.uid).toBe(-2);
  });

  it("of old archives are folders when their name ends in a slash", () => {
    const old = { type: "\0", magic: "\0".repeat(8) };
    expect(briefly(archive({ path: "d/", ...old }, { path: "f", ...old }))).toEqual([
      "folder d/ 0",
      "file f 0",
    ]);
  });

  it("follow each other past bodies and their padding", () => {
    const bodies = [0, 1, 511, 512, 513].map((length) => ({
      path: `of-${length}`,
      content: "x".repeat(length),
    }));
    expect(briefly(archive(...bodies))).toEqual([
      "file of-0 0",
      "file of-1 1",
      "file of-511 511",
      "file of-512 512",
      "file of-513 513",
    ]);
  });

  it("that are links or folders have no body, whatever size they claim", () => {
    const claims = { size: 4096 };
    const entries = archive(
      { path: "h", type: "1", linkTarget: "f", ...claims },
      { path: "d", type: "5", ...claims },
      { path: "f", content: "abc" },
    );
    expect(briefly(entries)).toEqual(["hardlink h 0", "folder d 0", "file f 3"]);
  });

  it("of a kind that no engine extracts are skipped with their body", () => {
    const entries = archive({ path: "v", type: "M", content: "x".repeat(600) }, { path: "f" });
    expect(briefly(entries)).toEqual(["other v 0", "file f 0"]);
  });

  it("come as often as the archive has them", () => {
    expect(briefly(archive({ path: "f", content: "1" }, { path: "f", content: "22" }))).toEqual([
      "file f 1",
      "file f 2",
    ]);
  });
});

describe("paths", () => {
  it("are given as they stand, with dots and slashes", () => {
    const paths = ["./a", "/b", "../c", "d//e/"];
    expect(readTar(archive(...paths.map((path) => ({ path })))).map(({ path }) => path)).toEqual(
      paths,
    );
  });

  it("may fill their field without an end", () => {
    const path = "p".repeat(100);
    expect(readTar(archive({ path }))[0]?.path).toBe(path);
  });

  it("get the prefix of a POSIX header before them", () => {
    expect(readTar(archive({ path: "name", prefix: "some/folder" }))[0]?.path).toBe(
      "some/folder/name",
    );
  });

  it("get no prefix where GNU keeps its times", () => {
    const times = { 345: "14737325413\0" };
    expect(readTar(archive({ path: "name", magic: GNU, raw: times }))[0]?.path).toBe("name");
  });

  it("get no prefix where Schily's form keeps its times", () => {
    const raw = { 345: "p".repeat(131), 476: "14737325413\0", 508: "tar\0" };
    expect(readTar(archive({ path: "name", raw }))[0]?.path).toBe(`${"p".repeat(131)}/name`);
  });

  it("get the prefix that Go once wrote into GNU headers", () => {
    const entry = { path: "name", magic: GNU, raw: { 345: "some/folder" } };
    expect(readTar(archive(entry))[0]?.path).toBe("some/folder/name");
  });

  it("keep bytes that are not UTF-8", () => {
    const path = Buffer.from([0x66, 0xfc, 0x72]);
    expect(readTar(archive({ path }))[0]?.path).toBe("f\u00fcr");
  });

  it("of GNU long names that are empty are those of the header", () => {
    expect(readTar(archive(gnuLong("L", ""), { path: "p", magic: GNU }))[0]?.path).toBe("p");
  });

  it("of GNU long names may be 64 KiB long", () => {
    const path = "long/".repeat(13_000);
    const target = "t".repeat(70_000);
    const [entry, next] = readTar(
      archive(
        gnuLong("L", path),
        gnuLong("K", target),
        { path: "short", type: "2", linkTarget: "short", magic: GNU },
        { path: "next" },
      ),
    );
    expect(entry).toMatchObject({ path, linkTarget: target });
    expect(next).toMatchObject({ path: "next", linkTarget: "" });
  });
});

describe("content", () => {
  it("is given as it is stored, and of files alone", () => {
    const entries = archive(
      { path: "f", content: "text" },
      { path: "l", type: "2", linkTarget: "f", size: 512 },
      { path: "v", type: "V", content: "label" },
      { path: "g", content: "x".repeat(1500) },
      { path: "e" },
    );
    for (const pieceBytes of [1, 700, entries.length]) {
      expect(readTar(entries, pieceBytes).map(({ content }) => content)).toEqual([
        "text",
        "",
        "",
        "x".repeat(1500),
        "",
      ]);
    }
  });
});

describe("the end", () => {
  it("is where two blocks of zeros stand, as for every engine", () => {
    const concatenated = Buffer.concat([archive({ path: "a" }), archive({ path: "b" })]);
    expect(briefly(concatenated)).toEqual(["file a 0"]);
  });

  it("may be missing, or one block short", () => {
    const entry = craft({ path: "a", content: "abc" });
    expect(briefly(entry)).toEqual(["file a 3"]);
    expect(briefly(Buffer.concat([entry, new Uint8Array(512)]))).toEqual(["file a 3"]);
  });

  it("may come before the last body's padding", () => {
    expect(briefly(craft({ path: "a", content: "abc" }).subarray(0, 515))).toEqual(["file a 3"]);
  });

  it("of nothing at all is fine", () => {
    expect(readTar(new Uint8Array(0))).toEqual([]);
  });

  it.each([
    ["a header", 1200],
    ["a body", 512],
    ["an extension header", 1538],
  ])("in the middle of %s is an error that says where", (_, length) => {
    const whole = archive({ path: "a", content: "abc" }, pax({ path: "b" }), { path: "c" });
    const cut = () => readTar(whole.subarray(0, length));
    expect(cut).toThrow(`the archive is cut off (byte ${length} of the archive)`);
  });
});

describe("damage", () => {
  it("in a header is found by its checksum, and located", () => {
    const whole = Buffer.from(archive({ path: "a" }, { path: "b" }));
    whole[512] = 0x63;
    expect(() => readTar(whole)).toThrow(
      "the header's checksum is wrong (byte 1024 of the archive)",
    );
  });

  it("is not a checksum of signed bytes, as old Suns made", () => {
    const header = Buffer.from(craft({ path: Buffer.from([0x66, 0xfc]) }));
    const unsigned = Number.parseInt(header.toString("latin1", 148, 154), 8);
    header.write((unsigned - 256).toString(8).padStart(6, "0"), 148);
    expect(readTar(Buffer.concat([header, END_OF_ARCHIVE]))).toHaveLength(1);
  });

  it("is a block of zeros between entries", () => {
    const between = [craft({ path: "a" }), new Uint8Array(512), craft({ path: "b" })];
    expect(() => readTar(Buffer.concat(between))).toThrow(
      "a block of zeros stands between entries",
    );
  });

  it("is an extension header that would fill the memory", () => {
    const header = craft({ path: "x", type: "L", size: 2_000_000 });
    expect(() => readTar(header)).toThrow("an extension header is longer than 1048576 bytes");
  });

  it("is a map of holes without end", () => {
    const first = craft({
      path: "s",
      type: "S",
      magic: GNU,
      raw: { 482: "\u0001", 483: "1000\0" },
    });
    const more = Buffer.alloc(512);
    more[504] = 1;
    const maps = new Array<Uint8Array>(2100).fill(more);
    expect(() => readTar(Buffer.concat([first, ...maps]))).toThrow("a map of holes is longer than");
  });
});

describe("any bytes", () => {
  const entry = fc.record({
    path: fc.string({ maxLength: 120 }),
    type: fc.constantFrom("0", "1", "2", "3", "5", "6", "7", "L", "K", "x", "g", "S", "?", "\0"),
    content: fc.uint8Array({ maxLength: 1500 }),
    linkTarget: fc.string({ maxLength: 120 }),
  });
  /** Archives that are nearly right: real headers, some bytes of them changed. */
  const damaged = fc
    .tuple(
      fc.array(entry, { maxLength: 5 }),
      fc.array(fc.tuple(fc.nat(8000), fc.nat(255)), { maxLength: 3 }),
      fc.boolean(),
    )
    .map(([entries, changes, isRepaired]) => {
      const bytes = Buffer.from(archive(...entries));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      // With its checksum made right again, a damaged header is read.
      if (isRepaired) bytes.set(withChecksum(bytes.subarray(0, 512)));
      return new Uint8Array(bytes);
    });

  it("end in entries or in a clear error", () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 3000 })), (bytes) => {
        const outcome = outcomeOf(bytes, bytes.length || 1);
        expect(outcome).toSatisfy((value) => Array.isArray(value) || value instanceof TarError);
      }),
      { numRuns: 500 },
    );
  });

  it("come to the same whatever the pieces that they arrive in", () => {
    fc.assert(
      fc.property(damaged, fc.integer({ min: 1, max: 1100 }), (bytes, pieceBytes) => {
        expect(outcomeOf(bytes, pieceBytes)).toEqual(outcomeOf(bytes, bytes.length));
      }),
      { numRuns: 300 },
    );
  });

  function outcomeOf(bytes: Uint8Array, pieceBytes: number): unknown {
    try {
      return readTar(bytes, pieceBytes);
    } catch (error) {
      return error;
    }
  }
});
