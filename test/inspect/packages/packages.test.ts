import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openProbe } from "../../../src/inspect/packages/packages.ts";
import { growth, LINEAR } from "../../growth.ts";
import { say } from "./say.ts";
import { zip } from "./zip-writer.ts";

function rpmFixture(name: string): Buffer {
  const folder = join(import.meta.dirname, "..", "..", "fixtures", "packages", "rpm");
  return gunzipSync(readFileSync(join(folder, `${name}.gz`)));
}

const PATHS = [
  "/var/lib/dpkg/status",
  "/var/lib/dpkg/status.d/a",
  "/var/lib/dpkg/status.d/a.md5sums",
  "/var/lib/dpkg/info/a.list",
  "/lib/apk/db/installed",
  "/var/lib/rpm/rpmdb.sqlite",
  "/var/lib/rpm/Packages.db",
  "/var/lib/rpm/Packages",
  "/s/a.dist-info/METADATA",
  "/s/a.dist-info/RECORD",
  "/s/a.egg-info/PKG-INFO",
  "/s/a.egg-info/installed-files.txt",
  "/s/a.egg-info",
  "/node_modules/a/package.json",
  "/g/specifications/a-1.gemspec",
  "/g/extensions/x/y/a-1/gem.build_complete",
  "/app/a.jar",
  "/usr/bin/a",
];

const anyBytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 400 }),
  fc.string({ unit: "binary", minLength: 4, maxLength: 400 }).map((text) => Buffer.from(text)),
);

describe("a probe", () => {
  it.each(PATHS)("does not mind what is in %s", (path) => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 1, max: 50 }), (content, piece) => {
        expect(say(path, content, { mode: 0o755, piece })).toBeInstanceOf(Array);
      }),
    );
  });

  it.each([
    ["/var/lib/rpm/rpmdb.sqlite", rpmFixture("rpmdb.sqlite")],
    ["/var/lib/rpm/Packages.db", rpmFixture("Packages.db")],
    ["/var/lib/rpm/Packages", rpmFixture("Packages")],
  ])("does not mind damage to %s", (path, database) => {
    const damage = fc.array(
      fc.tuple(fc.nat(database.length - 1), fc.integer({ min: 0, max: 255 })),
      { minLength: 1, maxLength: 2000 },
    );
    fc.assert(
      fc.property(damage, (changes) => {
        const damaged = Buffer.from(database);
        for (const [at, byte] of changes) damaged[at] = byte;
        expect(say(path, damaged, { piece: 65_536 })).toBeInstanceOf(Array);
      }),
      { numRuns: 60 },
    );
  });

  it("reads no file as a whole that is far too large", () => {
    const file = { folder: "/var/lib/dpkg", name: "status", mode: 0o644 };
    const probe = openProbe({ ...file, bytes: 70_000_000 });
    expect(probe?.isTooLarge).toBe(true);
    expect(probe?.end()).toEqual([]);
    expect(openProbe({ ...file, bytes: 60_000_000 })?.isTooLarge).toBe(false);
  });

  it("reads programs and archives of any size, and holds little of them", () => {
    const program = openProbe({ folder: "/bin", name: "tool", bytes: 8e12, mode: 0o755 });
    expect(program).toMatchObject({ isTooLarge: false, held: 0 });
    const archive = openProbe({ folder: "/app", name: "tool.jar", bytes: 8e12, mode: 0o644 });
    expect(archive).toMatchObject({ isTooLarge: false, held: 9 * 2 ** 20 });
  });

  it("takes no more than the file was said to have", () => {
    const file = { folder: "/var/lib/dpkg/info", name: "a.list", mode: 0o644 };
    const probe = openProbe({ ...file, bytes: 3 });
    probe?.write(Buffer.from("/a\n/b\n"));
    expect(probe?.end()[0]?.files?.[Symbol.iterator]().next().value?.toString()).toBe("/a");
  });

  it("is not opened for files of other kinds", () => {
    expect(say("/etc/passwd", "root")).toBeUndefined();
    expect(say("/status", "Package: a")).toBeUndefined();
  });
});

describe("what a hostile file says has an end:", () => {
  it("packages", () => {
    const stanza = "Package: a\nVersion: 1\n\n";
    const said = say("/var/lib/dpkg/status", stanza.repeat(150_000), { piece: 65_536 });
    expect(said).toHaveLength(100_000);
  });

  it("paths that grow out of a long folder", () => {
    const database = `P:a\nV:1\nF:${"f".repeat(4000)}\n${"R:a\n".repeat(50_000)}`;
    const said = say("/lib/apk/db/installed", database, { piece: 65_536 });
    expect(said?.[0]?.files?.length).toBeLessThan(34_000);
  });

  it("pages of a database that lead to each other", () => {
    const database = rpmFixture("Packages");
    // Every page goes on in page 1.
    for (let page = 4096; page < database.length; page += 4096)
      database.writeUInt32LE(1, page + 16);
    expect(say("/var/lib/rpm/Packages", database, { piece: 65_536 })).toBeInstanceOf(Array);
  });
});

/** What it is, how much of it, and which file has so much. */
type SlowCase = readonly [
  string,
  number,
  (count: number) => readonly [string, string | Uint8Array],
];

function gemspec(filler: string): SlowCase[2] {
  return (count) => ["/g/specifications/a.gemspec", filler.repeat(count)];
}

describe("what is made to be slow to read is read at once:", () => {
  it.each([
    ["lines without end", 100_000, gemspec("\n")],
    ["blanks without end", 100_000, gemspec(" ")],
    [
      "versions in a folder",
      30_000,
      (count) => [`/extensions/x/y/${"-1".repeat(count)}/z/gem.build_complete`, ""],
    ],
    ["versions in a name", 20_000, (count) => [`/app/${"-1\n".repeat(count)}.jar`, zip({})]],
    [
      "quotes without end",
      1_000_000,
      (count) => ["/s/a.dist-info/RECORD", `"${'""'.repeat(count)}`],
    ],
    [
      "fields without a value",
      400_000,
      (count) => [
        "/app/a.jar",
        zip({ "META-INF/maven/g/a/pom.properties": "version\n".repeat(count) }),
      ],
    ],
    ["values that overlap", 65_536, (size) => ["/var/lib/rpm/Packages", overlappingValues(size)]],
  ] satisfies readonly SlowCase[])("%s", (_, count, make) => {
    const work = (size: number) => {
      const [path, content] = make(size);
      say(path, content, { piece: 65_536 });
    };
    expect(growth(count, work)).toBeLessThan(LINEAR);
  });
});

/** Pages on which every second value takes most of the page, and every other less than nothing. */
function overlappingValues(pageSize: number): Buffer {
  const first = Buffer.alloc(pageSize);
  first.writeUInt32LE(0x00061561, 12);
  first.writeUInt32LE(pageSize, 20);
  const page = Buffer.alloc(pageSize);
  const entries = Math.floor(pageSize / 4.1);
  const [low, high] = [Math.floor(0.53 * pageSize), Math.floor(0.99 * pageSize)];
  page.writeUInt16LE(entries, 20);
  page.writeUInt8(13, 25);
  for (let entry = 0; entry < entries; entry++) {
    const offsets = [high, low, low, high];
    page.writeUInt16LE(offsets[entry % offsets.length] ?? 0, 26 + 2 * entry);
  }
  // A header with as many entries as there is room for.
  page.set([1, 0, 0, 7, 8], low);
  return Buffer.concat([first, ...Array.from({ length: 200 }, () => page)]);
}
