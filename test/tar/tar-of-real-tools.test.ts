import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { nameText } from "../../src/inspect/names.ts";
import { readTar } from "./read-tar.ts";

const FOLDER = "folder-with-a-long-name/";
const DEEP = FOLDER.repeat(6);
const FILE = "file-whose-name-is-also-rather-long-so-that-it-does-not-fit-anywhere.txt";
const TARGET = "target-that-is-too-long-for-a-header-of-a-tar-archive-of-any-kind";

/** What `tar tv` says of the folder that most of the archives were made of. */
const LISTING = [
  "folder ./ 0",
  "fifo ./fifo 0",
  "file ./file 4",
  ...[1, 2, 3, 4, 5, 6].map((depth) => `folder ./${FOLDER.repeat(depth)} 0`),
  `file ./${DEEP}${FILE} 5`,
  "file ./f\\xFCr 1",
  "file ./größe.txt 2",
  "hardlink ./hardlink 0 ./file",
  "file ./holes 8388608",
];
const SYMLINK = `symlink ./symlink 0 ${DEEP}${TARGET}`;

describe("archives of real tools", () => {
  it.each(["gnu", "pax-sparse-0.0", "pax-sparse-0.1", "pax-sparse-1.0"])(
    "list the same in the format %s",
    (name) => {
      expect(list(name)).toEqual([...LISTING, SYMLINK]);
    },
  );

  it.each(["gnu", "pax-sparse-0.0", "pax-sparse-0.1", "pax-sparse-1.0"])(
    "give the file with holes as it was in the format %s",
    (name) => {
      const holes = readTar(load(name)).find(({ path }) => path === "./holes");
      const expected = Buffer.alloc(8 * 1024 * 1024);
      for (let number = 1; number <= 7; number++) expected.write("data", number * 1_000_000);
      expect(Buffer.from(holes?.content ?? "", "latin1").equals(expected)).toBe(true);
    },
  );

  it("list the same in the format ustar", () => {
    expect(list("ustar")).toEqual(LISTING);
  });

  it("are read when they are older than POSIX", () => {
    expect(list("v7")).toEqual(["file file 4", "hardlink hardlink 0 file"]);
  });

  it("are read past the global header that Python writes", () => {
    expect(list("python-pax")).toEqual([`file a/${"ö".repeat(80)} 5`, "file b 3"]);
  });

  it("have owners that octal digits have no room for", () => {
    expect(readTar(load("big-owner"))[0]).toMatchObject({ uid: 3000000000, gid: 2999999999 });
  });
});

function list(name: string): readonly string[] {
  return readTar(load(name)).map(({ kind, path, bytes, linkTarget }) =>
    [kind, display(path), bytes, ...(linkTarget === "" ? [] : [linkTarget])].join(" "),
  );
}

function load(name: string): Uint8Array {
  const path = join(import.meta.dirname, "..", "fixtures", "layers", `${name}.tar.gz`);
  return gunzipSync(readFileSync(path));
}

function display(path: string): string {
  return nameText(Buffer.from(path, "latin1"));
}
