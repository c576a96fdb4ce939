import { execFile } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

const start = join(import.meta.dirname, "..", "scripts", "start.mjs");

it("sets up without a word on standard output, which a shell may be reading", async () => {
  const root = await mkdtemp(join(tmpdir(), "weighbridge-start-"));
  try {
    await cp(start, join(root, "scripts", "start.mjs"));
    const project = { name: "fresh", version: "1.0.0" };
    await writeFile(join(root, "package.json"), JSON.stringify(project));
    const lock = { ...project, lockfileVersion: 3, packages: { "": project } };
    await writeFile(join(root, "package-lock.json"), JSON.stringify(lock));
    const { stdout, stderr } = await run(join(root, "scripts", "start.mjs"), "lab", "env");
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^Installing dependencies .*\n\n?up to date/);
  } finally {
    await rm(root, { recursive: true });
  }
});

/** It ends in an error: a project without dependencies has no Node to hand over to. */
function run(script: string, ...args: readonly string[]) {
  return new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile("node", [script, ...args], (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}
