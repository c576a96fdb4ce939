import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";

const door = join(import.meta.dirname, "..", "src", "cli.ts");

it("ends as it would have when whoever reads its output leaves early", async () => {
  const child = spawn(process.execPath, [door, "--help"], { stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect({ stderr, exitCode: child.exitCode }).toEqual({ stderr: "", exitCode: 0 });
});

it.each([
  { more: ["--dry-run"], others: [] },
  { more: [], others: ["  Docker"] },
])("tells what is wrong with the line, the inputs and the engine at once: %j", async (row) => {
  const args = ["--no-cache", "maybe", "--pull", "1", "--severity", "hihg", "--format=yaml"];
  const child = spawn(process.execPath, [door, ...args, ...row.more], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: "/nowhere" },
  });
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  const places = ["  --format", "  command line", "  --severity", ...row.others];
  expect(stderr.match(/^ {2}[^:]*/gm)).toEqual(places);
  expect(child.exitCode).toBe(2);
});

it("says why where its output cannot be written", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawnSync(process.execPath, [door, "--help"], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  expect(String(child.stderr)).toMatch(/^error: standard output cannot be written: .*ENOSPC/);
  expect(child.status).toBe(3);
});

it.each([
  [["inspect", "--layer", "x", "docker://a"], "nothing was inspected"],
  [["--no-such-option"], "nothing was built"],
])("says what was not done for bad input: %j", async (args, consequence) => {
  const child = spawn(process.execPath, [door, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(stderr).toContain(`; ${consequence}:`);
  expect(child.exitCode).toBe(2);
});
