import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFiles } from "../../src/host/files.ts";
import type { TemporaryFolder } from "../../src/host/host.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { writableFolder } from "../../src/inputs/writable-folder.ts";

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
});

afterEach(() => folder[Symbol.asyncDispose]());

/** What is wrong with a path below the folder, which is left out of it. */
async function problemOf(path: string): Promise<string | undefined> {
  const files = createFiles({ workspace: folder.path, env: {} });
  const checked = await writableFolder({ files }, join(folder.path, path));
  return checked.kind === "ok" ? undefined : checked.what.replaceAll(folder.path, "");
}

test("a folder that is there, or can be made, is fine and left as it is", async () => {
  await mkdir(join(folder.path, "out"));
  expect([await problemOf("out"), await problemOf("new/report")]).toEqual([undefined, undefined]);
  expect(await readdir(folder.path, { recursive: true })).toEqual(["out"]);
});

test("a file is no folder, and has none in it", async () => {
  await writeFile(join(folder.path, "file"), "");
  expect(await problemOf("file")).toBe('"/file" is not a folder');
  expect(await problemOf("file/report")).toBe(
    '"/file" is not a folder, and "/file/report" cannot be inside of it',
  );
});

test("what the system will not say or do is told in its words", async () => {
  await symlink("loop", join(folder.path, "loop"));
  expect(await problemOf("loop")).toContain('"/loop" cannot be written to: ELOOP');
  expect(await problemOf("x".repeat(300))).toContain("ENAMETOOLONG");
});

test("where nothing can be written, that is found by trying", async () => {
  const files = createFiles({ workspace: "/", env: {} });
  expect(await writableFolder({ files }, "/proc/report")).toEqual({
    kind: "problem",
    // Not with the name of what was tried to be written.
    what: expect.stringMatching(/^"\/proc\/report" cannot be written to: E[A-Z]+: [a-z ]+$/),
  });
});

test("a link to nothing is told before anything is built, wherever it is on the path", async () => {
  await symlink("nope", join(folder.path, "link"));
  const what = '"/link" is a symbolic link to "nope", which is not there';
  expect([await problemOf("link"), await problemOf("link/report")]).toEqual([what, what]);
});
