import { mkdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFolders } from "../../src/host/make-folders.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";

test("folders are made as far as they are not there, by several at once too", async () => {
  await using folder = await makeTemporaryFolder("test", {}, tmpdir());
  const path = join(folder.path, "a", "b", "c");
  await Promise.all([makeFolders(path), makeFolders(path), makeFolders(join(path, "d"))]);
  await makeFolders(path);
  expect((await stat(join(path, "d"))).isDirectory()).toBe(true);
});

test("what cannot be a folder is an error", async () => {
  await using folder = await makeTemporaryFolder("test", {}, tmpdir());
  await writeFile(join(folder.path, "file"), "");
  await expect(makeFolders(join(folder.path, "file"))).rejects.toThrow("EEXIST");
  await expect(makeFolders(join(folder.path, "file", "a"))).rejects.toThrow("ENOTDIR");
  await mkdir(join(folder.path, "folder"));
  await makeFolders(join(folder.path, "folder"));
});

test("where nobody can make any, that is an error rather than tried for ever", async () => {
  await expect(makeFolders("/proc/nobody/nothing")).rejects.toThrow("ENOENT");
});
