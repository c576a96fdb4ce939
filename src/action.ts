// The door of the action: main and post step are the same bundle, told apart by saved state.

import { createHash } from "node:crypto";
import { join } from "node:path";
import * as core from "@actions/core";
import { messageOf, UserError } from "./errors.ts";
import { createActionsHost } from "./host/actions-host.ts";
import { createActionsLog } from "./host/actions-log.ts";
import { summaryUrlOf } from "./host/ci-run.ts";
import { endProcess } from "./host/end-process.ts";
import type { Host } from "./host/host.ts";
import { INPUT_NAMES, type RawInputs } from "./inputs/input-kinds.ts";
import { unknownInputs } from "./inputs/runner-inputs.ts";
import type { Inputs } from "./model/inputs.ts";
import { type Ending, endingOf, explain, explainOnRunner, whyPassed } from "./outcome.ts";
import { cleanUp } from "./post.ts";
import type { Published } from "./publish/publish.ts";
import { renderTerminal } from "./report/terminal.ts";
import { type Folders, run } from "./run.ts";

const STEP = "weighbridge-step";

const BUILD_GROUP = "the group “Build …” above";

if (core.getState(STEP) === "main") {
  await cleanUp();
  await endProcess(0);
} else {
  await endProcess((await main()) === "passed" ? 0 : 1);
}

async function main(): Promise<Ending> {
  try {
    saveStep();
    using host = createActionsHost();
    const { summary } = readRawInputs();
    return await measure(host).catch((error: unknown) => explainOnRunner(host, error, summary));
  } catch (error) {
    // There is no host that could say so: the folder that we were started in is gone, say.
    const log = createActionsLog((text) => text);
    return explain({ log, signal: new AbortController().signal }, error);
  }
}

/** @throws UserError where the runner's own file for it cannot be written */
function saveStep(): void {
  try {
    core.saveState(STEP, "main");
  } catch (error) {
    throw new UserError([{ where: "GITHUB_STATE", what: messageOf(error) }]);
  }
}

async function measure(host: Host): Promise<Ending> {
  const folder = host.env.RUNNER_TEMP || host.workspace;
  // Apart from the files: whoever uploads those does not mean gigabytes of layers.
  const foldersOf = (name: string): Folders => ({
    out: join(folder, "weighbridge", folderName(name)),
    layout: join(folder, "weighbridge-layouts", folderName(name)),
  });
  const given = { raw: readRawInputs(), ...unknownInputs(process.env) };
  const { report, inputs, published } = await run(host, given, foldersOf);
  const passed = whyPassed(report, inputs.publish);
  const links = [
    ...(passed === undefined ? [] : [passed]),
    ...linksOf(host, inputs.publish, published),
  ];
  const restIsIn = inputs.publish.summary ? "in the summary" : "in the JSON report";
  host.log.info(renderTerminal(report, { color: false, links, outputIsIn: BUILD_GROUP, restIsIn }));
  return endingOf(report, inputs.publish);
}

/** Where the report can be read by whoever ends up at the end of the log. */
function linksOf(
  { ci }: Host,
  { summary: hasSummary }: Inputs["publish"],
  { comment }: Published,
): readonly string[] {
  const of = "url" in comment ? [`Comment: ${comment.url}`] : [];
  const summary = ci && hasSummary ? summaryUrlOf(ci) : undefined;
  return summary === undefined ? of : [...of, `Summary: ${summary}`];
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
