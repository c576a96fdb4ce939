import { rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isFeatureAvailable, restoreCache, saveCache } from "@actions/cache";
import * as core from "@actions/core";
import { messageOf } from "../errors.ts";
import { oneReason } from "../one-line.ts";
import type { Files, Host, Log, RemoteCache } from "./host.ts";
import { withoutOutput } from "./library-output.ts";

/** What the cache of a runner depends on. */
export interface RemoteCacheSettings extends Pick<Host, "files" | "log" | "env" | "ci" | "signal"> {
  /** After this long a run does without. Default: two minutes. */
  readonly restoreSeconds?: number;
}

/** The state in which the post step finds what is to be kept. */
const STATE = "weighbridge-cache";

/** After this long the post step no longer waits, whatever there is to be saved. */
const SAVE_SECONDS = 300;

/**
 * GitHub's cache, where the runner offers one. Entries go through a folder of their own below the
 * runner's temporary folder: GitHub finds an entry only by the very path that it was saved from, and
 * an entry that comes too late must not overwrite anything.
 */
export function createRemoteCache(settings: RemoteCacheSettings): RemoteCache | undefined {
  const { files, log, env, ci, signal, restoreSeconds = 120 } = settings;
  const { RUNNER_TEMP: temporary = "" } = env;
  if (temporary === "" || !isFeatureAvailable()) return undefined;
  const restored = new Set<string>();
  const kept: KeptFolder[] = [];
  return {
    async restore(name, folder) {
      const path = transferFolder(temporary, name);
      const couldNot = (why: string) =>
        log.info(`Could not restore ${name} from GitHub's cache: ${why}`);
      try {
        const limit = { seconds: restoreSeconds, signal };
        const restoring = () => restoreInto(path, keyOf(name, ""), limit);
        const { result: key, problem } = await quietly(log, restoring);
        if (key === undefined) {
          if (problem !== undefined) couldNot(problem);
          return await without(path);
        }
        await replaceFolder(files, path, folder);
        log.info(`Restored ${key} from GitHub's cache`);
        restored.add(name);
        return true;
      } catch (error) {
        couldNot(messageOf(error));
        return await without(path);
      }
    },
    async keep(name, version, folder) {
      // Nobody else sees what such a run saves, and the room for all is 10 GB:
      // https://docs.github.com/actions/reference/workflows-and-actions/dependency-caching
      if (restored.has(name) && isShortLived(ci?.ref ?? "")) return;
      const path = transferFolder(temporary, name);
      try {
        await linkFiles(files, folder, path);
        kept.push({ key: keyOf(name, version), path });
        core.saveState(STATE, kept);
      } catch (error) {
        log.info(`Could not keep ${name} for GitHub's cache: ${messageOf(error)}`);
      }
    },
  };
}

/** Nothing was restored, and nothing of it is left: where a disk is full, others need the room. */
async function without(path: string): Promise<false> {
  await rm(path, { recursive: true, force: true }).catch(() => {});
  return false;
}

/** The newest entry whose key begins so; undefined where there is none, or it takes too long. */
async function restoreInto(
  path: string,
  prefix: string,
  limit: Limit,
): Promise<string | undefined> {
  await rm(path, { recursive: true, force: true });
  const options = { segmentTimeoutInMs: limit.seconds * 1000 };
  return await inTime(limit, restoreCache([path], prefix, [prefix], options));
}

/**
 * What the post step does: saves what the main step wanted kept. A cache that cannot be written
 * fails nothing: the log says why.
 * @param seconds what all of it may take. Default: five minutes
 */
export async function saveKeptFolders(
  log: Pick<Log, "info" | "debug">,
  seconds: number = SAVE_SECONDS,
): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (const { key, path } of readState(core.getState(STATE), log)) {
    const couldNot = (why: string) => log.info(`Could not keep ${key} in GitHub's cache: ${why}`);
    try {
      const left = (end - performance.now()) / 1000;
      const saving = async () =>
        left > 0 ? await inTime({ seconds: left }, saveCache([path], key)) : undefined;
      const { result, problem } = await quietly(log, saving);
      if (result === undefined) couldNot(problem ?? `it took longer than ${seconds} s`);
      // The library's number for what it did not save.
      else if (result < 0) couldNot(problem ?? "no reason was given");
      await rm(path, { recursive: true, force: true });
    } catch (error) {
      couldNot(messageOf(error));
    }
  }
}

