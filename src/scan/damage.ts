import { join } from "node:path";
import { messageOf, systemCodeOf, type ToolError } from "../errors.ts";
import type { Host } from "../host/host.ts";

/** What is damaged of what Trivy keeps: what it remembers of layers, or the database too. */
export type Damage = "cache" | "database";

/**
 * Trivy never mends its cache, nor the database in it: once damaged, they would be so for ever.
 * These are the words of what it keeps them in, and of where it crashes on what it finds there:
 * https://github.com/etcd-io/bbolt/tree/main/errors
 * @returns undefined when Trivy failed for another reason
 */
export function damageOf({ message, stderrTail }: ToolError): Damage | undefined {
  const said = `${message}\n${stderrTail}`;
  const isDamaged = ERRORS.test(said) || (CRASHES.test(said) && said.includes("go.etcd.io/bbolt"));
  if (!isDamaged) return undefined;
  return /failed to open db|\/trivy-db\//.test(said) ? "database" : "cache";
}

const ERRORS =
  /: (?:invalid database|version mismatch|checksum error|file size too small)\s*$|\.db: bad file descriptor/m;

const CRASHES = /^(?:panic|fatal error|unexpected fault address)\b/m;

/** Throws away what is damaged, so that it is made, or fetched, anew; false where that cannot be. */
export async function discardDamaged(
  { files, log }: Pick<Host, "files" | "log">,
  cacheFolder: string,
  damage: Damage,
): Promise<boolean> {
  const what = damage === "database" ? "database and its cache are" : "cache is";
  try {
    await files.remove(join(cacheFolder, "fanal"));
    if (damage === "database") await files.remove(join(cacheFolder, "db"));
    log.info(`Trivy's ${what} damaged: thrown away, and scanned once more`);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    log.info(`Trivy's ${what} damaged, and cannot be thrown away: ${messageOf(error)}`);
    return false;
  }
}
