// One run at a time in a folder. The holder writes who it is into the lock file and touches it
// every few seconds: so a lock outlives neither its process nor the machine that it was taken on.

import { randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import * as fs from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { systemCodeOf } from "../errors.ts";
import { atExit } from "./at-exit.ts";
import type { Lock, LockOptions } from "./host.ts";
import { removeDeadFolders, removeHalfWritten } from "./leftovers.ts";
import { makeFolders } from "./make-folders.ts";
import { isGone, markOf } from "./owner.ts";

/** How often we look and touch. Milliseconds; only tests need others. */
export interface LockTimings {
  readonly poll: number;
  readonly touch: number;
  /** Untouched for so long, a lock is a dead one's, whatever its process id says. */
  readonly stale: number;
}

/** Milliseconds for another run to have its turn at a dead lock. */
const TAKEOVER_PAUSE = 5;

const TIMINGS: LockTimings = { poll: 200, touch: 5_000, stale: 60_000 };

/** How a lock is waited for. */
export interface LockWait extends LockOptions {
  /** Stops the waiting. */
  readonly signal?: AbortSignal;
}

/**
 * Takes a lock file, waiting for a living holder and taking over a dead one's. What is no file at its
 * place is removed: an empty folder, a pipe, a link. What killed runs had half written beside it or below
 * is removed, and so are their temporary folders beside it.
 * @returns undefined when it is still held after `waitSeconds`
 * @throws the signal's reason when that stops the waiting; the system's own error where no file can
 * be written or read, or a folder there is not empty.
 */
export async function takeLock(
  path: string,
  options: LockWait,
  timings: LockTimings = TIMINGS,
): Promise<Lock | undefined> {
  const mine = holderOf();
  const deadline = Date.now() + options.waitSeconds * 1000;
  let waiting = false;
  await makeFolders(dirname(path));
  while (!(await create(path, mine))) {
    const held = await look(path);
    if (held === undefined) {
      options.signal?.throwIfAborted();
      continue;
    }
    if (isDead(held, timings)) {
      await takeAway(path, held, mine, timings.stale);
      await wait(TAKEOVER_PAUSE);
      continue;
    }
    if (Date.now() >= deadline) return undefined;
    if (!waiting) options.onWait(describe(held));
    waiting = true;
    // Aborted is the only way that it fails, and is looked at right here.
    await wait(timings.poll, undefined, { signal: options.signal }).catch(() => {});
    options.signal?.throwIfAborted();
  }
  removeDeadFolders(dirname(path));
  removeHalfWritten(dirname(path));
  return hold(path, mine, timings);
}

/** What a lock file says. */
interface Holder {
  readonly process: number;
  readonly machine: string;
  /** The mark of the process. */
  readonly owner: string;
  /** Tells two holders apart that are the same process. */
  readonly token: string;
}

function holderOf(): Holder {
  const { pid } = process;
  return { process: pid, machine: hostname(), owner: markOf(pid), token: randomUUID() };
}

/** A lock file that is there. One that is only half written has no holder yet. */
interface HeldLock {
  readonly text: string;
  readonly holder: Holder | undefined;
  readonly touchedMilliseconds: number;
}

/** No run made that, so it is as a dead one's. A pipe would never be read to its end. */
const NO_FILE: HeldLock = { text: "no file", holder: undefined, touchedMilliseconds: 0 };

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    await fs.writeFile(path, JSON.stringify(holder), { flag: "wx" });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function look(path: string): Promise<HeldLock | undefined> {
  try {
    const status = await fs.lstat(path);
    if (!status.isFile()) return NO_FILE;
    const text = await fs.readFile(path, "utf8");
    return { text, holder: parseHolder(text), touchedMilliseconds: status.mtimeMs };
  } catch (error) {
    // Let go in the meantime. What cannot be read for another reason will never be let go.
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { process: id, machine, owner, token } = JSON.parse(text) as Partial<Holder>;
    if (typeof id !== "number" || typeof machine !== "string") return undefined;
    if (typeof owner !== "string" || typeof token !== "string") return undefined;
    return { process: id, machine, owner, token };
  } catch {
    return undefined;
  }
}

function isDead({ holder, touchedMilliseconds }: HeldLock, timings: LockTimings): boolean {
  if (Date.now() - touchedMilliseconds > timings.stale) return true;
  return holder !== undefined && isGone(holder.owner);
}

/**
 * Removes a dead lock. Several runs may find it dead at the same time, and by the time that one of
 * them acts another may have taken it: so they act in turn, each looking once more.
 */
async function takeAway(path: string, dead: HeldLock, mine: Holder, stale: number): Promise<void> {
  const turn = `${path}.takeover`;
  if (!(await create(turn, mine))) {
    const age = Date.now() - ((await look(turn))?.touchedMilliseconds ?? Date.now());
    // It takes a moment: whoever has had the turn for so long was killed in the middle.
    if (age > stale) await remove(turn);
    return;
  }
  try {
    if ((await look(path))?.text === dead.text) await remove(path);
  } finally {
    await fs.rm(turn, { force: true });
  }
}

/** A folder that has something in it is somebody's: that is the system's own error. */
async function remove(path: string): Promise<void> {
  const isFolder = (await fs.lstat(path).catch(() => undefined))?.isDirectory();
  await (isFolder === true ? fs.rmdir(path) : fs.rm(path, { force: true }));
}

function describe({ holder }: HeldLock): string {
  if (holder === undefined) return "another run";
  return `process ${holder.process} on ${holder.machine}`;
}

function hold(path: string, mine: Holder, timings: LockTimings): Lock {
  const touch = () => {
    const now = new Date();
    // A lock that cannot be touched goes stale, which is all that can be said about it.
    fs.utimes(path, now, now).catch(() => {});
  };
  const timer = setInterval(touch, timings.touch).unref();
  const takeBack = atExit(() => {
    // Not one that another run took over while we were stopped.
    if (parseHolder(readFileSync(path, "utf8"))?.token === mine.token) rmSync(path);
  });
  return {
    path,
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      // Gone stale while the machine slept, it may be another run's by now.
      if ((await look(path))?.holder?.token === mine.token) await fs.rm(path, { force: true });
      takeBack();
    },
  };
}
