// What Go's archive/tar refuses, though nothing of it is looked at here.
import { describe, expect, it } from "vitest";
import { TarError } from "../../src/tar/tar-header.ts";
import { briefly, readTar } from "./read-tar.ts";
import { archive, base256, type CraftedEntry, craft, GNU, pax } from "./tar-writer.ts";

const STAR = { 508: "tar\0" };
const TOO_LARGE = base256(2n ** 63n, 12);

const REFUSED: readonly (readonly [string, ...(Uint8Array | CraftedEntry)[]])[] = [
  ["a size that is two numbers", craft({ path: "a", raw: { 124: "00000000 01\0" } })],
  ["a size of a link that is none", craft({ path: "a", type: "1", raw: { 124: "zz" } })],
  [
    "an owner that is none, though a record has one",
    pax({ uid: "1" }),
    { path: "a", raw: { 108: "zz" } },
  ],
  ["a size below zero of an old folder", craft({ path: "d/", type: "\0", size: base256(-1n, 12) })],
  ["a time that is none", craft({ path: "a", raw: { 136: "zzzzzzzzzzz\0" } })],
  ["a time that is too large", craft({ path: "a", raw: { 136: TOO_LARGE } })],
  ["a device number that is none", craft({ path: "a", raw: { 329: "9" } })],
  ["a device number that is none, of GNU", craft({ path: "a", magic: GNU, raw: { 337: "9" } })],
  ["a time of star's that is none", craft({ path: "a", raw: { ...STAR, 476: "x" } })],
  [
    "a mode of an extension header that is none",
    craft({ path: "a", type: "x", raw: { 100: "9" } }),
  ],
  ["a record of a time that is none", pax({ mtime: "garbage" })],
  ["a record of a time without seconds", pax({ atime: ".5" })],
  ["a record of a name with a NUL", pax({ uname: "a\0b" })],
  ["a record whose key has a NUL", pax({ "a\0b": "c" })],
  ["a global header that is made of no records", craft({ path: "g", type: "g", content: "not" })],
  ["a global header that would fill the memory", craft({ path: "g", type: "g", size: 2_000_000 })],
  [
    "a folder with holes",
    pax({ "GNU.sparse.major": "1", "GNU.sparse.minor": "0" }),
    { path: "d", type: "5" },
  ],
];

describe("what engines refuse is refused", () => {
  it.each(REFUSED.map(([name, ...parts]) => ({ name, parts })))("$name", ({ parts }) => {
    expect(() => readTar(archive(...parts, { path: "f" }))).toThrow(TarError);
  });

  it.each([
    ["a number with something behind its NUL", craft({ path: "a", raw: { 136: "12\0zz" } })],
    ["a number between spaces", craft({ path: "a", raw: { 136: "  12    \0  \0" } })],
    ["a time below zero", craft({ path: "a", raw: { 136: base256(-1n, 12) } })],
    [
      "a device number that is none, before POSIX",
      craft({ path: "a", magic: "", raw: { 329: "9" } }),
    ],
    ["a record of a time", Buffer.concat([pax({ mtime: "-12.5" }), craft({ path: "a" })])],
    ["a record that is taken back", Buffer.concat([pax({ mtime: "" }), craft({ path: "a" })])],
  ])("and not: %s", (_, start) => {
    expect(briefly(archive(start, { path: "f" }))).toEqual(["file a 0", "file f 0"]);
  });
});
