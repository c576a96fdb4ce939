import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TemporaryFolder } from "../../src/host/host.ts";
import { halfWrittenName } from "../../src/host/leftovers.ts";
import { type LockTimings, takeLock } from "../../src/host/lock.ts";
import { markOf } from "../../src/host/owner.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { startScript } from "./run-script.ts";

const timings: LockTimings = { poll: 10, touch: 20, stale: 60_000 };
let folder: TemporaryFolder;
let path: string;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
  path = join(folder.path, "state", "lock");
});

afterEach(() => folder[Symbol.asyncDispose]());

/** What a lock file says that a process of this machine holds. */
function textOf(id: number): string {
  return JSON.stringify({ process: id, machine: hostname(), owner: markOf(id), token: "a" });
}

const ELSEWHERE = JSON.stringify({
  process: 1,
  machine: "elsewhere",
  owner: "1-00000000-1",
  token: "b",
});

test("a lock that nobody holds is taken at once, and is gone when it is let go", async () => {
  const lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  expect(lock?.path).toBe(path);
  await lock?.[Symbol.asyncDispose]();
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("who waits is told once for whom, and gets it when it is let go", async () => {
  const first = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  const holders: string[] = [];
  const waiting = takeLock(
    path,
    { waitSeconds: 10, onWait: (holder) => holders.push(holder) },
    timings,
  );
  setTimeout(() => void first?.[Symbol.asyncDispose](), 60);
  const second = await waiting;
  expect(holders).toEqual([`process ${process.pid} on ${hostname()}`]);
  await second?.[Symbol.asyncDispose]();
});

test("a lock that stays held is not had", async () => {
  await using _held = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  const second = takeLock(path, { waitSeconds: 0.05, onWait: () => {} }, timings);
  expect(await second).toBeUndefined();
});

test("who waits can be stopped, and does not take it afterwards", async () => {
  const held = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  const cancelled = new AbortController();
  const options = { waitSeconds: 60, onWait: () => cancelled.abort(new Error("cancelled")) };
  const waiting = takeLock(path, { ...options, signal: cancelled.signal }, timings);
  await expect(waiting).rejects.toThrow("cancelled");
  await held?.[Symbol.asyncDispose]();
  expect(await readdir(join(path, ".."))).toEqual([]);
});

test("the lock of a process that is no more is taken over", async () => {
  const { pid } = spawnSync("true");
  await (await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings))?.[
    Symbol.asyncDispose
  ]();
  await writeFile(path, textOf(pid));
  await using _lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  expect(await readFile(path, "utf8")).toContain(`"process":${process.pid}`);
  expect(await readdir(join(path, ".."))).toEqual(["lock"]);
});

test("the lock of another machine is respected while it is touched, and no longer", async () => {
  await (await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings))?.[
    Symbol.asyncDispose
  ]();
  await writeFile(path, ELSEWHERE);
  const holders: string[] = [];
  const onWait = (holder: string) => void holders.push(holder);
  expect(await takeLock(path, { waitSeconds: 0.05, onWait }, timings)).toBeUndefined();
  expect(holders).toEqual(["process 1 on elsewhere"]);
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(path, longAgo, longAgo);
  await using _lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
});

test("a run that was killed while it took a lock over holds nobody up for long", async () => {
  await (await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings))?.[
    Symbol.asyncDispose
  ]();
  const { pid } = spawnSync("true");
  const dead = textOf(pid);
  await writeFile(path, dead);
  await writeFile(`${path}.takeover`, dead);
  const longAgo = new Date(Date.now() - 61_000);
  await utimes(`${path}.takeover`, longAgo, longAgo);
  await using _lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  expect(await readdir(join(path, ".."))).toEqual(["lock"]);
});

