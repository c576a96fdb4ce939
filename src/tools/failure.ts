import type { ExecResult } from "../host/host.ts";
import { oneLine } from "../one-line.ts";

/** How a program ended that did not do its work, with what it says about it. One sentence part. */
export function howItEnded(result: ExecResult, explanation: string): string {
  if (result.exitCode === undefined) {
    return "was killed: out of memory, over its time, or cancelled";
  }
  const said = oneLine(explanation);
  return said === ""
    ? `ended with exit code ${result.exitCode} and said nothing`
    : `ended with exit code ${result.exitCode}: ${said}`;
}
