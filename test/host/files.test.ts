import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFiles } from "../../src/host/files.ts";
import type { Files, TemporaryFolder } from "../../src/host/host.ts";
import { markOf } from "../../src/host/owner.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";

let folder: TemporaryFolder;
let files: Files;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
  files = createFiles({ workspace: folder.path, env: { RUNNER_TEMP: join(folder.path, "temp") } });
});

afterEach(() => folder[Symbol.asyncDispose]());

test("paths are relative to the workspace, and folders are made", async () => {
  await files.writeText("deep/down/file.txt", "text");
  expect(await readFile(join(folder.path, "deep/down/file.txt"), "utf8")).toBe("text");
  expect(await files.readText(join(folder.path, "deep/down/file.txt"))).toBe("text");
});

test("a pipe is not waited for", async () => {
  execFileSync("mkfifo", [join(folder.path, "pipe")]);
  await expect(files.readText("pipe")).rejects.toThrow("EINVAL: not a regular file");
  await expect(text(files.readStream("pipe"))).rejects.toThrow("EINVAL: not a regular file");
  await expect(files.readText("/dev/null")).rejects.toThrow("EINVAL: not a regular file");
  await expect(files.readText(".")).rejects.toThrow("EISDIR");
});

test("writing leaves nothing but the file", async () => {
  await files.writeText("a/file", "one");
  await files.writeText("a/file", "two");
  expect(await readdir(join(folder.path, "a"))).toEqual(["file"]);
  expect(await files.readText("a/file")).toBe("two");
});

test("a stream that breaks leaves the old file and no other", async () => {
  await files.writeText("a/file", "old");
  async function* broken() {
    yield Buffer.from("half");
    throw new Error("broken");
  }
  await expect(files.writeStream("a/file", broken())).rejects.toThrow("broken");
  expect(await readdir(join(folder.path, "a"))).toEqual(["file"]);
  expect(await files.readText("a/file")).toBe("old");
});

test("a stream is read as it was written", async () => {
  async function* bytes() {
    yield Buffer.from("ab");
    yield Buffer.from("c");
  }
  await files.writeStream("file", bytes());
  const read: Uint8Array[] = [];
  for await (const chunk of files.readStream("file")) read.push(chunk);
  expect(Buffer.concat(read).toString()).toBe("abc");
});

test("a link says where it leads to, and nothing else does", async () => {
  await files.writeText("file", "text");
  await files.symlink("nowhere", join(folder.path, "link"));
  expect(await files.linkTarget("link")).toBe("nowhere");
  const others = ["file", ".", "missing", "file/below"].map((path) => files.linkTarget(path));
  expect(await Promise.all(others)).toEqual([undefined, undefined, undefined, undefined]);
});

test("stat tells files, folders and nothing apart, through links", async () => {
  await files.writeText("file", "four");
  await files.symlink("file", join(folder.path, "link"));
  expect(await files.stat("link")).toMatchObject({ kind: "file", bytes: 4 });
  expect(await files.stat(".")).toMatchObject({ kind: "folder" });
  expect(await files.stat("/dev/null")).toMatchObject({ kind: "other" });
  expect(await files.stat("nothing")).toBeUndefined();
  expect(await files.stat("file/below")).toBeUndefined();
});

test("a list is sorted, and empty where there is no folder", async () => {
  for (const name of ["b", "a", "C"]) await files.writeText(`list/${name}`, "");
  expect(await files.list("list")).toEqual(["C", "a", "b"]);
  expect(await files.list("nothing")).toEqual([]);
});

test("removing takes a folder with all in it, and does not mind nothing", async () => {
  await files.writeText("a/b/c", "");
  await files.remove("a");
  await files.remove("a");
  expect(await files.stat("a")).toBeUndefined();
});

test("a link shares its file, and leaves what is there already", async () => {
  await files.writeText("from", "from");
  await files.writeText("taken", "taken");
  await files.link("from", "to");
  await files.link("from", "taken");
  expect((await stat(join(folder.path, "to"))).ino).toBe(
    (await stat(join(folder.path, "from"))).ino,
  );
  expect(await files.readText("taken")).toBe("taken");
});

