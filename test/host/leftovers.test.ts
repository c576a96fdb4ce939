import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, utimes } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TemporaryFolder } from "../../src/host/host.ts";
import { OWNER_VARIABLE, removeLeftovers } from "../../src/host/leftovers.ts";
import { isGone, markOf } from "../../src/host/owner.ts";
import { makeTemporaryFolder } from "../../src/host/temporary.ts";
import { startScript } from "./run-script.ts";

let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await makeTemporaryFolder("test", {});
});

afterEach(() => folder[Symbol.asyncDispose]());

/** Of a process that is no more. */
function deadMark(): string {
  return markOf(spawnSync("true").pid);
}

/** As a host starts its programs. */
function startFor(mark: string, script = "exec sleep 60"): ChildProcess {
  const env = { PATH: process.env.PATH ?? "", [OWNER_VARIABLE]: mark };
  return spawn("sh", ["-c", script], { env, detached: true });
}

test("temporary folders of runs that were killed are removed, with all in them", async () => {
  await mkdir(join(folder.path, `weighbridge-${deadMark()}-bake-Ab12Cd`, "deep"), {
    recursive: true,
  });
  removeLeftovers({ RUNNER_TEMP: folder.path });
  expect(await readdir(folder.path)).toEqual([]);
});

test("temporary folders of runs that go on, and of anybody else, stay", async () => {
  const env = { RUNNER_TEMP: folder.path };
  await using ours = await makeTemporaryFolder("bake", env);
  await mkdir(join(folder.path, "weighbridge-notes"));
  await mkdir(join(folder.path, "weighbridge"));
  removeLeftovers(env);
  const [, name = ""] = /\/([^/]+)$/.exec(ours.path) ?? [];
  expect((await readdir(folder.path)).toSorted()).toEqual(
    [name, "weighbridge", "weighbridge-notes"].toSorted(),
  );
});

test("temporary folders of runs in other containers go once no job can go on that made them", async () => {
  const daysAgo = (days: number) => Date.now() / 1000 - days * 24 * 60 * 60;
  const there = "77-00000000-1";
  for (const [mark, name, days] of [
    [there, "old", 5.1],
    [there, "young", 4.9],
    [markOf(process.pid), "ours", 9],
  ] as const) {
    const path = join(folder.path, `weighbridge-${mark}-${name}`);
    await mkdir(path);
    await utimes(path, daysAgo(days), daysAgo(days));
  }
  removeLeftovers({ RUNNER_TEMP: folder.path });
  const left = (await readdir(folder.path)).map((name) => name.split("-").at(-1));
  expect(left.toSorted()).toEqual(["ours", "young"]);
});

test("programs of runs that were killed are ended, and no others", async () => {
  const orphan = startFor(deadMark());
  const child = startFor(markOf(process.pid));
  const ended = once(orphan, "exit");
  removeLeftovers({ RUNNER_TEMP: folder.path });
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  child.kill();
});

test("a child of theirs is ended with them, whatever its own output is, and without them too", async () => {
  for (const script of [
    "sleep 60 > /dev/null & echo $!; wait",
    "sleep 60 2> /dev/null & echo $!",
  ]) {
    const orphan = startFor(deadMark(), script);
    const exited = once(orphan, "exit");
    const [output] = await once(orphan.stdout ?? orphan, "data");
    const child = markOf(Number(output));
    if (!script.endsWith("wait")) await exited;
    expect(isGone(child)).toBe(false);
    removeLeftovers({ RUNNER_TEMP: folder.path });
    await expect.poll(() => isGone(child)).toBe(true);
  }
});

test("daemons that they have started are left to whoever uses them, with their children", async () => {
  // As gpg-agent is left by a helper for credentials, and has a program for cards that writes to it.
  const path = join(folder.path, "daemon");
  const daemon = `echo $$ > ${path}; sleep 60 | sleep 60`;
  const orphan = startFor(deadMark(), `setsid sh -c '${daemon}' > /dev/null 2>&1 & wait`);
  await expect.poll(() => readFile(path, "utf8").catch(() => "")).toMatch(/\n/);
  const id = Number(await readFile(path, "utf8"));
  try {
    await expect.poll(() => programsOfSession(id)).toHaveLength(3);
    const ended = once(orphan, "exit");
    removeLeftovers({ RUNNER_TEMP: folder.path });
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(programsOfSession(id)).toHaveLength(3);
  } finally {
    process.kill(-id, "SIGKILL");
  }
});

function programsOfSession(id: number): readonly string[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "-s", String(id)], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line !== "");
}

test("a host begins by ending and removing what a killed one has left", async () => {
  const env = { RUNNER_TEMP: folder.path };
  const begun = `
    import { createLocalHost } from "#src/host/local-host.ts";
    const host = createLocalHost();
    await host.files.temporaryFolder("left");
    await host.exec("sh", ["-c", "echo $$; exec sleep 60"], { onStdoutLine: console.log });
  `;
  const { child, result } = startScript(begun, env);
  const [output] = await once(child.stdout, "data");
  const program = markOf(Number(output));
  child.kill("SIGKILL");
  expect((await result).exitCode).toBeNull();
  expect(await readdir(folder.path)).toHaveLength(1);
  const next = `
    import { createLocalHost } from "#src/host/local-host.ts";
    createLocalHost()[Symbol.dispose]();
  `;
  expect((await startScript(next, env).result).exitCode).toBe(0);
  expect(await readdir(folder.path)).toEqual([]);
  expect(isGone(program)).toBe(true);
});
