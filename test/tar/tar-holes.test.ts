import { describe, expect, it } from "vitest";
import { TarError } from "../../src/tar/tar-header.ts";
import { briefly, readTar } from "./read-tar.ts";
import { archive, type CraftedEntry, craft, GNU, pax, paxOf } from "./tar-writer.ts";

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
