// What is kept between runs: the OCI layout, what was found out about its blobs, the tools and
// Trivy's cache. One folder, locked against a second run, verified before use, bounded. Losing it
// costs time, never a result.

import { join } from "node:path";
import { messageOf } from "../errors.ts";
import type { Host, Lock } from "../host/host.ts";
import { type Layout, openLayout } from "./layout.ts";
import type { Memory } from "./memory.ts";
import { removeUnless } from "./mend.ts";
import { createMemory } from "./stored-memory.ts";
import { sweep, sweepMemory } from "./sweep.ts";

/** The folder, opened and locked. Disposing of it sweeps what is over the bounds and unlocks it. */
export interface State extends AsyncDisposable {
  readonly layout: Layout;
  readonly memory: Memory;
  /** Where tools that we fetched are kept. */
  readonly toolsFolder: string;
  readonly trivyCacheFolder: string;
  /** Why nothing of it is kept, where it is one for this run alone. One sentence. */
  readonly note?: string;
}

/** What is remembered, for whoever needs no more of the folder and so need not wait for it. */
export type SharedMemory = Memory & AsyncDisposable;

/** How long a run waits for others that use the same folder. */
const WAIT_SECONDS = 30 * 60;

type StateHost = Pick<Host, "files" | "log" | "clock">;

/**
 * Opens the folder, waiting while another run uses it. Where it is not to be had, the run has a state
 * of its own, which goes with it: what is kept is only ever a shortcut.
 * @throws the system's own error where the folder cannot be written
 */
export async function openState(
  host: StateHost,
  folder: string,
  waitSeconds = WAIT_SECONDS,
): Promise<State> {
  const lock = await host.files.lock(join(folder, "lock"), {
    waitSeconds,
    onWait: (holder) => host.log.info(`Waiting for ${holder}, which uses ${folder}`),
  });
  return lock === undefined
    ? await openOwnState(host, folder, waitSeconds)
    : await openLocked(host, folder, lock);
}

async function openLocked(host: StateHost, folder: string, lock: Lock): Promise<State> {
  const parts = await openParts(host, folder);
  const { layout, memoryFolder, trivyCacheFolder: trivyFolder } = parts;
  return {
    ...parts,
    async [Symbol.asyncDispose]() {
      await using _unlocked = lock;
      await saveLayout(host, layout);
      await sweep(host, { layout, memoryFolder, trivyFolder });
    },
  };
}

/** In the folder that others use, since that has the room: where temporary files go may be memory. */
async function openOwnState(host: StateHost, folder: string, waitSeconds: number): Promise<State> {
  const own = await host.files.temporaryFolder("state", folder);
  const minutes = Math.round(waitSeconds / 60);
  const note = `Other runs have used ${folder} for ${minutes} minutes, so this one did without what is kept there, and keeps nothing for the next one.`;
  host.log.info(note);
  return {
    ...(await openParts(host, own.path)),
    note,
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  };
}

type Parts = Omit<State, "note" | typeof Symbol.asyncDispose> & { readonly memoryFolder: string };

async function openParts(host: StateHost, folder: string): Promise<Parts> {
  const layout = await openLayout(host, join(folder, "layout"));
  const memoryFolder = join(folder, "memory");
  for (const name of ["memory", "tools", "trivy"]) {
    await removeUnless(host, join(folder, name), "folder");
  }
  return {
    layout,
    memory: createMemory(host, memoryFolder),
    memoryFolder,
    toolsFolder: join(folder, "tools"),
    trivyCacheFolder: join(folder, "trivy"),
  };
}

/**
 * The memory by itself, which many may use at the same time: what is in it is whole or not there.
 * Disposing of it sweeps what is over its bound.
 */
export function openMemory(host: Pick<Host, "files" | "log">, folder: string): SharedMemory {
  const memoryFolder = join(folder, "memory");
  return {
    ...createMemory(host, memoryFolder),
    [Symbol.asyncDispose]: () => tidyMemory(host, memoryFolder),
  };
}

async function tidyMemory(host: Pick<Host, "files" | "log">, folder: string): Promise<void> {
  try {
    await sweepMemory(host, folder);
  } catch (error) {
    host.log.info(`Could not tidy what is kept between runs: ${messageOf(error)}`);
  }
}

/** By now the run has its results: what cannot be kept costs the next one time, and is no error. */
async function saveLayout(host: StateHost, layout: Layout): Promise<void> {
  try {
    await layout.save();
  } catch (error) {
    host.log.info(`Could not keep the layout for the next run: ${messageOf(error)}`);
  }
}
