import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("the stand-in runs as a process from a seed and fails for what did not fit", async () => {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-test-"));
  const seed = join(folder, "seed.json");
  await writeFile(seed, JSON.stringify({ repositories: [{ repository: "octo/app" }] }));
  const child = spawn(process.execPath, ["scripts/lab/github/main.ts", "--seed", seed]);
  const [line]: unknown[] = await once(child.stdout, "data");
  const url = String(line).trim();
  const found = await fetch(`${url}/repos/octo/app`);
  const lost = await fetch(`${url}/nowhere`);
  const stderr = text(child.stderr);
  child.kill("SIGTERM");
  await once(child, "close");
  await rm(folder, { recursive: true });
  expect([found.status, lost.status, child.exitCode]).toEqual([200, 404, 1]);
  expect(await stderr).toContain("GET /nowhere (no operation): not an operation");
});
