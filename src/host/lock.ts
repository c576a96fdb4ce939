import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../errors.ts";
import type { Lock, LockOptions } from "./host.ts";

/** The holder touches its lock this often (milliseconds) … */
const HEARTBEAT = 2_000;
/** … and one that was not touched for this long (milliseconds) belongs to nobody. */
const STALE_AFTER = 30_000;
const POLL = 250;

interface Holder {
  readonly id: string;
  readonly pid: number;
  readonly machine: string;
}

/**
 * Takes a lock file. A holder is dead when its process is gone (on this machine) or when it has
 * not touched the file for half a minute (another container on the same volume).
 * @throws ToolError when it is still held after `waitSeconds`.
 */
export async function takeLock(path: string, options: LockOptions): Promise<Lock> {
  await mkdir(dirname(path), { recursive: true });
  const holder: Holder = { id: randomUUID(), pid: process.pid, machine: hostname() };
  const giveUpAt = Date.now() + options.waitSeconds * 1000;
  let told = false;
  while (!(await create(path, holder))) {
    const other = await readHolder(path);
    if (await isDead(path, other)) {
      await setAside(path, other);
      continue;
    }
    if (!told) options.onWait(describe(other));
    told = true;
    if (Date.now() > giveUpAt) throw heldTooLong(path, other, options.waitSeconds);
    await sleep(POLL);
  }
  return hold(path, holder);
}

async function create(path: string, holder: Holder): Promise<boolean> {
  try {
    const file = await open(path, "wx");
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function hold(path: string, holder: Holder): Lock {
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, HEARTBEAT);
  heartbeat.unref();
  return {
    path,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      const current = await readHolder(path);
      if (current?.id === holder.id) await rm(path, { force: true });
    },
  };
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isHolder(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "machine" in value
  );
}

async function isDead(path: string, holder: Holder | undefined): Promise<boolean> {
  if (holder?.machine === hostname() && !isAlive(holder.pid)) return true;
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_AFTER;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/** Renames a dead lock away, so that of two who find it dead only one removes it. */
async function setAside(path: string, holder: Holder | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  const tookALivingOne = moved !== undefined && moved.id !== holder?.id;
  if (tookALivingOne) await rename(aside, path);
  else await rm(aside, { force: true });
}

function describe(holder: Holder | undefined): string {
  return holder === undefined ? "another run" : `process ${holder.pid} on ${holder.machine}`;
}

function heldTooLong(path: string, holder: Holder | undefined, seconds: number): ToolError {
  return new ToolError(
    `${describe(holder)} still holds ${path} after ${seconds} s; give this run a state folder of its own`,
    { command: "lock" },
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
