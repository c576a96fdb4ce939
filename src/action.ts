// The door of the action: main and post step are the same bundle, told apart by saved state.

import { createHash } from "node:crypto";
import { join } from "node:path";
import * as core from "@actions/core";
import { createActionsHost } from "./host/actions-host.ts";
import { INPUT_NAMES, type RawInputs } from "./inputs/input-kinds.ts";
import { endingOf, explain } from "./outcome.ts";
import { cleanUp } from "./post.ts";
import { renderTerminal } from "./report/terminal.ts";
import { run } from "./run.ts";

const STEP = "weighbridge-step";

if (core.getState(STEP) === "main") await cleanUp(process.env.RUNNER_TEMP);
else await main();

async function main(): Promise<void> {
  core.saveState(STEP, "main");
  using host = createActionsHost();
  try {
    const folder = join(host.env.RUNNER_TEMP || host.workspace, "weighbridge");
    const outOf = (name: string): string => join(folder, folderName(name));
    const { report, inputs } = await run(host, { raw: readRawInputs() }, outOf);
    host.log.info(renderTerminal(report, { color: false }));
    if (endingOf(report, inputs.publish) !== "passed") process.exitCode = 1;
  } catch (error) {
    explain(host, error);
    process.exitCode = 1;
  }
}

/** Two steps of a job with different names do not overwrite each other's files. */
function folderName(name: string): string {
  const readable = name.replaceAll(/[^A-Za-z0-9.-]+/g, "-").slice(0, 60);
  return `${readable}-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`;
}

function readRawInputs(): RawInputs {
  // Spaces at the beginning of a line are part of YAML.
  const options = { trimWhitespace: false };
  return Object.fromEntries(INPUT_NAMES.map((name) => [name, core.getInput(name, options)]));
}
