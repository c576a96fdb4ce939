// The post step of the action: what its main step left, to be kept or because it was killed.

import { removeLeftovers } from "./host/leftovers.ts";
import { environmentOf } from "./host/machine.ts";
import { saveKeptFolders } from "./host/remote-cache.ts";

/**
 * Saves what is to be kept for other runs. Ends the programs and removes the temporary folders of
 * runs that are no more.
 */
export async function cleanUp(): Promise<void> {
  await saveKeptFolders();
  removeLeftovers(environmentOf(process.env));
}
