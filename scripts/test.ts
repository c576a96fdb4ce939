// npm test: everything. The checks, the tests without an engine, then the lab and the tests with
// it. Ends with the count of what passed, failed and was skipped.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { messageOf } from "../src/errors.ts";
import { ensureLab, PARTS } from "./lab/lab.ts";
import { runTests, type TestRun, total } from "./tests/run-tests.ts";

const root = join(import.meta.dirname, "..");

// What takes long begins first: the lab starts while the checks and the unit tests run.
const lab = ensureLab(PARTS);
lab.catch(() => {});

const checks = [
  await check("Formatting and lint rules", "biome", ["ci", "."]),
  await check("Types", "tsc", ["--noEmit"]),
  await check("dist/ is what src/ makes", "node", ["scripts/build.ts", "--check"]),
];
const unit = await runTests(["unit"]);
const integration = await runIntegrationTests();
finish(checks, [unit, ...integration]);

/** Without the lab none of them can run: that is a failure, and the others are counted all the same. */
async function runIntegrationTests(): Promise<readonly TestRun[]> {
  try {
    await lab;
  } catch (error) {
    console.error(`The lab cannot be started: ${messageOf(error)}`);
    return [{ passed: 0, failed: 1, skipped: 0, exitCode: 1 }];
  }
  const runs: TestRun[] = [];
  for (const project of ["integration", "integration-graph", "integration-builder"]) {
    runs.push(await runTests([project]));
  }
  return runs;
}

async function check(what: string, program: string, args: readonly string[]): Promise<boolean> {
  console.log(`\n${what} …`);
  const path = join(root, "node_modules", ".bin", program);
  const child = spawn(path, args, { cwd: root, stdio: "inherit" });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) console.error(`${what}: failed`);
  return code === 0;
}

function finish(passedChecks: readonly boolean[], runs: readonly TestRun[]): void {
  const counts = total(runs);
  const failedChecks = passedChecks.filter((passed) => !passed).length;
  // A run of which nothing ran proves nothing.
  const isEmpty = runs.some((run) => run.passed === 0);
  if (isEmpty) console.error("Unit or integration tests: none ran");
  const passed = counts.passed + passedChecks.length - failedChecks;
  const failed = counts.failed + failedChecks;
  console.log(`\n${passed} passed, ${failed} failed, ${counts.skipped} skipped`);
  const isGreen = failed === 0 && !isEmpty && runs.every((run) => run.exitCode === 0);
  process.exitCode = isGreen ? 0 : 1;
}