test("where the file system cannot link, the file is copied", async () => {
  await using memory = await makeTemporaryFolder("test", { RUNNER_TEMP: "/dev/shm" });
  await files.writeText("from", "from");
  await files.link("from", join(memory.path, "to"));
  expect(await files.readText(join(memory.path, "to"))).toBe("from");
});

test("linking what is not there is an error", async () => {
  await expect(files.link("nothing", "to")).rejects.toThrow("ENOENT");
});

test("a real path has its links resolved", async () => {
  await files.writeText("a/file", "");
  await symlink("a", join(folder.path, "b"));
  expect(await files.realPath("b/file")).toBe(await files.realPath("a/file"));
});

test("a file is renamed", async () => {
  await files.writeText("from", "x");
  await files.rename("from", "to");
  expect(await files.list(".")).toEqual(["to"]);
});

test("a temporary folder is below the runner's and goes when it is disposed of", async () => {
  const temporary = await files.temporaryFolder("scan");
  const name = `weighbridge-${markOf(process.pid)}-scan-`;
  expect(temporary.path.startsWith(join(folder.path, "temp", name))).toBe(true);
  await files.writeText(join(temporary.path, "deep/file"), "");
  await temporary[Symbol.asyncDispose]();
  expect(await files.list("temp")).toEqual([]);
});

async function plant(...names: readonly string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(folder.path, name, ".."), { recursive: true });
    await writeFile(join(folder.path, name), "");
  }
}

test("a glob finds files at every depth, sorted, hidden ones too", async () => {
  await plant("Dockerfile", "b/Dockerfile", "a/Dockerfile", "a/.ci/Dockerfile", "a/other");
  expect(await files.glob(["**/Dockerfile"])).toEqual([
    "Dockerfile",
    "a/.ci/Dockerfile",
    "a/Dockerfile",
    "b/Dockerfile",
  ]);
});

test("a glob never looks into .git, and into node_modules only when asked", async () => {
  await plant(".git/Dockerfile", "node_modules/x/Dockerfile");
  expect(await files.glob(["**/Dockerfile"])).toEqual([]);
  expect(await files.glob(["node_modules/**/Dockerfile"])).toEqual(["node_modules/x/Dockerfile"]);
});

test("a pattern with an exclamation mark takes files out again", async () => {
  await plant("Dockerfile.a", "Dockerfile.b", "x/Dockerfile.a");
  expect(await files.glob(["!Dockerfile.b", "./Dockerfile.*"])).toEqual(["Dockerfile.a"]);
});

test("a plain path is a pattern, and folders are no files", async () => {
  await plant("a/Dockerfile");
  expect(await files.glob(["a/Dockerfile", "a", "nothing"])).toEqual(["a/Dockerfile"]);
});

test("a linked file is found, a linked folder is not followed", async () => {
  await plant("a/Dockerfile");
  await symlink(join(folder.path, "a/Dockerfile"), join(folder.path, "Dockerfile"));
  await symlink(folder.path, join(folder.path, "loop"));
  expect(await files.glob(["**/Dockerfile"])).toEqual(["Dockerfile", "a/Dockerfile"]);
});

test("nothing outside the workspace is found", async () => {
  expect(await files.glob(["../*", "/etc/*", "a/../../*"])).toEqual([]);
});

test("a written file has the permissions that any new file gets", async () => {
  await writeFile(join(folder.path, "plain"), "");
  await chmod(folder.path, 0o755);
  await files.writeText("ours", "");
  expect((await stat(join(folder.path, "ours"))).mode).toBe(
    (await stat(join(folder.path, "plain"))).mode,
  );
});

test("a part of a file can be read", async () => {
  await files.writeText("digits", "0123456789");
  const read = async (start: number, end: number) =>
    await text(files.readStream("digits", { start, end }));
  expect(await read(2, 5)).toBe("234");
  expect(await read(8, 100)).toBe("89");
  expect(await read(3, 3)).toBe("");
  expect(await read(7, Number.POSITIVE_INFINITY)).toBe("789");
});

test("a temporary folder can be made where there is room", async () => {
  await using temporary = await files.temporaryFolder("large", "state/scratch");
  expect(temporary.path.startsWith(join(folder.path, "state/scratch/"))).toBe(true);
});
