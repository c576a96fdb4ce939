import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Folders of ours in the runner's temporary folder begin with this; see host/temporary.ts. */
const PREFIX = "weighbridge-";

/** Removes what the main step left behind because it was killed. */
export async function cleanUp(temporaryFolder: string | undefined): Promise<void> {
  if (temporaryFolder === undefined) return;
  for (const name of await readdir(temporaryFolder).catch(() => [])) {
    if (!name.startsWith(PREFIX)) continue;
    await rm(join(temporaryFolder, name), { recursive: true, force: true });
  }
}
