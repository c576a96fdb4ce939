// What work costs that programs of ours do: wall time, their CPU time, their memory. What a daemon
// does for them is in the wall time only.

import { readdirSync, readFileSync } from "node:fs";

/** What one piece of work took. */
export interface Usage {
  readonly seconds: number;
  /** User and system time of all programs that ran and ended, daemons not included. */
  readonly cpuSeconds: number;
  /** Most memory that they held at one time, as sampled: the sum of their resident sets. */
  readonly peakBytes: number;
}

const SAMPLE_MILLISECONDS = 100;

/** What `/proc` counts time in: 100 a second on every Linux that Docker runs on. */
const TICKS_A_SECOND = 100;

/**
 * Does the work and says what it took. Nothing else may run programs meanwhile; those that run
 * already, such as an engine that was started for the measurement, do not count.
 */
export async function measured(work: () => Promise<void>): Promise<Usage> {
  let peakBytes = 0;
  const running = new Set(childrenOf("self"));
  const sampler = setInterval(() => {
    const started = childrenOf("self").filter((id) => !running.has(id));
    peakBytes = Math.max(peakBytes, residentBytes(started));
  }, SAMPLE_MILLISECONDS);
  const ticks = ticksOfEnded();
  const begin = performance.now();
  try {
    await work();
    const seconds = (performance.now() - begin) / 1000;
    return { seconds, cpuSeconds: (ticksOfEnded() - ticks) / TICKS_A_SECOND, peakBytes };
  } finally {
    clearInterval(sampler);
  }
}

/**
 * Time of our children that have ended, and of theirs: fields 16 and 17 of
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function ticksOfEnded(): number {
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The name of the program, field 2, may hold anything but ends with the last bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(fields[13]) + Number(fields[14]);
}

/** Resident bytes of processes and of all that they have started. */
function residentBytes(ids: readonly string[]): number {
  return ids.reduce((sum, id) => sum + ownBytes(id) + residentBytes(childrenOf(id)), 0);
}

function ownBytes(id: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(textOf(`/proc/${id}/status`))?.[1];
  return Number(kibibytes ?? 0) * 1024;
}

function childrenOf(id: string): readonly string[] {
  return threadsOf(id).flatMap((thread) =>
    textOf(`/proc/${id}/task/${thread}/children`).split(" ").filter(Boolean),
  );
}

function threadsOf(id: string): readonly string[] {
  try {
    return readdirSync(`/proc/${id}/task`);
  } catch {
    return [];
  }
}

/** Empty when the process has ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
