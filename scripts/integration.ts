// npm run test:integration: the tests with real parts, all or some.

import { ensureLab, PARTS } from "./lab/lab.ts";
import { labVariables } from "./tests/lab-parts.ts";
import { runTests } from "./tests/run-tests.ts";

const filters = process.argv.slice(2);
// A single file asks for the parts that it needs.
const variables = filters.length === 0 ? labVariables(await ensureLab(PARTS)) : {};
const { exitCode } = await runTests({ projects: ["integration*"], filters, variables });
process.exitCode = exitCode;
