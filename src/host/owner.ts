// Who made something that could outlive its maker: a temporary folder, a lock, a program. A run that
// was killed cleans up nothing, so each of them carries a mark by which a later run knows it.

import { createHash } from "node:crypto";
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { systemCodeOf } from "../errors.ts";
import type { Owner } from "./host.ts";

/** What a mark looks like, for finding one in a longer text. */
export const MARK = /\d+-[0-9a-f]{8}-\d+/;

/**
 * The mark of a process, `1234-9f86d081-56789`: its number, the machine or container where it has
 * it, and when it was started, since numbers are given out again.
 */
export function markOf(id: number): string {
  return `${id}-${PLACE}-${lookAt(id).started}`;
}

/** Whether the process that a mark names has ended. Of those in other places nobody here can say. */
export function isGone(mark: string): boolean {
  const [id, place, started] = mark.split("-");
  if (place !== PLACE) return false;
  if (!isRunning(Number(id))) return true;
  const now = lookAt(Number(id));
  return now.hasEnded || (now.started !== UNKNOWN && now.started !== started);
}

/** Whether a mark was made in another place, where nobody here can say whether its process has ended. */
export function isElsewhere(mark: string): boolean {
  const [, place = PLACE] = mark.split("-");
  return place !== PLACE;
}

/** This process. */
export function createOwner(): Owner {
  return {
    mark: markOf(process.pid),
    place: PLACE,
    isGone(name) {
      const [mark] = MARK.exec(name) ?? [];
      return mark !== undefined && isGone(mark);
    },
  };
}

/** The number of the process that began the session of another one; it may be gone. */
export function sessionOf(id: string): string {
  return lookAt(Number(id)).session;
}

const UNKNOWN = "0";

/** Numbers of processes mean something in one namespace of one machine. */
const PLACE = createHash("sha256")
  .update(`${hostname()} ${attempt(() => readlinkSync("/proc/self/ns/pid"))}`)
  .digest("hex")
  .slice(0, 8);

interface ProcessStatus {
  /** Clock ticks from the start of the machine to that of the process. */
  readonly started: string;
  /** The number of the process that began its session. */
  readonly session: string;
  /** It has, but its parent has not asked how. */
  readonly hasEnded: boolean;
}

/** Says nothing where there is no `/proc`: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function lookAt(id: number): ProcessStatus {
  const status = attempt(() => readFileSync(`/proc/${id}/stat`, "utf8"));
  // The second field is the program's name in brackets, and may hold spaces and brackets itself.
  const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
  const [hasEnded, session] = [fields[0] === "Z", fields[6 - 3] ?? UNKNOWN];
  return { started: fields[22 - 3] ?? UNKNOWN, session, hasEnded };
}

function isRunning(id: number): boolean {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process is a running one.
    return systemCodeOf(error) === "EPERM";
  }
}

function attempt(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}
