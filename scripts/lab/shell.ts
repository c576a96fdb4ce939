// Runs programs for the lab, and says what takes long.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { access, constants, readFile, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { ToolError } from "../../src/errors.ts";
import { environmentOf } from "../../src/host/machine.ts";
import { createExec } from "../../src/host/processes.ts";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** A file that gets what the program wrote, for whoever wants to know why it failed. */
  readonly log?: string;
}

/** Daemons and `ip` stand where an ordinary user's PATH does not look. */
const PATH = [process.env.PATH, "/usr/sbin", "/sbin"].join(delimiter);

const exec = createExec({
  workspace: process.cwd(),
  env: environmentOf({ ...process.env, PATH }),
  signal: new AbortController().signal,
  conceal: (text) => text,
});

/**
 * What a program writes to standard output, without blanks around it.
 * @throws ToolError when it does not end with 0.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { log, env, ...rest } = options;
  const environment = environmentOf({ ...process.env, PATH, ...env });
  const { exitCode, stdout, stderr } = await exec(command, args, { ...rest, env: environment });
  if (log !== undefined) await writeLog(log, [command, ...args].join(" "), stdout + stderr);
  if (exitCode === 0) return stdout.trim();
  const line = [command, ...args].join(" ");
  const end = (stderr.trim() === "" ? stdout : stderr).trim().split("\n").slice(-15).join("\n");
  const more = log === undefined ? "" : `\n(all of it: ${log})`;
  throw new ToolError(`${line} ended with ${exitCode ?? "a signal"}\n${end}${more}`, {
    command: line,
    stderrTail: end,
    ...(exitCode === undefined ? {} : { exitCode }),
  });
}

/** What a program writes, or undefined when it is not there or does not end with 0. */
export async function tryRun(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string | undefined> {
  try {
    return await run(command, args, options);
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  }
}

/** Where a command is, looked for as a shell does. */
export async function which(command: string): Promise<string | undefined> {
  for (const folder of PATH.split(delimiter)) {
    const path = join(folder, command);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

export interface DaemonOptions {
  readonly log: string;
  /** Gets the process id; without it, the daemon writes its own. */
  readonly pidFile?: string;
}

/** Starts a program that goes on when we have ended. */
export async function startDaemon(
  command: string,
  args: readonly string[],
  { log, pidFile }: DaemonOptions,
): Promise<ChildProcess> {
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "a");
  const child = spawn(command, [...args], {
    detached: true,
    stdio: ["ignore", output, output],
    env: { ...process.env, PATH },
  });
  closeSync(output);
  child.unref();
  if (pidFile !== undefined && child.pid !== undefined) await writeFile(pidFile, `${child.pid}`);
  return child;
}

/** The process of a pid file, when it still runs and has this word on its command line. */
export async function runningDaemon(pidFile: string, word: string): Promise<number | undefined> {
  try {
    const id = Number((await readFile(pidFile, "utf8")).trim());
    const commandLine = await readFile(`/proc/${id}/cmdline`, "utf8");
    return commandLine.includes(word) ? id : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Waits until the check says yes.
 * @throws ToolError after that many seconds, with where to look.
 */
export async function waitUntil(
  what: string,
  seconds: number,
  log: string,
  check: () => Promise<boolean>,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await check())) {
    if (Date.now() > deadline) {
      throw new ToolError(`${what}: not after ${seconds} s (see ${log})`, { command: what });
    }
    await wait(100);
  }
}

/** Does the work; says what it is when it has not ended after two seconds, and when it has. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const begin = Date.now();
  let said = false;
  const timer = setTimeout(() => {
    said = true;
    say(`${title} …`);
  }, 2000);
  try {
    const result = await work();
    if (said) say(`${title}: ${((Date.now() - begin) / 1000).toFixed(0)} s`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}

/** One line to the person who waits; standard output stays free for what was asked for. */
export function say(text: string): void {
  process.stderr.write(`lab: ${text}\n`);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function writeLog(log: string, title: string, text: string): Promise<void> {
  mkdirSync(dirname(log), { recursive: true });
  await writeFile(log, `$ ${title}\n${text}`, { flag: "a" });
}
