// Runs programs: each in a process group of its own, so that stopping one stops its children too.

import { type ChildProcess, spawn } from "node:child_process";
import { PassThrough, pipeline } from "node:stream";
import { messageOf, ToolError } from "../errors.ts";
import { atExit } from "./at-exit.ts";
import type { Exec, ExecOptions, ExecResult } from "./host.ts";
import { OWNER_VARIABLE } from "./leftovers.ts";
import { createLineSplitter } from "./lines.ts";
import { markOf } from "./owner.ts";

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
}

/** The end of standard error that is kept. */
const STDERR_BYTES = 64 * 1024;

/** An `Exec` over real processes. */
export function createExec(settings: ExecSettings): Exec {
  return async (command, args, options = {}) => {
    const signal = options.signal ?? settings.signal;
    if (signal.aborted) return { exitCode: undefined, stdout: "", stderr: "" };
    try {
      return await run(command, args, options, signal, settings);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      const line = settings.conceal([command, ...args].join(" "));
      const message = `cannot start ${command}: ${settings.conceal(error.message)}`;
      throw new ToolError(message, { command: line, cause: error.cause });
    }
  };
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
    return await collect(child, options, stop);
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

/** Stops a program, its children included: first politely, then for good. */
interface Stop {
  (): void;
  /** Whether it was called. */
  readonly wasAsked: () => boolean;
  /** The program has ended: nothing is left to stop. */
  readonly forget: () => void;
}

function createStop(child: ChildProcess, graceMilliseconds: number): Stop {
  let asked = false;
  let grace: NodeJS.Timeout | undefined;
  const killNow = () => {
    signalGroup(child, "SIGKILL");
    // A grandchild in a session of its own may still hold the pipes.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  // Nothing that we started outlives us, whatever way we end.
  const takeBack = atExit(killNow);
  const stop = () => {
    if (asked) return;
    asked = true;
    signalGroup(child, "SIGTERM");
    grace = setTimeout(killNow, graceMilliseconds);
  };
  const forget = () => {
    clearTimeout(grace);
    takeBack();
  };
  return Object.assign(stop, { wasAsked: () => asked, forget });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone, or the platform has none.
    child.kill(signal);
  }
}

/** Resolves when the program has ended and its output was read to the end. */
function collect(child: ChildProcess, options: ExecOptions, stop: Stop): Promise<ExecResult> {
  const output = createOutput(options, stop);
  const taken = takeStdout(child, options, stop);
  if (taken === undefined) child.stdout?.on("data", output.onStdout);
  child.stderr?.on("data", output.onStderr);
  // A program may end without reading all that it is given.
  child.stdin?.on("error", () => {});
  child.stdin?.end(options.input);
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new StartError(error.message, { cause: error })));
    child.on("close", (code) => {
      const end = (): ExecResult => {
        const exitCode = stop.wasAsked() ? undefined : (code ?? undefined);
        return { exitCode, ...output.end() };
      };
      Promise.resolve(taken).then(end).then(resolve, reject);
    });
  });
}

/** Hands standard output over; undefined when nobody asked for it. */
function takeStdout(
  { stdout }: ChildProcess,
  { onStdout }: ExecOptions,
  stop: Stop,
): Promise<void> | undefined {
  if (stdout === null || onStdout === undefined) return undefined;
  // Of a program that ends before anybody reads, Node throws away what it has written.
  const waiting = new PassThrough();
  pipeline(stdout, waiting, () => {});
  const taking = onStdout(waiting);
  // Until the program has ended, nobody else waits for this.
  taking.catch(stop);
  return taking;
}

/** What a program writes, on its way to line callbacks or into the result. */
interface Output {
  readonly onStdout: (bytes: Buffer) => void;
  readonly onStderr: (bytes: Buffer) => void;
  /** @throws what a line callback has thrown. */
  readonly end: () => Pick<ExecResult, "stdout" | "stderr">;
}

function createOutput(options: ExecOptions, stop: Stop): Output {
  // An error in a line callback is the caller's bug: end the program, then hand it over.
  let failure: { readonly error: unknown } | undefined;
  const guarded = (onLine: (line: string) => void) => (line: string) => {
    if (failure !== undefined) return;
    try {
      onLine(line);
    } catch (error) {
      failure = { error };
      stop();
    }
  };
  const { onStdoutLine, onStderrLine } = options;
  const stdoutLines = onStdoutLine && createLineSplitter(guarded(onStdoutLine));
  const stderrLines = onStderrLine && createLineSplitter(guarded(onStderrLine));
  const stdout: Buffer[] = [];
  const stderr = createTail(STDERR_BYTES);
  return {
    onStdout: (bytes) => (stdoutLines === undefined ? stdout.push(bytes) : stdoutLines.push(bytes)),
    onStderr(bytes) {
      stderr.push(bytes);
      stderrLines?.push(bytes);
    },
    end() {
      stdoutLines?.end();
      stderrLines?.end();
      if (failure !== undefined) throw failure.error;
      return { stdout: Buffer.concat(stdout).toString("utf8"), stderr: stderr.text() };
    },
  };
}

/** Keeps the last bytes of a stream. */
interface Tail {
  push(bytes: Buffer): void;
  text(): string;
}

function createTail(limit: number): Tail {
  let kept: Buffer = Buffer.alloc(0);
  return {
    push(bytes) {
      const all = Buffer.concat([kept, bytes]);
      kept = all.subarray(Math.max(0, all.length - limit));
    },
    text: () => kept.toString("utf8"),
  };
}
