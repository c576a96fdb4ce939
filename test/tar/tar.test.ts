import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TarError } from "../../src/tar/tar-header.ts";
import { briefly, readTar } from "./read-tar.ts";
import {
  archive,
  base256,
  type CraftedEntry,
  craft,
  END_OF_ARCHIVE,
  GNU,
  gnuLong,
  pax,
  paxOf,
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

describe("PAX headers", () => {
  it("replace what the next header says, and only of that", () => {
    const [entry, next] = readTar(
      archive(
        pax({ path: "p/\u00e4", linkpath: "target", uid: "3000000", gid: "4000000" }),
        { path: "short", type: "2", linkTarget: "l", uid: 1, gid: 2 },
        { path: "next", uid: 5 },
      ),
    );
    const path = Buffer.from("p/\u00e4").toString("latin1");
    expect(entry).toMatchObject({ path, linkTarget: "target", uid: 3000000, gid: 4000000 });
    expect(next).toMatchObject({ path: "next", uid: 5 });
  });

  it("say how long a body is that the next header has no room for", () => {
    const body = craft({ path: "big", content: "x".repeat(700), size: 0 });
    expect(briefly(archive(pax({ size: "700" }), body, { path: "next" }))).toEqual([
      "file big 700",
      "file next 0",
    ]);
  });

  it("may have values with equal signs, line ends and bytes that are not UTF-8", () => {
    const value = Buffer.from([0x61, 0x3d, 0x0a, 0xff]);
    expect(readTar(archive(pax({ path: value }), { path: "p" }))[0]?.path).toBe("a=\n\u00ff");
  });

  it("take a record back by leaving it empty", () => {
    expect(readTar(archive(pax({ path: "" }), { path: "p" }))[0]?.path).toBe("p");
  });

  it("give way to GNU's long names, whichever comes first", () => {
    const long = gnuLong("L", "long");
    const header = pax({ path: "pax", uid: "7" });
    for (const before of [
      [long, header],
      [header, long],
    ]) {
      expect(readTar(archive(...before, { path: "p" }))).toMatchObject([{ path: "long", uid: 7 }]);
    }
  });

  it("of two in a row are taken by the last", () => {
    const [entry] = readTar(
      archive(pax({ path: "a", uid: "7" }), pax({ gid: "8" }), { path: "p" }),
    );
    expect(entry).toMatchObject({ path: "p", uid: 0, gid: 8 });
  });

  it("before a global one are lost, as in every engine", () => {
    const headers = [pax({ path: "a" }), pax({ comment: "c" }, "g")];
    expect(readTar(archive(...headers, { path: "p" }))[0]?.path).toBe("p");
  });

  it("that are global change nothing, as in every engine", () => {
    const global = pax({ comment: "0123abcd", path: "global", uid: "7" }, "g");
    expect(readTar(archive(global, { path: "p" }))).toMatchObject([{ path: "p", uid: 0 }]);
  });

  it.each([
    ["a length that is too large", "99 path=x\n"],
    ["a length that ends in the middle", "8 path=x\n"],
    ["no length", "path=x\n"],
    ["no equal sign", "9 path x\n\n"],
    ["a size that is no number", "11 size=1e3\n"],
    ["a negative size", "10 size=-5\n"],
    ["a key without a letter", "5 =x\n"],
    ["a path with a NUL", "11 path=a\0b\n"],
    ["an owner beyond all numbers", "28 uid=99999999999999999999\n"],
  ])("with %s are refused", (_, content) => {
    expect(() => readTar(archive(craft({ path: "x", type: "x", content }), { path: "p" }))).toThrow(
      TarError,
    );
  });
});

describe("sizes", () => {
  it("in base 256 go beyond eight gibibytes", () => {
    const header = craft({ path: "huge", size: base256(9_000_000_000n, 12) });
    const reader = () => readTar(header);
    expect(reader).toThrow("the archive is cut off");
    expect(readTar(archive({ path: "small", size: base256(0n, 12) }))[0]?.bytes).toBe(0);
  });

  it("in base 256 are read to the byte", () => {
    const entry = { path: "f", content: "x".repeat(1000), size: base256(1000n, 12) };
    expect(briefly(archive(entry, { path: "next" }))).toEqual(["file f 1000", "file next 0"]);
  });

  it.each([
    ["negative", base256(-1n, 12)],
    ["beyond what a file can have", base256(1n << 60n, 12)],
    ["not octal", Buffer.from("00000000008\0")],
  ])("that are %s are refused", (_, size) => {
    expect(() => readTar(archive({ path: "f", size }))).toThrow(TarError);
  });

  it("may be padded with spaces", () => {
    const entry = { path: "f", content: "abc", size: Buffer.from("          3 ") };
    expect(briefly(archive(entry))).toEqual(["file f 3"]);
  });
});

/** An old GNU header of a file of 1000 bytes, with these stretches of it and more to come. */
function oldSparse(stretches: readonly number[], raw: Readonly<Record<number, string>> = {}) {
  const map = stretches.map((number) => `${number.toString(8).padStart(11, "0")}\0`).join("");
  return { path: "holes", type: "S", magic: GNU, raw: { 386: map, 483: "00000001750\0", ...raw } };
}

/** Ten letters at 100, ten at 500. */
const HOLES = `${"\0".repeat(100)}${"a".repeat(10)}${"\0".repeat(390)}${"b".repeat(10)}${"\0".repeat(490)}`;
const STORED = `${"a".repeat(10)}${"b".repeat(10)}`;

describe("files with holes", () => {
  const v1 = { "GNU.sparse.major": "1", "GNU.sparse.minor": "0" };
  const named = { "GNU.sparse.name": "holes", "GNU.sparse.realsize": "1000" };
  const map = "2\n100\n10\n500\n10\n".padEnd(512, "\0");
  const v0 = { "GNU.sparse.size": "1000", "GNU.sparse.numblocks": "2" };
  const pairs = ["offset=100", "numbytes=10", "offset=500", "numbytes=10"];
  const forms: readonly [string, readonly (CraftedEntry | Uint8Array)[]][] = [
    ["of old GNU archives", [{ ...oldSparse([100, 10, 500, 10]), content: STORED }]],
    [
      "of PAX archives",
      [pax({ ...v1, ...named }), { path: "GNUSparseFile.1/holes", content: `${map}${STORED}` }],
    ],
    [
      "of older PAX archives",
      [
        pax({ ...v0, "GNU.sparse.map": "100,10,500,10", "GNU.sparse.name": "holes" }),
        { path: "GNUSparseFile.1/holes", content: STORED },
      ],
    ],
    [
      "of the oldest PAX archives",
      [
        paxOf(...Object.entries(v0), ...pairs.map((pair) => `GNU.sparse.${pair}`.split("="))),
        { path: "holes", content: STORED },
      ],
    ],
  ];

  it.each(forms)("%s are given with their holes", (_, entries) => {
    for (const pieceBytes of [1, 100, 512, 5000]) {
      const found = readTar(archive(...entries, { path: "next" }), pieceBytes);
      expect(found).toMatchObject([
        { path: "holes", kind: "file", bytes: 1000, content: HOLES },
        { path: "next" },
      ]);
    }
  });

  it("may be nothing but a hole", () => {
    const [entry, next] = readTar(archive(oldSparse([1000, 0]), { path: "next" }));
    expect(entry).toMatchObject({ bytes: 1000, content: "\0".repeat(1000) });
    expect(next?.path).toBe("next");
  });

  it("may say how large they are by their stored size alone", () => {
    const whole = archive(pax({ ...v1 }), { path: "f", content: `1\n0\n512\n`.padEnd(1024, "\0") });
    expect(briefly(whole)).toEqual(["file f 1024"]);
  });

  it("of old GNU archives may have a map of several blocks", () => {
    const first = craft({ ...oldSparse([0, 1, 10, 1, 20, 1, 30, 1], { 482: "\u0001" }), size: 6 });
    const more = Buffer.alloc(512);
    more.write("00000000050\x00000000001\0");
    more[504] = 1;
    const last = Buffer.alloc(512);
    last.write("00000000074\x00000000001\0");
    const body = Buffer.alloc(512);
    body.write("abcdef");
    const [entry, next] = readTar(archive(first, more, last, body, { path: "next" }));
    const at = (letter: string) => entry?.content.indexOf(letter);
    expect([..."abcdef"].map(at)).toEqual([0, 10, 20, 30, 40, 60]);
    expect(next?.path).toBe("next");
  });

  it.each([
    ["beyond their end", { ...oldSparse([995, 10]), content: "x".repeat(10) }],
    ["one in the other", { ...oldSparse([10, 20, 20, 20]), content: "x".repeat(40) }],
    ["of other bytes than are stored", { ...oldSparse([10, 20]), content: "x".repeat(10) }],
  ])("are refused with stretches %s", (_, entry) => {
    expect(() => readTar(archive(entry))).toThrow("a map of holes does not fit its file");
  });

  it.each([
    ["a map that is cut off", pax(v1), "2\n100\n", "a map of holes is longer than what is stored"],
    ["a map of words", pax(v1), "two\n".padEnd(512, "\0"), "a map of holes does not fit its file"],
  ])("are refused with %s", (_, header, content, message) => {
    expect(() => readTar(archive(header, { path: "f", content }))).toThrow(message);
  });

  it.each([
    ["fewer numbers than it says", pax({ ...v0, "GNU.sparse.map": "100,10" })],
    ["no count", pax({ "GNU.sparse.size": "1000", "GNU.sparse.map": "100,10" })],
    ["two offsets", paxOf(["GNU.sparse.offset", "1"], ["GNU.sparse.offset", "2"])],
  ])("are refused with a record of %s", (_, header) => {
    expect(() => readTar(archive(header, { path: "f" }))).toThrow(TarError);
  });

  it("of a form that nobody knows are files like others", () => {
    const unknown = { "GNU.sparse.major": "2", "GNU.sparse.minor": "0", "GNU.sparse.name": "n" };
    expect(briefly(archive(pax(unknown), { path: "f", content: "abc" }))).toEqual(["file f 3"]);
  });

  it("are refused in an archive that is none of GNU's", () => {
    const entry = { path: "f", type: "S", raw: { 483: "00000001750\0" } };
    expect(() => readTar(archive(entry))).toThrow("a file with holes is of no known form");
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
