import type { ExecResult } from "../host/host.ts";
import { oneReason } from "../one-line.ts";

/** What the system ends a program with that does what it must not, or that gives itself up. */
const CRASHES: ReadonlySet<string> = new Set(["SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT"]);

/** What a program is ended with by others. */
const KILLS: ReadonlySet<string> = new Set(["SIGKILL", "SIGTERM"]);

/** How a program ended that did not do its work, with what it says about it. One sentence part. */
export function howItEnded(result: ExecResult, explanation: string): string {
  const { exitCode, endedBy } = result;
  const said = oneReason(explanation);
  if (exitCode !== undefined) {
    const ended = `ended with exit code ${exitCode}`;
    return said === "" ? `${ended} and said nothing` : `${ended}: ${said}`;
  }
  if (endedBy === undefined || KILLS.has(endedBy)) {
    return "was killed: out of memory, over its time, or cancelled";
  }
  const ended = CRASHES.has(endedBy) ? `crashed (${endedBy})` : `was ended by ${endedBy}`;
  return said === "" ? ended : `${ended}: ${said}`;
}
