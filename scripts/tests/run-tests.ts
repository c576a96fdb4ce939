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

/** What of the tests is run, and what they are told. */
export interface TestRequest {
  /** Names of vitest.config.ts. */
  readonly projects: readonly string[];
  /** Parts of files' paths. Default: all files. */
  readonly filters?: readonly string[];
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs the tests of some projects and counts them. */
export async function runTests(request: TestRequest): Promise<TestRun> {
  const { projects, filters = [], variables = {} } = request;
  const folder = await mkdtemp(join(tmpdir(), "weighbridge-tests-"));
  try {
    const results = join(folder, "results.json");
    const args = [
      "run",
      ...projects.flatMap((project) => ["--project", project]),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${results}`,
      ...filters,
    ];
    const exitCode = await vitest(args, variables);
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

function vitest(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<number> {
  const program = join(root, "node_modules", "vitest", "vitest.mjs");
  const env = { ...process.env, ...variables };
  const child = spawn(process.execPath, [program, ...args], { cwd: root, env, stdio: "inherit" });
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
