// The post step of the action: what its main step left, to be kept or because it was killed.

import { readdir } from "node:fs/promises";
import { removeJobBuilders } from "./build/builder/own-builder.ts";
import { removeDeadImages } from "./build/delivery/pushed-images.ts";
import { messageOf } from "./errors.ts";
import { createActionsLog } from "./host/actions-log.ts";
import { removeLeftovers } from "./host/leftovers.ts";
import { environmentOf } from "./host/machine.ts";
import { createOwner } from "./host/owner.ts";
import { createExec } from "./host/processes.ts";
import { saveKeptFolders } from "./host/remote-cache.ts";

/**
 * Saves what is to be kept for other runs. Ends the programs and removes the temporary folders of runs
 * that are no more, the builders that the job had made for it, and images. Each is tried, whatever
 * becomes of the others; none fails a job whose work is done.
 * @param saveSeconds what saving may take. Default: five minutes
 */
export async function cleanUp(saveSeconds?: number): Promise<void> {
  const env = environmentOf(process.env);
  const { signal } = new AbortController();
  const conceal = (text: string): string => text;
  const log = createActionsLog(conceal);
  const exec = createExec({ workspace: process.cwd(), env, signal, conceal });
  const part = async (what: string, work: () => unknown): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.info(`Could not ${what}: ${messageOf(error)}`);
    }
  };
  await part("keep anything in GitHub's cache", () => saveKeptFolders(log, saveSeconds));
  await part("end what runs have left that were killed", () => removeLeftovers(env));
  const list = (folder: string) => readdir(folder).catch(() => []);
  // Of all steps of the job: the post steps run when the last main step is done. A builder ends at once
  // when nobody builds with it any more.
  const owner = createOwner();
  const cleaning = { exec, env, owner, files: { list } };
  await part("remove the job's builders", () => removeJobBuilders(cleaning));
  // Last, when the programs are no more that were to push them.
  const host = { exec, signal, owner, log };
  await part("remove images that runs have left", () => removeDeadImages(host));
}
