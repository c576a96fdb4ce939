// npm test: everything. The checks, the tests without an engine, then the lab and the tests with
// it. Ends with the count of what passed, failed and was skipped.

import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { messageOf } from "../src/errors.ts";
import { ensureLab, PARTS } from "./lab/lab.ts";
import { labVariables } from "./tests/lab-parts.ts";
import { runTests, type TestRun, total } from "./tests/run-tests.ts";
import { refusalOf } from "./tests/whole-run.ts";

const refusal = refusalOf(process.argv.slice(2));
if (refusal !== undefined) {
  console.error(refusal);
  process.exit(2);
}

const root = join(import.meta.dirname, "..");

// What takes long begins first: the lab starts while the checks and the unit tests run.
const lab = ensureLab(PARTS);
lab.catch(() => {});

const checks = await Promise.all([
  check("Formatting and lint rules", "biome", ["ci", "."]),
  check("Types", "tsc", ["--noEmit"]),
  check("dist/ is what src/ makes", "node", ["scripts/build.ts", "--check"]),
]);
const unit = await runTests({ projects: ["unit"] });
const integration = await runIntegrationTests();
finish(checks, [unit, integration]);

/** Without the lab none of them can run: that is a failure, and the others are counted all the same. */
async function runIntegrationTests(): Promise<TestRun> {
  let variables: Readonly<Record<string, string>>;
  try {
    variables = labVariables(await lab);
  } catch (error) {
    console.error(`The lab cannot be started: ${messageOf(error)}`);
    return { passed: 0, failed: 1, skipped: 0, exitCode: 1 };
  }
  // Together, so that no core is idle while the last file of one of them waits.
  return await runTests({ projects: ["integration*"], variables });
}

/** What it prints is shown in one piece: others run beside it. */
async function check(what: string, program: string, args: readonly string[]): Promise<boolean> {
  const path = join(root, "node_modules", ".bin", program);
  const child = spawn(path, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once("exit", resolve)),
  ]);
  console.log(`\n${what}: ${code === 0 ? "passed" : "failed"}\n${stdout}${stderr}`.trimEnd());
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
