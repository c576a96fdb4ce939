// npm run test:unit: the tests that need no engine.

import { runTests } from "./tests/run-tests.ts";

const { exitCode } = await runTests({
  projects: ["unit"],
  filters: process.argv.slice(2),
});
process.exitCode = exitCode;
