// Runs programs: each in a process group of its own, so that stopping one stops its children too.

import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { PassThrough, pipeline } from "node:stream";
import { messageOf, ToolError } from "../errors.ts";
import type { Exec, ExecOptions, ExecResult } from "./host.ts";
import { limitPipes } from "./left-pipes.ts";
import { OWNER_VARIABLE } from "./leftovers.ts";
import { markOf } from "./owner.ts";
import { createOutput, TooMuchOutput } from "./process-output.ts";
import { createStop, type Stop } from "./stop-process.ts";

/** What a host gives to all the programs that it runs. */
export interface ExecSettings {
  /** Folder that programs start in, unless told otherwise. */
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  /** Stops every program that was not given a signal of its own. */
  readonly signal: AbortSignal;
  /** Takes secrets out of a text. */
  readonly conceal: (text: string) => string;
  /** Milliseconds between asking a program to end and ending it. Default: 5,000. */
  readonly graceMilliseconds?: number;
  /** How long the pipes of a program that has ended are waited for. Default: 2,000. */
  readonly pipeMilliseconds?: number;
}

/** An `Exec` over real processes. */
export function createExec(settings: ExecSettings): Exec {
  return async (command, args, options = {}) => {
    const signal = options.signal ?? settings.signal;
    if (signal.aborted) return { exitCode: undefined, stdout: "", stderr: "" };
    try {
      return await run(command, args, options, signal, settings);
    } catch (error) {
      throw asToolError(error, command, args, settings);
    }
  };
}

/** All else that is thrown is a bug, or comes from the caller. */
function asToolError(
  error: unknown,
  command: string,
  args: readonly string[],
  { conceal }: ExecSettings,
): unknown {
  const line = conceal([command, ...args].join(" "));
  if (error instanceof StartError) {
    const message = `cannot start ${command}: ${conceal(error.message)}`;
    return new ToolError(message, { command: line, cause: error.cause });
  }
  if (error instanceof TooMuchOutput) {
    const message = `${basename(command)} ${error.message}`;
    return new ToolError(message, { command: line, stderrTail: conceal(error.stderr) });
  }
  return error;
}

/** A program that is not there, not executable, or was given impossible arguments. */
class StartError extends Error {}

async function run(
  command: string,
  args: readonly string[],
  options: ExecOptions,
  signal: AbortSignal,
  settings: ExecSettings,
): Promise<ExecResult> {
  const child = start(command, args, options, settings);
  const stop = createStop(child, settings.graceMilliseconds ?? 5000);
  signal.addEventListener("abort", stop, { once: true });
  const timeout = startTimeout(options.timeoutSeconds, stop);
  try {
    return await collect(child, options, stop, settings.pipeMilliseconds ?? 2000);
  } finally {
    clearTimeout(timeout);
    signal.removeEventListener("abort", stop);
    stop.forget();
  }
}

function start(
  command: string,
  args: readonly string[],
  options: ExecOptions,
  settings: ExecSettings,
): ChildProcess {
  try {
    return spawn(command, [...args], {
      cwd: options.cwd ?? settings.workspace,
      // Were we killed, the next run knows by the mark that nobody waits for the program any more.
      env: { ...(options.env ?? settings.env), [OWNER_VARIABLE]: markOf(process.pid) },
      stdio: [options.input === undefined ? "ignore" : "pipe", "pipe", "pipe"],
      detached: true,
    });
  } catch (error) {
    throw new StartError(messageOf(error), { cause: error });
  }
}

function startTimeout(seconds: number | undefined, stop: Stop): NodeJS.Timeout | undefined {
  return seconds === undefined ? undefined : setTimeout(stop, seconds * 1000);
}

/** Resolves when the program has ended and its output was read to the end. */
function collect(
  child: ChildProcess,
  options: ExecOptions,
  stop: Stop,
  pipeMilliseconds: number,
): Promise<ExecResult> {
  const output = createOutput(options, stop);
  const taking = takeStdout(child, options, stop);
  if (taking === undefined) child.stdout?.on("data", output.onStdout);
  child.stderr?.on("data", output.onStderr);
  // A program may end without reading all that it is given, and write when nobody reads any more.
  for (const pipe of child.stdio) pipe?.on("error", () => {});
  child.stdin?.end(options.input);
  const mayWait = () => stop.wasAsked() || taking?.isBehind() === true;
  const forgetPipes = limitPipes(child, pipeMilliseconds, mayWait);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new StartError(error.message, { cause: error })));
    child.on("close", (code, signal) => {
      forgetPipes();
      const end = (): ExecResult => ({ ...howEnded(code, signal, stop), ...output.end() });
      Promise.resolve(taking?.done).then(end).then(resolve, reject);
    });
  });
}

/** Of a program that we have stopped it does not matter how it went about it. */
function howEnded(
  code: number | null,
  signal: NodeJS.Signals | null,
  stop: Stop,
): Pick<ExecResult, "exitCode" | "endedBy"> {
  if (stop.wasAsked()) return { exitCode: undefined };
  return { exitCode: code ?? undefined, ...(signal !== null && { endedBy: signal }) };
}

/** Standard output on its way to whoever asked for it. */
interface Taking {
  readonly done: Promise<void>;
  /** Whether there is something to be taken for which no room is left. */
  readonly isBehind: () => boolean;
}

/** Hands standard output over; undefined when nobody asked for it. */
function takeStdout(
  { stdout }: ChildProcess,
  { onStdout }: ExecOptions,
  stop: Stop,
): Taking | undefined {
  if (stdout === null || onStdout === undefined) return undefined;
  // Of a program that ends before anybody reads, Node throws away what it has written.
  const waiting = new PassThrough();
  pipeline(stdout, waiting, () => {});
  const done = onStdout(waiting);
  // Until the program has ended, nobody else waits for this.
  done.catch(stop);
  return { done, isBehind: () => waiting.writableNeedDrain };
}
