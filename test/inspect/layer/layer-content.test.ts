import { describe, expect, it } from "vitest";
import { type CraftedEntry, GNU, gnuLong } from "../../tar/tar-writer.ts";
import { craftIndex } from "../craft-index.ts";
import { listing } from "../listing.ts";

describe("the paths of a layer", () => {
  it.each([
    ["usr/bin/x", "/usr/bin/x"],
    ["./usr/bin/x", "/usr/bin/x"],
    ["/usr/bin/x", "/usr/bin/x"],
    ["//usr///bin/./x", "/usr/bin/x"],
    ["usr/lib/../bin/x", "/usr/bin/x"],
    ["../../../etc/passwd", "/etc/passwd"],
    ["usr/bin/x/", "/usr/bin/x"],
    ["usr/..", "/"],
    ["./", "/"],
    ["", "/"],
    ["...", "/..."],
  ])("resolve as an engine resolves them: %j", (path, resolved) => {
    expect(read({ path })).toEqual([`file ${resolved}`]);
  });

  it("resolve the same behind a folder that was just read", () => {
    const paths = ["a/b/name1", "a/b/name2", "a/b/..", "a/b/.", "a/b/", "a/bc", "a/b/c/name3"];
    expect(read(...paths.map((path) => ({ path })))).toEqual([
      "file /a/b/name1",
      "file /a/b/name2",
      "file /a",
      "file /a/b",
      "file /a/b",
      "file /a/bc",
      "file /a/b/c/name3",
    ]);
  });

  it("that are not UTF-8 stay apart", () => {
    const names = [
      [0x66, 0xfc],
      [0x66, 0xfd],
      [0x66, 0x5c, 0xfc],
    ];
    expect(read(...names.map((bytes) => ({ path: Buffer.from(bytes) })))).toEqual([
      "file /f\\xFC",
      "file /f\\xFD",
      "file /f\\\\\\xFC",
    ]);
  });

  it("may be as long as they like", () => {
    const path = `${"folder/".repeat(9000)}file`;
    expect(read(gnuLong("L", path), { path: "x", magic: GNU })).toEqual([`file /${path}`]);
  });
});

describe("whiteouts", () => {
  it("are about the path that they hide", () => {
    expect(read({ path: "usr/.wh.lib" })).toEqual(["whiteout /usr/lib"]);
    expect(read({ path: ".wh.a" })).toEqual(["whiteout /a"]);
  });

  it("of a folder's content are about the folder", () => {
    expect(read({ path: "usr/lib/.wh..wh..opq" })).toEqual(["opaque /usr/lib"]);
  });

  it("of a union file system's own hide nothing", () => {
    const paths = [".wh..wh.plnk", ".wh..wh.aufs", ".wh..wh..opqx"];
    expect(read(...paths.map((path) => ({ path })))).toEqual(["other /", "other /", "other /"]);
  });

  it("never leave their folder", () => {
    expect(read({ path: "d/.wh..." })).toEqual(["whiteout /d/.."]);
    expect(read({ path: "d/.wh.." })).toEqual(["whiteout /d/."]);
    expect(read({ path: "d/.wh." })).toEqual(["whiteout /d/"]);
  });
});

describe("unpacked", () => {
  it("counts every regular file, however often its path comes, and no link", () => {
    const { unpacked } = craftIndex(
      { path: "f", content: "12345" },
      { path: "f", content: "123" },
      { path: "h", type: "1", linkTarget: "f" },
      { path: "s", type: "2", linkTarget: "f", size: 100 },
    );
    expect(unpacked).toBe(8);
  });

  it("counts no marker, though it has bytes", () => {
    const markers = [".wh.a", ".wh..wh..opq", ".wh..wh.plnk"].map((path) => ({
      path,
      content: "12345",
    }));
    const { unpacked, entries } = craftIndex(...markers, { path: "f", content: "1" });
    expect(unpacked).toBe(1);
    expect([...entries.bytes]).toEqual([0, 0, 0, 1]);
    expect([...entries.contents].map((contents) => contents > 0)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});

describe("modes and owners", () => {
  it("are kept for every entry, of modes the twelve bits of permissions", () => {
    const { entries, owners } = craftIndex(
      { path: "a", mode: 0o100755, uid: 1000, gid: 50 },
      { path: "d", type: "5", mode: 0o1777 },
      { path: "s", mode: 0o4755, uid: 1000, gid: 50 },
    );
    expect([...entries.modes]).toEqual([0o755, 0o1777, 0o4755]);
    expect(Array.from(entries.owners, (owner) => owners[owner])).toEqual([
      { uid: 1000, gid: 50 },
      { uid: 0, gid: 0 },
      { uid: 1000, gid: 50 },
    ]);
  });
});

function read(...entries: readonly (CraftedEntry | Uint8Array)[]): readonly string[] {
  return listing(craftIndex(...entries));
}
