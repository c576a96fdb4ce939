// Images stay in the engine's image store where that is the older one, which knows no `store=false`,
// whether they are pushed to us or saved: they are removed after that, and what is left all the same
// by the next run.

import { randomBytes } from "node:crypto";
import { asList, asRecord } from "../../foreign-json.ts";
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

/**
 * Removes images from the engine, in a run that is cancelled too. Where a disk is full the engine can take
 * a name away and leave the image: that goes by its ID.
 */
export async function removePushedImages(
  host: Pick<Host, "exec" | "signal">,
  names: readonly string[],
): Promise<void> {
  if (names.length === 0) return;
  const repositories = new Set(names.map(repositoryOf));
  const rows = host.signal.aborted ? [] : await imagesNamed(host, [...repositories]);
  const exitCode = await run(host, ["rm", ...names]);
  // Of a stage that was not built there is no image, which is an error as well.
  if (exitCode === 0 || host.signal.aborted) return;
  await removeByName(host, rows, (name) => repositories.has(repositoryOf(name)));
}

/** Removes the images that earlier runs of this machine left in the engine. */
export async function removeDeadImages(
  host: Pick<Host, "exec" | "signal" | "owner" | "log">,
): Promise<void> {
  const rows = await imagesNamed(host, [NAME_PATTERN]);
  const dead = rows.filter(({ repository }) => host.owner.isGone(repository));
  if (dead.length === 0) return;
  const repositories = new Set(dead.map(({ repository }) => repository));
  const left = await removeByName(host, dead, (name) => repositories.has(repositoryOf(name)));
  const count = new Set(dead.map(({ id }) => id)).size;
  const what = `${count} images that an earlier run had left in the engine`;
  host.log.debug(left === 0 ? `removed ${what}` : `${left} names are left of ${what}`);
}

/** An image under one of its names. */
interface Row {
  readonly repository: string;
  readonly id: string;
}

async function imagesNamed(
  host: Pick<Host, "exec">,
  patterns: readonly string[],
): Promise<readonly Row[]> {
  const filters = patterns.flatMap((pattern) => ["--filter", `reference=${pattern}`]);
  const format = ["--no-trunc", "--format", "{{.Repository}} {{.ID}}"];
  const list = host.exec("docker", ["image", "ls", ...filters, ...format], {
    timeoutSeconds: REMOVE_SECONDS,
  });
  // Without an engine there are none, and whoever needs one says so.
  const { stdout } = await list.catch(() => ({ stdout: "" }));
  return stdout.split("\n").flatMap((line) => {
    const [repository, id] = line.split(" ");
    return repository === undefined || id === undefined ? [] : [{ repository, id }];
  });
}

/** Takes these names from images, and with the last one the image. How many have one left, or none. */
async function removeByName(
  host: Pick<Host, "exec" | "signal">,
  rows: readonly Row[],
  isOurs: (name: string) => boolean,
): Promise<number> {
  const ids = [...new Set(rows.map(({ id }) => id))];
  // What is left of its names is only known once more afterwards.
  for (let tries = 0; tries < 2; tries += 1) {
    const names = await namesToRemove(host, ids, isOurs);
    if (names.length === 0) return 0;
    if ((await run(host, ["rm", ...names])) === 0) return 0;
  }
  return (await namesToRemove(host, ids, isOurs)).length;
}

/** Names of ours of these images; the ID of one that has no name any more. */
async function namesToRemove(
  host: Pick<Host, "exec">,
  ids: readonly string[],
  isOurs: (name: string) => boolean,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { stdout } = await host.exec("docker", ["image", "inspect", "--format", NAMES, ...ids], {
    timeoutSeconds: REMOVE_SECONDS,
  });
  return stdout.split("\n").flatMap((line) => {
    const { id, tags, digests } = parsed(line);
    if (typeof id !== "string") return [];
    const tagged = asList(tags).map(String);
    const digested = asList(digests).map(String);
    if (tagged.length + digested.length === 0) return [id];
    const ours = tagged.filter(isOurs);
    // With the last tag of a repository the engine takes its digests.
    const taken = new Set(ours.map(repositoryOf));
    return [...ours, ...digested.filter((name) => isOurs(name) && !taken.has(repositoryOf(name)))];
  });
}

const NAMES = '{"id":{{json .Id}},"tags":{{json .RepoTags}},"digests":{{json .RepoDigests}}}';

function parsed(line: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return {};
  }
}

/** `127.0.0.1:41234/weighbridge/…:image0-stage0` or `…@sha256:…`, without what stands behind the name. */
function repositoryOf(name: string): string {
  return name.replace(/@.*$|:[^/:]*$/, "");
}

/** In a run that is cancelled too. */
async function run(
  host: Pick<Host, "exec" | "signal">,
  args: readonly string[],
): Promise<number | undefined> {
  const { signal } = new AbortController();
  const timeoutSeconds = host.signal.aborted ? REMOVE_SECONDS_CANCELLED : REMOVE_SECONDS;
  const { exitCode } = await host.exec("docker", ["image", ...args], { signal, timeoutSeconds });
  return exitCode;
}