test("what a killed run had half written is gone with its lock, and nothing else", async () => {
  const { pid } = spawnSync("true");
  const state = join(path, "..");
  await mkdir(join(state, "layout"), { recursive: true });
  const ours = join("layout", `index.json.${halfWrittenName(markOf(process.pid))}`);
  const names = [ours, join("layout", `index.json.${halfWrittenName(markOf(pid))}`), "notes.tmp"];
  for (const name of names) await writeFile(join(state, name), "{");
  await using _lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  const left = await readdir(state, { recursive: true });
  expect(left.toSorted()).toEqual(["layout", ours, "lock", "notes.tmp"]);
});

test("temporary folders that killed runs had beside it are gone with its lock", async () => {
  const { pid } = spawnSync("true");
  const state = join(path, "..");
  const names = [pid, process.pid].map((id) => `weighbridge-${markOf(id)}-state-Ab12Cd`);
  for (const name of names) await mkdir(join(state, name, "layout"), { recursive: true });
  await using _lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  expect((await readdir(state)).toSorted()).toEqual(["lock", names[1]]);
});

test("a lock that another run has taken over is not taken away from it", async () => {
  const lost = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  const theirs = ELSEWHERE;
  await writeFile(path, theirs);
  await lost?.[Symbol.asyncDispose]();
  expect(await readFile(path, "utf8")).toBe(theirs);
});

test.each([
  ["an empty folder", (at: string) => mkdir(at)],
  ["a link to nothing", (at: string) => symlink("nowhere", at)],
  ["a link to a file", (at: string) => symlink("/etc/hostname", at)],
  ["a pipe", async (at: string) => void spawnSync("mkfifo", [at])],
])("%s at the lock's place is removed, and holds nobody up", async (_, put) => {
  await mkdir(join(path, ".."), { recursive: true });
  await put(path);
  await using _lock = await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  expect(await readFile(path, "utf8")).toContain(`"process":${process.pid}`);
});

test("a folder with something in it at the lock's place is left, and told", async () => {
  await mkdir(join(path, "inner"), { recursive: true });
  const taking = takeLock(path, { waitSeconds: 0, onWait: refuse }, timings);
  await expect(taking).rejects.toMatchObject({ code: "ENOTEMPTY", path });
  expect(existsSync(join(path, "inner"))).toBe(true);
});

test("a process that lost its lock leaves that of another alone when it ends", async () => {
  await mkdir(join(path, ".."), { recursive: true });
  const { result } = startScript(`
    import { writeFileSync } from "node:fs";
    import { takeLock } from "#src/host/lock.ts";
    await takeLock(${JSON.stringify(path)}, { waitSeconds: 0, onWait: () => {} });
    writeFileSync(${JSON.stringify(path)}, ${JSON.stringify(ELSEWHERE)});
    process.exit(0);
  `);
  expect(await result).toMatchObject({ exitCode: 0, stderr: "" });
  expect(await readFile(path, "utf8")).toBe(ELSEWHERE);
});

test("a held lock is touched, so that it does not go stale", async () => {
  const quick = { ...timings, stale: 1_000 };
  await using _held = await takeLock(path, { waitSeconds: 0, onWait: refuse }, quick);
  const second = takeLock(path, { waitSeconds: 1.5, onWait: () => {} }, quick);
  expect(await second).toBeUndefined();
});

test("of many that want it at the same time, one at a time has it", async () => {
  let holders = 0;
  let most = 0;
  const { pid } = spawnSync("true");
  await (await takeLock(path, { waitSeconds: 0, onWait: refuse }, timings))?.[
    Symbol.asyncDispose
  ]();
  await writeFile(path, textOf(pid));
  const turns = Array.from({ length: 12 }, async () => {
    await using _lock = await takeLock(path, { waitSeconds: 20, onWait: () => {} }, timings);
    holders += 1;
    most = Math.max(most, holders);
    await new Promise((resolve) => setTimeout(resolve, 5));
    holders -= 1;
  });
  await Promise.all(turns);
  expect(most).toBe(1);
});

function refuse(holder: string): never {
  throw new Error(`did not expect to wait for ${holder}`);
}
