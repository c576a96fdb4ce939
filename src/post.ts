// The post step of the action: what its main step left, to be kept or because it was killed.

import { readdir } from "node:fs/promises";
import { removeJobBuilders } from "./build/own-builder.ts";
import { removeDeadImages } from "./build/pushed-images.ts";
import { createActionsLog } from "./host/actions-log.ts";
import { removeLeftovers } from "./host/leftovers.ts";
import { environmentOf } from "./host/machine.ts";
import { createOwner } from "./host/owner.ts";
import { createExec } from "./host/processes.ts";
import { saveKeptFolders } from "./host/remote-cache.ts";

/**
 * Saves what is to be kept for other runs. Ends the programs and removes the temporary folders of runs
 * that are no more, the builders that the job had made for it, and images.
 */
export async function cleanUp(): Promise<void> {
  const env = environmentOf(process.env);
  const { signal } = new AbortController();
  const conceal = (text: string): string => text;
  const exec = createExec({ workspace: process.cwd(), env, signal, conceal });
  await saveKeptFolders();
  removeLeftovers(env);
  const list = (folder: string) => readdir(folder).catch(() => []);
  // Of all steps of the job: the post steps run when the last main step is done. A builder ends at once
  // when nobody builds with it any more.
  await removeJobBuilders({ exec, env, files: { list } }).catch(() => {});
  // Last, when the programs are no more that were to push them.
  const log = createActionsLog(conceal);
  await removeDeadImages({ exec, signal, owner: createOwner(), log }).catch(() => {});
}
