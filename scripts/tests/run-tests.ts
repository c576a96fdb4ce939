import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Tests by their outcome. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface TestRun extends Counts {
  readonly exitCode: number;
}

/** Runs the tests of some projects of vitest.config.ts and counts them. */
export async function runTests(
  projects: readonly string[],
  filters: readonly string[] = [],
): Promise<TestRun> {
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-tests-"));
  try {
    const results = join(folder, "results.json");
    const exitCode = await vitest([
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...filters,
    ]);
    return { exitCode, ...countsOf(await readFile(results, "utf8").catch(() => "{}")) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Adds up. */
export function total(runs: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => runs.reduce((count, run) => count + run[key], 0);
  return { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
}

function vitest(args: readonly string[]): Promise<number> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function countsOf(json: string): Counts {
  const results = JSON.parse(json) as Partial<Record<string, number>>;
  return {
    passed: results.numPassedTests ?? 0,
    failed: results.numFailedTests ?? 0,
    skipped: (results.numPendingTests ?? 0) + (results.numTodoTests ?? 0),
  };
}
