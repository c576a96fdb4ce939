import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isGone, MARK, markOf } from "../../src/host/owner.ts";

test("a process that runs is not gone, and has the same mark as long as it does", () => {
  const mark = markOf(process.pid);
  expect(mark).toMatch(new RegExp(`^${MARK.source}$`));
  expect([markOf(process.pid), isGone(mark)]).toEqual([mark, false]);
});

test("a process that has ended is gone", async () => {
  const child = spawn("sleep", ["60"]);
  const mark = markOf(child.pid ?? 0);
  expect(isGone(mark)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isGone(mark)).toBe(true);
});

test("a process is gone whose number another one has by now", () => {
  const mark = markOf(process.pid).replace(/\d+$/, "1");
  expect(isGone(mark)).toBe(true);
});

test("a process that nobody has buried is gone all the same", () => {
  // The shell becomes a program that never asks how its child has ended.
  const script = "sleep 0 & echo $!; sleep 0.2; exec tail -f /dev/null";
  const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8", timeout: 1_000 });
  expect(isGone(markOf(Number(stdout)))).toBe(true);
});

test("of a process in another place nobody here can say", () => {
  const { pid } = spawnSync("true");
  const mark = markOf(pid).replace(/-[0-9a-f]{8}-/, "-00000000-");
  expect(isGone(mark)).toBe(false);
});

test("what is no mark names nobody who could be gone", () => {
  expect(["", "-", "1234", "1234--5"].map(isGone)).toEqual([false, false, false, false]);
});
