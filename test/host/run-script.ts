import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/** What a script has done. */
export interface ScriptResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A script that runs. */
export interface RunningScript {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  readonly result: Promise<ScriptResult>;
}

/**
 * Starts lines of JavaScript in a process of their own, with nothing but the given environment.
 * They may import from `src` as from `#src`.
 */
export function startScript(
  script: string,
  env: Readonly<Record<string, string>> = {},
): RunningScript {
  const source = script.replaceAll("#src/", fileURLToPath(new URL("../../src/", import.meta.url)));
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exitCode = new Promise<number | null>((resolve) => {
    child.once("close", resolve);
  });
  const result = Promise.all([exitCode, text(child.stdout), text(child.stderr)]).then(
    ([code, stdout, stderr]) => ({ exitCode: code, stdout, stderr }),
  );
  return { child, result };
}
