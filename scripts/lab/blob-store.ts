// Microsoft's own emulator of Azure's blob store, on loopback: GitHub's cache service keeps its
// entries in such a store and hands out addresses in it.

import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Place } from "./place.ts";
import { runningDaemon, startDaemon, step, waitUntil } from "./shell.ts";

/** A store of blobs, and the account that may do everything in it. */
export interface BlobStore {
  /** `http://127.0.0.1:5100/account`; plain HTTP. */
  readonly url: string;
  readonly account: string;
  readonly key: string;
}

const require = createRequire(import.meta.url);

/** The lab's blob store, started when it does not run. */
export async function ensureBlobStore(place: Place): Promise<BlobStore> {
  const { host, port } = addressOf(place);
  const store = { url: `http://${host}:${port}/${ACCOUNT.name}`, ...keyOf(ACCOUNT) };
  if (!(await answers(store.url))) {
    await step("starting a blob store", () => start(place));
    const log = logOf(place);
    await waitUntil(`a blob store answers on ${host}:${port}`, 60, log, () => answers(store.url));
  }
  return store;
}

/** Ends the lab's blob store. What it holds stays. */
export async function stopBlobStore(place: Place): Promise<boolean> {
  const id = await runningDaemon(pidFileOf(place), "azurite");
  if (id !== undefined) process.kill(id, "SIGTERM");
  return id !== undefined;
}

/** Address of the lab's blob store when it runs. */
export async function findBlobStore(place: Place): Promise<string | undefined> {
  const { host, port } = addressOf(place);
  const url = `http://${host}:${port}/${ACCOUNT.name}`;
  return (await answers(url)) ? url : undefined;
}

/** The one that everybody knows: https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const ACCOUNT: { readonly name: string; readonly key: string } = (() => {
  const {
    EMULATOR_ACCOUNT_NAME,
    EMULATOR_ACCOUNT_KEY_STR,
  } = require("azurite/dist/src/blob/utils/constants.js");
  return { name: String(EMULATOR_ACCOUNT_NAME), key: String(EMULATOR_ACCOUNT_KEY_STR) };
})();

function keyOf({ name, key }: typeof ACCOUNT): Pick<BlobStore, "account" | "key"> {
  return { account: name, key };
}

async function start(place: Place): Promise<void> {
  const { host, port } = addressOf(place);
  const folder = folderOf(place);
  await mkdir(folder, { recursive: true });
  const options = ["--blobHost", host, "--blobPort", String(port), "--location", folder];
  // Clients may be newer than what the emulator knows of.
  const habits = ["--skipApiVersionCheck", "--disableProductStyleUrl", "--disableTelemetry"];
  const program = require.resolve("azurite/dist/src/blob/main.js");
  const args = [program, ...options, ...habits, "--silent"];
  const child = await startDaemon(process.execPath, args, { log: logOf(place) });
  await writeFile(pidFileOf(place), String(child.pid));
}

/** Any answer will do: without credentials it is a refusal. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}?comp=list`);
    return response.headers.has("x-ms-request-id");
  } catch {
    return false;
  }
}

function addressOf({ number }: Place): { readonly host: string; readonly port: number } {
  return { host: "127.0.0.1", port: 5100 + number };
}

function folderOf(place: Place): string {
  return join(place.folder, "blobs");
}

function pidFileOf(place: Place): string {
  return join(folderOf(place), "pid");
}

function logOf(place: Place): string {
  return join(place.folder, "logs", "blobs.log");
}
