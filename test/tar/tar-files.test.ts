import { expect, it } from "vitest";
import { tarFiles } from "../../src/tar/tar-files.ts";
import { archive, craft } from "./tar-writer.ts";

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Path and text of each file that is wanted; of the others the path. */
async function filesOf(
  bytes: Uint8Array,
  size = bytes.length,
  isWanted = (_path: string) => true,
): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const { path, content } of tarFiles(inPieces(bytes, size))) {
    let text = "";
    if (isWanted(path)) for await (const piece of content) text += Buffer.from(piece).toString();
    files.push(`${path} ${text}`.trim());
  }
  return files;
}

const letters = "abcdefghij".repeat(200);
const some = archive(
  { path: "folder/", type: "5" },
  { path: "folder/a", content: letters },
  { path: "link", type: "2", linkTarget: "folder/a" },
  { path: "empty", content: "" },
  { path: "b", content: "last" },
);

it.each([some.length, 1000, 512, 7])(
  "files come one by one, in pieces of %d bytes",
  async (size) => {
    expect(await filesOf(some, size)).toEqual([`folder/a ${letters}`, "empty", "b last"]);
  },
);

it("what is not read of a file is passed over", async () => {
  const isWanted = (path: string) => path === "b";
  expect(await filesOf(some, 600, isWanted)).toEqual(["folder/a", "empty", "b last"]);
});

it("an archive that is cut off is not taken for a whole one", async () => {
  const cut = craft({ path: "a", content: letters }).subarray(0, 1200);
  await expect(filesOf(cut, 100)).rejects.toThrow("the archive is cut off");
  await expect(filesOf(cut, 100, () => false)).rejects.toThrow("the archive is cut off");
});

it("whoever gives the pieces is told when no more are wanted", async () => {
  let isOver = false;
  async function* pieces() {
    try {
      yield some;
    } finally {
      isOver = true;
    }
  }
  for await (const _ of tarFiles(pieces())) break;
  expect(isOver).toBe(true);
});
