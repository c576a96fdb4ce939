import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { say } from "./say.ts";

function fixture(name: string): Buffer {
  const folder = join(import.meta.dirname, "..", "..", "fixtures", "packages", "rpm");
  return gunzipSync(readFileSync(join(folder, `${name}.gz`)));
}

/** What rpm itself lists for the fixtures: see their README. */
const PARTS = Array.from({ length: 40 }, (_, index) => index + 1).filter((part) => part !== 7);
const PACKAGES = [
  "Large_one 10-1",
  ...PARTS.map((part) => `part-${part} 1-${part}`),
  "small 1.2.3-4.test",
].sort();

const FORMATS = [
  ["SQLite", "/var/lib/rpm/rpmdb.sqlite", "rpmdb.sqlite"],
  ["SQLite in its newer folder", "/usr/lib/sysimage/rpm/rpmdb.sqlite", "rpmdb.sqlite"],
  ["ndb", "/usr/lib/sysimage/rpm/Packages.db", "Packages.db"],
  ["Berkeley DB", "/var/lib/rpm/Packages", "Packages"],
  ["Berkeley DB of a big-endian machine", "/var/lib/rpm/Packages", "Packages.big-endian"],
] as const;

describe.each(FORMATS)("rpm's database in %s", (_format, path, name) => {
  const database = fixture(name);
  const said = say(path, database, { piece: 4000 }) ?? [];

  it("names all packages", () => {
    expect(said.map((one) => `${one.name} ${one.version}`).sort()).toEqual(PACKAGES);
    expect(said.every(({ type }) => type === "rpm")).toBe(true);
  });

  it("has the files of each", () => {
    const small = said.find((one) => one.name === "small");
    expect(small?.files).toEqual(["/etc/small", "/etc/small/settings", "/usr/bin/small"]);
    const large = said.find((one) => one.name === "Large_one");
    expect(large?.files?.length).toBe(403);
    expect(large?.files).toContain("/usr/share/large/b/file-200");
  });

  it("says less, and nothing else, when it is cut off", () => {
    const cut = say(path, database.subarray(0, database.length / 2), { piece: 4000 }) ?? [];
    const names = cut.map((one) => `${one.name} ${one.version}`);
    expect(PACKAGES).toEqual(expect.arrayContaining(names));
    expect(names.length).toBeLessThan(PACKAGES.length);
  });
});

it("finds no database elsewhere", () => {
  expect(say("/srv/Packages", fixture("Packages"))).toBeUndefined();
  expect(say("/var/lib/rpm/Basenames", fixture("Packages"))).toBeUndefined();
  expect(say("/var/lib/rpm/toString", "")).toBeUndefined();
});
