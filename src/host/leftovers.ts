import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { outlastsAnyJob } from "./longest-job.ts";
import { isElsewhere, isGone, MARK, sessionOf } from "./owner.ts";

/** Carries the mark of the run in the environment of every program that it starts. */
export const OWNER_VARIABLE = "WEIGHBRIDGE_OWNER";

/** Where temporary folders are made: the runner's folder for them, or the system's. */
export function temporaryParent(env: Readonly<Record<string, string>>): string {
  return env.RUNNER_TEMP || tmpdir();
}

/** How the name of a temporary folder begins. */
export function temporaryName(mark: string, prefix: string): string {
  return `weighbridge-${mark}-${prefix}-`;
}

const TEMPORARY_NAME = new RegExp(`^weighbridge-(${MARK.source})-`);

/**
 * Ends the programs and removes the temporary folders of runs that were killed, but no daemons that
 * those programs have started for whoever comes next. What cannot be ended or removed is left: it belongs to somebody else, or the next run is luckier.
 */
export function removeLeftovers(env: Readonly<Record<string, string>>): void {
  // First whatever still writes into the folders. All are found before one is ended: of what it was
  // that began a session, nothing can be read afterwards.
  const ids = namesIn("/proc").filter((name) => /^\d+$/.test(name));
  for (const id of ids.filter(isOrphaned)) attempt(() => process.kill(Number(id), "SIGKILL"));
  removeDeadFolders(temporaryParent(env));
}

/** Removes the temporary folders in one place whose makers were killed. */
export function removeDeadFolders(parent: string): void {
  for (const name of namesIn(parent)) {
    const [, mark] = TEMPORARY_NAME.exec(name) ?? [];
    if (mark !== undefined) removeIfDead(join(parent, name), mark);
  }
}

/** How the name of a file ends that is being written. */
export function halfWrittenName(mark: string): string {
  return `${mark}-${randomUUID()}.tmp`;
}

const HALF_WRITTEN_NAME = new RegExp(`\\.(${MARK.source})-[0-9a-f-]{36}\\.tmp$`);

/** Removes the files below a folder that runs had begun to write when they were killed. */
export function removeHalfWritten(folder: string): void {
  for (const name of namesIn(folder, { recursive: true })) {
    const [, mark] = HALF_WRITTEN_NAME.exec(name) ?? [];
    if (mark !== undefined) removeIfDead(join(folder, name), mark);
  }
}

/** Of what was made in another container, which is gone or not, only the age tells. */
function removeIfDead(path: string, mark: string): void {
  attempt(() => {
    const isDead = isGone(mark) || (isElsewhere(mark) && outlastsAnyJob(statSync(path).mtimeMs));
    if (isDead) rmSync(path, { recursive: true, force: true });
  });
}

/** https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html */
function isOrphaned(id: string): boolean {
  const environment = attempt(() => readFileSync(join("/proc", id, "environ"), "utf8")) ?? "";
  const owner = environment.split("\0").find((text) => text.startsWith(`${OWNER_VARIABLE}=`));
  return owner !== undefined && isGone(owner.slice(OWNER_VARIABLE.length + 1)) && isAtWork(id);
}

/**
 * Whether it still works for whoever began its session: what we start writes to us, as does what that
 * starts. A daemon, an agent for keys say, has inherited the mark, but it has a session of its own and
 * has let go of our output: it serves others by now.
 */
function isAtWork(id: string): boolean {
  const output = outputOf(sessionOf(id)) ?? outputOf(id) ?? "";
  return /^(?:socket|pipe):/.test(output);
}

/** Where it writes to, as the system names it; undefined where it has ended. */
function outputOf(id: string): string | undefined {
  return attempt(() => readlinkSync(join("/proc", id, "fd", "1")));
}

function namesIn(folder: string, options: { readonly recursive?: true } = {}): readonly string[] {
  try {
    return readdirSync(folder, { ...options, encoding: "utf8" });
  } catch {
    return [];
  }
}

/** Undefined for what is another user's, or gone by itself in the meantime. */
function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
