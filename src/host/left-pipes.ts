import type { ChildProcess } from "node:child_process";
import { signalGroup } from "./stop-process.ts";

const TICKS = 20;

/**
 * Once a program has ended, waits for its pipes only so long: a child that it has left may hold them for
 * ever. Then what was read is all that there is, and what is left of its group is ended.
 * @param mayWait whether there is a reason to wait longer just now: it was asked to end, and its
 * children have their grace, or what it wrote still waits for whoever takes it
 * @returns what takes it back
 */
export function limitPipes(
  child: ChildProcess,
  milliseconds: number,
  mayWait: () => boolean,
): () => void {
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined;
  // Counted, and not looked up: between two ticks everything is read that has come, however busy we are.
  const tick = () => {
    ticks = mayWait() ? 0 : ticks + 1;
    if (ticks < TICKS) return;
    clearInterval(timer);
    signalGroup(child, "SIGKILL");
    // A grandchild in a session of its own lives on.
    for (const pipe of [child.stdout, child.stderr]) pipe?.push(null);
  };
  child.once("exit", () => {
    timer = setInterval(tick, milliseconds / TICKS);
  });
  return () => clearInterval(timer);
}
