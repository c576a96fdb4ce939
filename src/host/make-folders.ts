import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCodeOf } from "../errors.ts";

/**
 * Makes a folder and those above it, as far as they are not there. Node's own way to do that never ends
 * where a file system lets nobody make any, such as below `/proc`.
 * @throws the system's own error
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (systemCodeOf(error) !== "ENOENT" || above === path) throw error;
    await makeFolders(above);
    await makeBelow(path);
  }
}

/** Somebody else may have made it in the meantime. */
async function makeBelow(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  return status?.isDirectory() === true;
}
