import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Members } from "../../src/sources/members.ts";
import { openTar } from "../../src/sources/tar-members.ts";
import { file, folder, hardlink, symlink } from "../inspect/entries.ts";
import { archive, gnuLong, pax } from "../tar/tar-writer.ts";
import { openSourceRoom, type SourceRoom } from "./source-room.ts";

const LONG = `${"long/".repeat(60)}name`;

let room: SourceRoom;
let members: Members;

beforeAll(async () => {
  room = await openSourceRoom();
  const bytes = archive(
    pax({ comment: "of all that follows" }, "g"),
    folder("blobs/"),
    // Of GNU's own kinds: what is in a folder.
    { path: "blobs/", type: "D", content: "Yindex.json\0".repeat(100) },
    file("./index.json", 3, "i"),
    file("large", 700_000),
    file("/absolute//twice", 2, "a"),
    pax({ path: LONG }),
    file("short", 4, "l"),
    gnuLong("L", `${LONG}.gnu`),
    file("short", 5, "g"),
    hardlink("a/hard", "large"),
    symlink("a/b/soft", "../hard"),
    symlink("a/ring", "ring"),
    symlink("out", "../../etc/passwd"),
    file("empty", 0),
    file("changed", 1),
    file("changed", 2),
  );
  await room.write("some.tar", bytes);
  members = await openTar(room.workshop.host, "some.tar");
});

afterAll(() => room[Symbol.asyncDispose]());

describe("the files of an archive", () => {
  it.each([
    ["index.json", 3],
    ["large", 700_000],
    ["absolute/twice", 2],
    [LONG, 4],
    [`${LONG}.gnu`, 5],
    ["a/hard", 700_000],
    ["a/b/soft", 700_000],
    ["empty", 0],
    ["changed", 2],
  ])("are found by path: %s", async (path, bytes) => {
    expect(await members.bytesOf(path)).toBe(bytes);
    expect(await text(members.read(path))).toHaveLength(bytes);
  });

  it.each(["blobs", "a/ring", "out", "etc/passwd", "short", "nothing"])(
    "are no others: %s",
    async (path) => {
      expect(await members.bytesOf(path)).toBeUndefined();
      await expect(async () => text(members.read(path))).rejects.toThrow(`some.tar has no ${path}`);
    },
  );

  it("have no holes", async () => {
    const sparse = pax({
      "GNU.sparse.major": "1",
      "GNU.sparse.minor": "0",
      "GNU.sparse.realsize": "9",
    });
    await room.write("holes.tar", archive(file("a", 1), sparse, file("b", 512)));
    await expect(openTar(room.workshop.host, "holes.tar")).rejects.toThrow(
      "The archive holes.tar cannot be read: a file has holes",
    );
  });

  it.each([
    ["in a file", 512 + 700_000],
    ["in a small file", 512 + 700_416 + 512 + 5],
    ["in a header", 512 + 700_416 + 100],
  ])("are not those of an archive that is cut off %s", async (_, bytes) => {
    const whole = archive(file("large", 700_000 + 1), file("small", 9));
    await room.write("cut.tar", whole.subarray(0, bytes));
    await expect(openTar(room.workshop.host, "cut.tar")).rejects.toThrow(
      "The archive cut.tar cannot be read: it is cut off",
    );
  });

  it("are all those of an archive that has no end", async () => {
    const whole = archive(file("large", 700_001), file("small", 9));
    await room.write("open.tar", whole.subarray(0, 512 + 700_416 + 512 + 9));
    const open = await openTar(room.workshop.host, "open.tar");
    expect(await open.bytesOf("small")).toBe(9);
  });

  it("can be read in part, and never beyond their end", async () => {
    expect(await text(members.read("index.json", { start: 1, end: 9 }))).toBe("ii");
  });
});
