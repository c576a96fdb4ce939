import { join } from "node:path";
import { messageOf, systemCodeOf } from "../errors.ts";
import type { Host } from "../host/host.ts";
import { hashOfFile } from "../tools/file-hash.ts";

type SealHost = Pick<Host, "files" | "log">;

/** In the form that `sha256sum --check` reads. */
const SEAL = "weighbridge.sha256";

/**
 * Writes the hash of each file of a folder beside them, for the next run to see whether they are
 * still the same. A folder that cannot be sealed costs that run time, and is no error.
 */
export async function seal(host: SealHost, folder: string): Promise<void> {
  try {
    await host.files.writeText(join(folder, SEAL), await hashesOf(host, folder));
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    host.log.info(`Could not keep ${folder} for the next run: ${messageOf(error)}`);
  }
}

/**
 * Seals the folder of a database if Trivy has fetched it since: it then writes its note beside it.
 * What else is there was sealed before.
 * @param before the note, as `readMetadata` gave it
 */
export async function sealFetched(
  host: SealHost,
  folder: string,
  before: string | undefined,
): Promise<void> {
  if ((await readMetadata(host, folder)) !== before) await seal(host, folder);
}

/** Trivy's own note beside a database, of when it was made and fetched. Undefined: there is none. */
export async function readMetadata(
  { files }: Pick<Host, "files">,
  folder: string,
): Promise<string | undefined> {
  const path = join(folder, "metadata.json");
  return (await files.stat(path)) === undefined ? undefined : await files.readText(path);
}

/**
 * Throws a folder away unless its files are those that were sealed: a database in which something
 * was changed can be read as before, and says nothing of what is no longer in it.
 * @param what its files, as the log names them
 */
export async function discardUnsealed(
  { files, log }: SealHost,
  folder: string,
  what: string,
): Promise<void> {
  if (await isSealed(files, folder)) return;
  if ((await files.list(folder)).length > 0) {
    log.info(`${what} is not as it was kept: thrown away`);
  }
  await files.remove(folder);
}

async function isSealed(files: Host["files"], folder: string): Promise<boolean> {
  try {
    const sealed = await files.readText(join(folder, SEAL));
    return sealed !== "" && sealed === (await hashesOf({ files }, folder));
  } catch (error) {
    // Whoever cancels the run does not mean to have it all fetched again.
    if (systemCodeOf(error) === undefined) throw error;
    return false;
  }
}

async function hashesOf(host: Pick<Host, "files">, folder: string): Promise<string> {
  const names = await host.files.list(folder);
  const lines: string[] = [];
  for (const name of names.filter((file) => file !== SEAL)) {
    lines.push(`${await hashOfFile(host, join(folder, name))}  ${name}\n`);
  }
  return lines.join("");
}
