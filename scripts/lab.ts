// npm run lab -- up|env|status|down [part…]: the lab on the command line.

import { dirname } from "node:path";
import { messageOf } from "../src/errors.ts";
import { describeLab } from "./lab/describe.ts";
import { ensureLab, PARTS, stopLab } from "./lab/lab.ts";

const USAGE = `usage: npm run lab -- COMMAND [PART…]

  up      starts what is not there yet; parts that need time say so
  env     starts all but builder and graph engine, and prints what a shell needs:
          eval "$(npm run --silent lab -- env)"
  status  says what is there, and starts nothing
  down    stops what the lab has started; what it downloaded and built stays

parts (default: all): ${PARTS.join(", ")}
WEIGHBRIDGE_LAB_FOLDER: where it keeps things. WEIGHBRIDGE_LAB_NUMBER: for a second lab.
`;

// What we run stands in process groups of its own, and ends when we do.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`lab: ${messageOf(error)}\n`);
  process.exitCode = 1;
}

async function main([command, ...names]: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !PARTS.some((part) => part === name));
  if (unknown.length > 0) return usage(`no such part: ${unknown.join(", ")}`);
  const parts = PARTS.filter((part) => names.length === 0 || names.includes(part));
  switch (command) {
    case "up":
      await ensureLab(parts);
      process.stdout.write(`${(await describeLab()).join("\n")}\n`);
      return 0;
    case "env":
      return await printEnvironment();
    case "status":
      process.stdout.write(`${(await describeLab()).join("\n")}\n`);
      return 0;
    case "down":
      await stopLab();
      return 0;
    default:
      return usage(command === undefined ? undefined : `no such command: ${command}`);
  }
}

async function printEnvironment(): Promise<number> {
  const { engine, tools, database } = await ensureLab(["engine", "images", "tools", "database"]);
  const variables = { ...engine.environment, TRIVY_DB_REPOSITORY: database.repository };
  for (const [name, value] of Object.entries(variables)) {
    process.stdout.write(`export ${name}='${value}'\n`);
  }
  const folders = [dirname(tools.trivy), dirname(tools.hadolint)].join(":");
  process.stdout.write(`export PATH='${folders}':"$PATH"\n`);
  return 0;
}

function usage(problem: string | undefined): number {
  process.stderr.write(problem === undefined ? USAGE : `lab: ${problem}\n\n${USAGE}`);
  return problem === undefined ? 0 : 2;
}