/**
 * Lets the library work without its own warnings, which would be annotations of the run.
 * @returns what it gives, and the last thing that it would have warned of
 */
async function quietly<T>(
  log: Pick<Log, "debug">,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly problem: string | undefined }> {
  let problem: string | undefined;
  let unreserved: string | undefined;
  const result = await withoutOutput(({ command, text }) => {
    const isProblem = PROBLEMS.has(command) || FAILED.test(text);
    unreserved = UNRESERVED.exec(text)?.[1] ?? unreserved;
    if (isProblem) problem = oneReason(plainReason(text.replace(FAILED, ""), unreserved));
    else log.debug(`GitHub's cache: ${oneReason(text)}`);
  }, work);
  return { result, problem };
}

/** Where no entry could be reserved, the library guesses at another job, and tells why only to who debugs. */
function plainReason(text: string, unreserved: string | undefined): string {
  return GUESS.test(text) ? (unreserved ?? text.replace(GUESS, "")) : text;
}

const GUESS = /, another job may be creating this cache\b/;
const UNRESERVED = /^Failed to reserve cache: (?:Error: )?(?:Failed to CreateCacheEntry: )?(.+)/;

const PROBLEMS: ReadonlySet<string | undefined> = new Set(["warning", "error"]);
const FAILED = /^(?:Failed to (?:restore|save)|Cache (?:restore|save) skipped): /;

interface KeptFolder {
  readonly key: string;
  readonly path: string;
}

function keyOf(name: string, version: string): string {
  return `weighbridge-${name}-${version}`;
}

function transferFolder(temporary: string, name: string): string {
  return join(temporary, "weighbridge-cache", name);
}

/** The ref of a pull request, or of a merge queue's attempt. */
function isShortLived(ref: string): boolean {
  return /^refs\/(?:pull|heads\/gh-readonly-queue)\//.test(ref);
}

/** For how long something is waited for, and what ends the wait before. */
interface Limit {
  readonly seconds: number;
  readonly signal?: AbortSignal;
}

/** Undefined when the wait was over first. The library takes no signal: it is let run. */
async function inTime<T>(limit: Limit, work: Promise<T>): Promise<T | undefined> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, limit.signal ?? done.signal]);
  const over = pause(limit.seconds * 1000, undefined, { signal }).catch(() => undefined);
  try {
    return await Promise.race([work, over]);
  } finally {
    done.abort();
  }
}

/** Readers of the folder see all of it or nothing, and what could not be put in place is gone. */
async function replaceFolder(files: Files, from: string, to: string): Promise<void> {
  const beside = `${to}.restored`;
  try {
    await linkFiles(files, from, beside);
    await files.remove(to);
    await files.rename(beside, to);
  } finally {
    await files.remove(beside).catch(() => {});
  }
  await files.remove(from);
}

async function linkFiles(files: Files, from: string, to: string): Promise<void> {
  await files.remove(to);
  await files.makeFolder(to);
  for (const name of await files.list(from)) await files.link(join(from, name), join(to, name));
}

/** Only this action writes it; a later version of it may write it otherwise. */
function readState(text: string, log: Pick<Log, "info">): readonly KeptFolder[] {
  if (text === "") return [];
  try {
    const kept: unknown = JSON.parse(text);
    return Array.isArray(kept) ? kept.filter(isKeptFolder) : [];
  } catch (error) {
    log.info(`What was to be kept in GitHub's cache is not known: ${messageOf(error)}`);
    return [];
  }
}

function isKeptFolder(value: unknown): value is KeptFolder {
  if (typeof value !== "object" || value === null) return false;
  return (
    "key" in value &&
    typeof value.key === "string" &&
    "path" in value &&
    typeof value.path === "string"
  );
}
