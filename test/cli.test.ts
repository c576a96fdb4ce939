import { spawn } from "node:child_process";
import { once } from "node:events";
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

it("tells what is wrong with the line beside what is wrong with the inputs", async () => {
  const args = ["--no-cache", "maybe", "--pull", "1", "--severity", "hihg", "--format=yaml"];
  const child = spawn(process.execPath, [door, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [stderr] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect(stderr.match(/^ {2}[^:]*/gm)).toEqual(["  --format", "  command line", "  --severity"]);
  expect(child.exitCode).toBe(2);
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
