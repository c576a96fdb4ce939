// npm run test:integration: the tests with real parts, all or some.

import { ensureLab, PARTS } from "./lab/lab.ts";
import { runTests } from "./tests/run-tests.ts";

const filters = process.argv.slice(2);
// A single file asks for the parts that it needs.
if (filters.length === 0) await ensureLab(PARTS);
const { exitCode } = await runTests(["integration*"], filters);
process.exitCode = exitCode;
