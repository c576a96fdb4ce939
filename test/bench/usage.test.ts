import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { measured } from "../../bench/usage.ts";
import { run } from "../../scripts/lab/shell.ts";

const HELD_BYTES = 400_000_000;

test("Memory of programs that ran before the work does not count", async () => {
  const hold = `const held = Buffer.alloc(${HELD_BYTES}, 1); console.log(held.length); setInterval(() => {}, 1000)`;
  const before = spawn(process.execPath, ["-e", hold], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(before.stdout, "data");
    const usage = await measured(async () => {
      await run(process.execPath, ["-e", "setTimeout(() => {}, 1000)"]);
    });
    expect(usage.peakBytes).toBeGreaterThan(10_000_000);
    expect(usage.peakBytes).toBeLessThan(HELD_BYTES);
  } finally {
    before.kill("SIGKILL");
  }
});
