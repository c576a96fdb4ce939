// The post step of the action: what its main step left, to be kept or because it was killed.

import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { builderNamesIn, removeOwnBuilder } from "./build/own-builder.ts";
import { removeLeftovers } from "./host/leftovers.ts";
import { environmentOf } from "./host/machine.ts";
import { createExec } from "./host/processes.ts";
import { saveKeptFolders } from "./host/remote-cache.ts";

/**
 * Saves what is to be kept for other runs. Removes the builders that the job had made for it, ends the
 * programs and removes the temporary folders of runs that are no more.
 */
export async function cleanUp(): Promise<void> {
  const env = environmentOf(process.env);
  await removeBuilders(env);
  await saveKeptFolders();
  removeLeftovers(env);
}

/** Of all steps of the job: the post steps run when the last main step is done. */
async function removeBuilders(env: Readonly<Record<string, string>>): Promise<void> {
  const folder = env.RUNNER_TEMP ?? "";
  const { signal } = new AbortController();
  const conceal = (text: string): string => text;
  const exec = createExec({ workspace: process.cwd(), env, signal, conceal });
  for (const { name, marker } of builderNamesIn(await readdir(folder).catch(() => []))) {
    // Without an engine there is nothing to remove.
    await removeOwnBuilder({ exec }, name).catch(() => {});
    await rm(join(folder, marker), { force: true });
  }
}
