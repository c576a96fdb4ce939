import { describe, expect, it } from "vitest";
import { TarError } from "../../src/tar/tar-header.ts";
import { briefly, readTar } from "./read-tar.ts";
import { archive, base256, craft, gnuLong, pax, paxOf } from "./tar-writer.ts";

describe("PAX headers", () => {
  it("may have extended attributes, of which the order does not matter, nor what machines add", () => {
    const attributesOf = (...records: readonly (readonly string[])[]) =>
      readTar(Buffer.concat([paxOf(...records), archive({ path: "f" })])).map(
        ({ attributes }) => attributes,
      );
    const [one, other] = [
      ["SCHILY.xattr.user.a", "1"],
      ["SCHILY.xattr.user.b", "2"],
    ] as const;
    const [both] = attributesOf(one, other);
    expect(attributesOf()).toEqual([0]);
    expect(attributesOf(other, one)).toEqual([both]);
    expect(attributesOf(one)).not.toEqual([both]);
    expect(attributesOf(one)).not.toEqual([0]);
    expect(attributesOf(one, ["SCHILY.xattr.security.selinux", "x"])).toEqual(attributesOf(one));
    expect(attributesOf(["SCHILY.xattr.trusted.overlay.origin", "x"])).toEqual([0]);
    expect(attributesOf(["SCHILY.xattr.user.a", ""])).toEqual([0]);
  });

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
