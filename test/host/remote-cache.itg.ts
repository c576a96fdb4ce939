// GitHub's own client against GitHub's cache service on loopback.
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type CacheService, startCacheService } from "../../scripts/lab/cache/service.ts";
import type { Scope } from "../../scripts/lab/cache/token.ts";
import { readAssignments } from "../../scripts/lab/github/runner/command-files.ts";
import { labParts } from "../../scripts/tests/lab-parts.ts";
import { createFiles } from "../../src/host/files.ts";
import type { CiRun, RemoteCache } from "../../src/host/host.ts";
import { createRemoteCache, saveKeptFolders } from "../../src/host/remote-cache.ts";
import { createTerminalLog } from "../../src/host/terminal-log.ts";

const { blobs } = await labParts(["blobs"]);
const variables = { ...process.env };

let service: CacheService;
let folder: string;
let cancelled: AbortController;
/** What the log says. */
let said: string[];

beforeEach(async () => {
  said = [];
  cancelled = new AbortController();
  service = await startCacheService(blobs);
  folder = await mkdtemp(join(tmpdir(), "remote-cache-"));
});

afterEach(async () => {
  process.env = { ...variables };
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const ALL = { recursive: true, force: true };

const MAIN = { ref: "refs/heads/main", may: "write" } as const;
const CHANGE = { ref: "refs/pull/7/merge", may: "write" } as const;

/** One job on a machine of its own: its main step, then its post step. */
async function job(scopes: readonly Scope[], main: (cache: RemoteCache) => Promise<void>) {
  const temporary = join(folder, "temp");
  await mkdir(temporary, { recursive: true });
  for (const name of await readdir(temporary)) await rm(join(temporary, name), ALL);
  const state = join(temporary, "state");
  await writeFile(state, "");
  const workspace = join(folder, "workspace");
  await mkdir(workspace, { recursive: true });
  const own = { RUNNER_TEMP: temporary, GITHUB_STATE: state, GITHUB_WORKSPACE: workspace };
  process.env = { ...variables, ...own, ...service.variables(scopes) };
  const files = createFiles({ workspace, env: own });
  const stream = { isTTY: false, write: (text: string) => said.push(text) > 0 };
  const log = createTerminalLog({ stream, env: {}, verbose: false, conceal: (text) => text });
  const ci = runOn(scopes[0]?.ref ?? "");
  const { signal } = cancelled;
  const cache = createRemoteCache({ files, log, env: own, ci, signal, restoreSeconds: 1 });
  if (cache === undefined) throw new Error("there is no cache");
  await main(cache);
  for (const [name, value] of Object.entries(readAssignments(await readFile(state, "utf8")))) {
    process.env[`STATE_${name}`] = value;
  }
  await saveKeptFolders(log, 1);
}

function runOn(ref: string): CiRun {
  return {
    event: "push",
    repository: "acme/shop",
    commit: "1".repeat(40),
    ref,
    runId: 1,
    runNumber: 1,
    runAttempt: 1,
    serverUrl: "https://github.com",
  };
}

/** A job that keeps one file. */
function keeping(version: string, content: string) {
  return async (cache: RemoteCache) => {
    const kept = join(folder, "kept");
    await mkdir(kept, { recursive: true });
    await writeFile(join(kept, "file"), content);
    await cache.keep("database", version, kept);
  };
}

/** What a job restores: the content of that file, or that there is nothing. */
async function restored(scopes: readonly Scope[]): Promise<string> {
  let content = "";
  await job(scopes, async (cache) => {
    const into = join(folder, "restored");
    await rm(into, { recursive: true, force: true });
    const isThere = await cache.restore("database", into);
    content = isThere ? await readFile(join(into, "file"), "utf8") : "nothing";
  });
  return content;
}

/** Keeps a file of a megabyte, which is packed into little. */
const keepMuch = () => job([MAIN], keeping("1", "a".repeat(1_000_000)));

/** A file system of 200 kilobytes, in memory. */
async function mountSmall(path: string): Promise<AsyncDisposable> {
  await mkdir(path, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=200k", "none", path]);
  return {
    async [Symbol.asyncDispose]() {
      execFileSync("umount", [path]);
    },
  };
}

/** A job that restores into a folder where something is already; what is there and beside it then. */
async function restoredBeside(parent: string): Promise<readonly string[]> {
  const into = join(parent, "restored");
  await mkdir(into, { recursive: true });
  await writeFile(join(into, "file"), "mine");
  await job([MAIN], async (cache) => {
    expect(await cache.restore("database", into)).toBe(false);
  });
  return [await readFile(join(into, "file"), "utf8"), ...(await readdir(parent))];
}

const keys = () => service.entries().map(({ key }) => key);

test("what a job keeps, a later one restores", async () => {
  await job([MAIN], keeping("1", "first"));
  expect(await restored([MAIN])).toBe("first");
});

test("of several versions the newest is restored", async () => {
  await job([MAIN], keeping("1", "first"));
  await job([MAIN], keeping("2", "second"));
  expect(keys()).toEqual(["weighbridge-database-1", "weighbridge-database-2"]);
  expect(await restored([MAIN])).toBe("second");
});

test("where nothing was kept there is nothing, and what the folder had stays", async () => {
  await job([MAIN], async (cache) => {
    await writeFile(join(folder, "file"), "mine");
    expect(await cache.restore("database", folder)).toBe(false);
  });
  expect(await readFile(join(folder, "file"), "utf8")).toBe("mine");
});

test("the post step leaves nothing in the runner's temporary folder", async () => {
  await job([MAIN], keeping("1", "first"));
  expect(await readdir(join(folder, "temp", "weighbridge-cache"))).toEqual([]);
});

test("a pull request that has the branch's entry keeps none of its own", async () => {
  await job([MAIN], keeping("1", "first"));
  await job([CHANGE, { ...MAIN, may: "read" }], async (cache) => {
    expect(await cache.restore("database", join(folder, "restored"))).toBe(true);
    await keeping("2", "second")(cache);
  });
  expect(keys()).toEqual(["weighbridge-database-1"]);
});

test("a pull request that has none keeps its own", async () => {
  const scopes = [CHANGE, { ...MAIN, may: "read" }] as const;
  await job(scopes, keeping("1", "first"));
  expect(await restored(scopes)).toBe("first");
  expect(await restored([MAIN])).toBe("nothing");
});

test("a token that may only read keeps nothing, and fails nothing", async () => {
  await job([{ ...MAIN, may: "read" }], keeping("1", "first"));
  expect(keys()).toEqual([]);
});

test("the same version is kept once", async () => {
  await job([MAIN], keeping("1", "first"));
  await job([MAIN], keeping("1", "again"));
  expect(await restored([MAIN])).toBe("first");
});

test("a service that refuses is done without", async () => {
  await job([MAIN], keeping("1", "first"));
  service.misbehave({ fault: { kind: "status", status: 403 } });
  expect(await restored([MAIN])).toBe("nothing");
});

test("a service that refuses is told of in our words", async () => {
  service.misbehave({ fault: { kind: "status", status: 403 } });
  expect(await restored([MAIN])).toBe("nothing");
  await job([MAIN], keeping("1", "first"));
  expect(said.join("")).toMatch(/Could not restore database from GitHub's cache: .*403/);
  expect(said.join("")).toMatch(/Could not keep weighbridge-database-1 in GitHub's cache: .*403/);
});

test("a service that is not there is no other job that would have the entry", async () => {
  await service[Symbol.asyncDispose]();
  await job([MAIN], keeping("1", "first"));
  expect(said.join("")).toMatch(
    /Could not keep weighbridge-database-1 in GitHub's cache: .*ECONNREFUSED/,
  );
});

test("an entry that another job has made is told as that", async () => {
  await job([MAIN], keeping("1", "first"));
  await job([MAIN], keeping("1", "again"));
  expect(said.join("")).toMatch(
    /Could not keep weighbridge-database-1 in GitHub's cache: .*already exists/,
  );
});

test("a service that says nothing is done without", async () => {
  service.misbehave({ fault: { kind: "stall" } });
  expect(await restored([MAIN])).toBe("nothing");
});

test("a run that is cancelled does not wait for the service", async () => {
  service.misbehave({ fault: { kind: "stall" } });
  const start = performance.now();
  setTimeout(() => cancelled.abort(), 50);
  expect(await restored([MAIN])).toBe("nothing");
  expect(performance.now() - start).toBeLessThan(900);
});

test("an entry whose bytes are gone is done without", async () => {
  await job([MAIN], keeping("1", "first"));
  await service.lose(() => true, "bytes");
  expect(await restored([MAIN])).toBe("nothing");
});

test("an entry that finds no room where it is unpacked is done without, and leaves none of it", async () => {
  await keepMuch();
  await using _disk = await mountSmall(join(folder, "temp"));
  expect(await restoredBeside(join(folder, "place"))).toEqual(["mine", "restored"]);
  expect(await readdir(join(folder, "temp", "weighbridge-cache"))).toEqual([]);
});

test("an entry that finds no room where it belongs is done without, and leaves none of it", async () => {
  await keepMuch();
  await using _disk = await mountSmall(join(folder, "place"));
  expect(await restoredBeside(join(folder, "place"))).toEqual(["mine", "restored"]);
});

test("an entry that may not be put where it belongs is done without", async () => {
  await job([MAIN], keeping("1", "first"));
  await writeFile(join(folder, "occupied"), "a file");
  await job([MAIN], async (cache) => {
    expect(await cache.restore("database", join(folder, "occupied", "database"))).toBe(false);
  });
  expect(await readFile(join(folder, "occupied"), "utf8")).toBe("a file");
});
