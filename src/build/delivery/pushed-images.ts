// Images stay in the engine's image store where that is the older one, which knows no `store=false`,
// whether they are pushed to us or saved: they are removed after that, and what runs left that were
// killed by the next one.

import { randomBytes } from "node:crypto";
import type { Host } from "../../host/host.ts";

/** Seconds that removing images may take: the files of a large one are many. */
const REMOVE_SECONDS = 120;

/** The same in a run that is cancelled, of whose last seconds others need some too. */
const REMOVE_SECONDS_CANCELLED = 5;

/** How images are named that we have built, for `docker image ls`. */
const NAME_PATTERN = "127.0.0.1:*/weighbridge/*";

/** A name for images at 127.0.0.1 that nobody can guess, and that tells a later run whose it was. */
export function newImageName({ owner }: Pick<Host, "owner">): string {
  return `weighbridge/${owner.mark}-${randomBytes(16).toString("hex")}`;
}

/** Removes images from the engine, in a run that is cancelled too. */
export async function removePushedImages(
  host: Pick<Host, "exec" | "signal">,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const { signal } = new AbortController();
  const timeoutSeconds = host.signal.aborted ? REMOVE_SECONDS_CANCELLED : REMOVE_SECONDS;
  await host.exec("docker", ["image", "rm", ...names], { signal, timeoutSeconds });
}

/** Removes the images that runs of this machine left in the engine when they were killed. */
export async function removeDeadImages(
  host: Pick<Host, "exec" | "signal" | "owner" | "log">,
): Promise<void> {
  const options = ["--filter", `reference=${NAME_PATTERN}`, "--format", "{{.Repository}}:{{.Tag}}"];
  const list = host.exec("docker", ["image", "ls", ...options], {
    timeoutSeconds: REMOVE_SECONDS,
  });
  // Without an engine there are none, and whoever needs one says so.
  const { stdout } = await list.catch(() => ({ stdout: "" }));
  const dead = stdout.split("\n").filter((name) => name !== "" && host.owner.isGone(name));
  if (dead.length > 0) host.log.debug(`removing ${dead.length} images of a run that was killed`);
  await removePushedImages(host, dead);
}
