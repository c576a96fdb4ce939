import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ArchiveReader } from "../../../src/inspect/layer/archive-reader.ts";
import type { LayerIndex, PackageClaim } from "../../../src/inspect/layer/layer-index.ts";
import { LAYER_LIMITS } from "../../../src/inspect/layer/layer-limits.ts";
import { PathTable } from "../../../src/inspect/paths.ts";
import { archive, type CraftedEntry, GNU, pax } from "../../tar/tar-writer.ts";
import { craftIndex, indexOf } from "../craft-index.ts";

describe("contents", () => {
  it("are the CRC-32 of their bytes", () => {
    // echo -n text | sha256sum: 982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1
    expect(contents({ path: "f", content: "text" })).toEqual([0x3b8ba7c7]);
  });

  it("of an empty file are those of no bytes", () => {
    expect(contents({ path: "f" })).toEqual([0]);
  });

  it("of all that is no file are zero", () => {
    const link = { linkTarget: "f" };
    expect(
      contents(
        { path: "d", type: "5" },
        { path: "s", type: "2", ...link },
        { path: "h", type: "1", ...link },
        { path: ".wh.x", content: "x" },
      ),
    ).toEqual([0, 0, 0, 0]);
  });

  it("are the same whatever the pieces that the archive arrives in", () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 5 });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 2000 }), (files, pieceBytes) => {
        const bytes = archive(...files.map((content) => ({ path: "f", content })));
        const reader = new ArchiveReader(LAYER_LIMITS);
        for (let at = 0; at < bytes.length; at += pieceBytes) {
          reader.write(bytes.subarray(at, at + pieceBytes));
        }
        expect([...reader.end().entries.contents]).toEqual(files.map(expectedContents));
      }),
    );
  });

  it("of a file with holes are the same in every form, with or without pieces", () => {
    const records = { "GNU.sparse.size": "300003", "GNU.sparse.numblocks": "1" };
    const all = contents(
      pax({ ...records, "GNU.sparse.map": "100000,3" }),
      { path: "a", content: "abc" },
      pax({ "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "300003" }),
      { path: "b", content: `${"1\n100000\n3\n".padEnd(512, "\0")}abc` },
      pax({ ...records, "GNU.sparse.map": "100001,3" }),
      { path: "c", content: "abc" },
    );
    expect(all[0]).toBe(all[1]);
    expect(all[0]).not.toBe(all[2]);
  });

  it("of endless holes are known at once, and tell them apart", () => {
    const sparse = (size: string, content: string) => ({
      path: "f",
      type: "S",
      magic: GNU,
      raw: { 386: "00000000000\x00000000003\0", 483: size },
      content,
    });
    const all = contents(
      sparse("77777777777\0", "abc"),
      sparse("77777777777\0", "abc"),
      sparse("77777777776\0", "abc"),
      sparse("77777777777\0", "abd"),
    );
    expect(all[0]).toBe(all[1]);
    expect(new Set(all).size).toBe(3);
  });
});

describe("what a layer says of packages", () => {
  const list: CraftedEntry = {
    path: "./var/lib/dpkg/info/hostname.list",
    content: "/.\n/bin\n/bin/hostname\n",
  };
  const status = {
    path: "var/lib/dpkg/status",
    content: "Package: hostname\nStatus: install ok installed\nVersion: 3.23\n\n",
  };

  it("is kept with the file that says it", () => {
    expect(said(craftIndex(list, { path: "etc/hosts", content: "text" }, status))).toEqual([
      {
        type: "deb",
        name: "hostname",
        source: "/var/lib/dpkg/info/hostname.list",
        files: ["/", "/bin", "/bin/hostname"],
      },
      { type: "deb", name: "hostname", version: "3.23", source: "/var/lib/dpkg/status" },
    ]);
  });

  it("is the same whatever the pieces that the archive arrives in", () => {
    const bytes = archive(list, status);
    const reader = new ArchiveReader(LAYER_LIMITS);
    for (const byte of bytes) reader.write(Uint8Array.of(byte));
    expect(reader.end().claims).toEqual(indexOf(bytes).claims);
  });

  it("makes no folder in the layer", () => {
    expect(craftIndex(list).paths.parents.length).toBe(6);
  });

  it.each([
    ["files", { databaseBytes: 10 }, 0],
    ["packages", { claims: 1 }, 1],
    ["paths", { claimedPaths: 7 }, 1],
    ["names", { claimedNames: 30 }, 1],
  ])("is kept up to a limit of %s, and that there is more is told", (_, limits, claims) => {
    const index = indexOf(archive(list, status), limits);
    expect(index.claims.length).toBe(claims);
    expect(index.leftOutClaims).toBeGreaterThan(0);
  });

  it("is kept of a distribution's database however much is held of other files before it", () => {
    const jars = ["a.jar", "b.jar"].map((path) => ({ path, content: "x".repeat(100) }));
    const index = indexOf(archive(...jars, list, status), { packageBytes: 150 });
    expect(index.claims.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "maven a",
      "deb hostname",
      "deb hostname",
    ]);
    expect([index.unreadClaims, index.leftOutClaims]).toEqual([0, 1]);
  });

  it("is left out where a path is longer than any that can be opened", () => {
    const long = { ...list, content: `/${"d/".repeat(3000)}\n/bin/hostname\n` };
    expect(said(craftIndex(long))[0]?.files).toEqual(["/bin/hostname"]);
  });
});

function contents(...entries: readonly (CraftedEntry | Uint8Array)[]): readonly number[] {
  return [...craftIndex(...entries).entries.contents];
}

function expectedContents(bytes: Uint8Array): number {
  return crc32(bytes);
}

/** Claims with their paths as text. */
function said({ claims, claimedPaths }: LayerIndex) {
  const table = new PathTable();
  const numbers = table.takeIn(claimedPaths);
  const text = (path: number) => table.textOf(numbers[path] ?? 0);
  return claims.map(({ source, files, ...claim }: PackageClaim) => ({
    ...claim,
    source: text(source),
    ...(files && { files: Array.from(files, text) }),
  }));
}
