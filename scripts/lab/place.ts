import { homedir } from "node:os";
import { join } from "node:path";

/** Where the lab keeps what it downloads, builds and runs, and what it takes of this machine. */
export interface Place {
  /** Outside of the repository, so that a fresh clone finds what an earlier one made. */
  readonly folder: string;
  /** In a folder of its own: whoever takes it looks through all that is below, and engines keep a lot. */
  readonly lock: string;
  /** Tells two labs on one machine apart: ports and bridges depend on it. */
  readonly number: number;
  /** `127.0.0.1:5000`. */
  readonly registryHost: string;
}

/**
 * `WEIGHBRIDGE_LAB_FOLDER` and `WEIGHBRIDGE_LAB_NUMBER` (0 to 99) ask for a second lab beside the
 * usual one.
 */
export function findPlace(environment: NodeJS.ProcessEnv = process.env): Place {
  const number = Number(environment.WEIGHBRIDGE_LAB_NUMBER ?? 0);
  if (!Number.isInteger(number) || number < 0 || number > 99) {
    throw new Error("WEIGHBRIDGE_LAB_NUMBER: a whole number from 0 to 99, please");
  }
  const cache = environment.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = environment.WEIGHBRIDGE_LAB_FOLDER ?? join(cache, "weighbridge-lab");
  return {
    folder,
    lock: join(folder, "locked", "lock"),
    number,
    registryHost: `127.0.0.1:${5000 + number}`,
  };
}
