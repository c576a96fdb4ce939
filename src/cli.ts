#!/usr/bin/env node
// The door of the command line.

import { join, resolve } from "node:path";
import { assertNever, type Problem, systemCodeOf, UserError } from "./errors.ts";
import { endProcess } from "./host/end-process.ts";
import { createLocalHost } from "./host/local-host.ts";
import { terminalColumns } from "./host/terminal-log.ts";
import {
  type CommandProblems,
  type CommandRun,
  onCommandLine,
  parseCommandLine,
} from "./inputs/command-line.ts";
import type { InspectRun } from "./inputs/inspect-line.ts";
import { writableFolder } from "./inputs/writable-folder.ts";
import { inspectImage, TABLE_ROWS } from "./inspect-command.ts";
import { type Ending, endingOf, explain, whyPassed } from "./outcome.ts";
import { describePlan, renderPlan } from "./plan/describe-plan.ts";
import { prepare, preparePlan } from "./prepare.ts";
import { renderInspectionJson } from "./report/inspection-json.ts";
import { renderJson } from "./report/json.ts";
import { renderInspection } from "./report/terminal/inspection.ts";
import { renderTerminal } from "./report/terminal.ts";
import { run } from "./run.ts";
import { VERSION } from "./version.ts";

const EXIT_CODES: Readonly<Record<Ending, number>> = {
  passed: 0,
  failed: 1,
  "bad input": 2,
  broken: 3,
};

// Whoever reads along may leave early, as `head` does: the exit code still tells how it ended.
process.stderr.on("error", () => {});
process.stdout.on("error", (error) => {
  if (systemCodeOf(error) === "EPIPE") return;
  process.stderr.write(`error: standard output cannot be written: ${error.message}\n`);
  process.exit(EXIT_CODES.broken);
});

await endProcess(EXIT_CODES[await main(process.argv.slice(2))]);

async function main(args: readonly string[]): Promise<Ending> {
  const command = parseCommandLine(args);
  switch (command.kind) {
    case "help":
      process.stdout.write(`${command.text}\n`);
      return "passed";
    case "version":
      process.stdout.write(`${VERSION}\n`);
      return "passed";
    case "problems":
    case "run":
    case "inspect":
      break;
    default:
      assertNever(command);
  }
  using host = createLocalHost({ verbose: command.kind !== "problems" && command.verbose });
  try {
    if (command.kind === "problems") return await tellProblems(host, command);
    if (command.kind === "inspect") return await inspect(host, command);
    return await (command.dryRun ? showPlan(host, command) : measure(host, command));
  } catch (error) {
    return explain(host, error, args[0] === "inspect" ? "nothing was inspected" : undefined);
  }
}

/** With all that is wrong with the inputs beside them, and with the builder that they name. */
async function tellProblems(
  host: LocalHost,
  { problems, raw, isVague = false, dryRun = false }: Omit<CommandProblems, "kind">,
): Promise<never> {
  const given = raw && { raw, place: onCommandLine, problems, isVague };
  if (given !== undefined) await (dryRun ? preparePlan(host, given) : prepare(host, given));
  throw new UserError(problems);
}

async function inspect(host: LocalHost, command: InspectRun): Promise<Ending> {
  if (host.problems.length > 0) throw new UserError(host.problems);
  const inspection = await inspectImage(host, command);
  host.log.progress("");
  const color = command.color ?? process.stdout.isTTY;
  const columns = stdoutColumns();
  const text =
    command.format === "json"
      ? renderInspectionJson(inspection)
      : renderInspection(inspection, { color, columns, top: command.top ?? TABLE_ROWS });
  process.stdout.write(text);
  return "passed";
}

async function showPlan(host: LocalHost, { raw, format }: CommandRun): Promise<Ending> {
  const { plan } = await preparePlan(host, { raw, place: onCommandLine });
  const text =
    format === "json" ? `${JSON.stringify(describePlan(plan), null, 2)}\n` : renderPlan(plan);
  process.stdout.write(text);
  return "passed";
}

async function measure(host: LocalHost, command: CommandRun): Promise<Ending> {
  if (host.problems.length > 0) return tellProblems(host, { ...command, problems: [] });
  // Without a folder to keep them in, the report's files last as long as the command.
  await using folder = await host.files.temporaryFolder("report");
  const out = command.out === undefined ? folder.path : resolve(command.out);
  const problems = await outProblems(host, out);
  const given = { raw: command.raw, place: onCommandLine, problems };
  const { report, inputs } = await run(host, given, () => ({ out }));
  const color = command.color ?? process.stdout.isTTY;
  const columns = stdoutColumns();
  const passed = whyPassed(report, inputs.publish);
  const links = passed === undefined ? [] : [passed];
  const restIsIn = command.out === undefined ? {} : { restIsIn: "in the JSON report" };
  host.log.progress("");
  const text =
    command.format === "json"
      ? renderJson(report)
      : renderTerminal(report, { color, columns, links, ...restIsIn });
  process.stdout.write(text);
  return endingOf(report, inputs.publish);
}

/** What is wrong with the folder for the report's files, or with the one for SARIF in it. */
async function outProblems(host: LocalHost, out: string): Promise<readonly Problem[]> {
  for (const folder of [out, join(out, "sarif")]) {
    const checked = await writableFolder(host, folder);
    if (checked.kind === "problem") return [{ where: "--out", what: checked.what }];
  }
  return [];
}

/** Undefined where it is no terminal. */
function stdoutColumns(): number | undefined {
  const { columns } = process.stdout;
  return columns === undefined ? undefined : terminalColumns(columns);
}

type LocalHost = ReturnType<typeof createLocalHost>;
