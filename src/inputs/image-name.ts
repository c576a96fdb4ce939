import { createHash } from "node:crypto";
import { posix } from "node:path";

/**
 * Name of an image, from its Dockerfile's path in the workspace: the folder of a plain
 * `Dockerfile`, else the path itself. Two Dockerfiles of one workspace never get the same name.
 *
 * `services/api/Dockerfile` -> `services/api`
 * `Dockerfile` -> `Dockerfile`
 * `api/Dockerfile.dev` -> `api/Dockerfile.dev`
 * `api/Dockerfile/Dockerfile` -> itself, as `api/Dockerfile` is what looks like a Dockerfile's path
 */
export function imageName(dockerfile: string): string {
  const folder = posix.dirname(dockerfile);
  const isPlain = posix.basename(dockerfile) === "Dockerfile";
  const folderNamesIt = folder !== "." && posix.basename(folder) !== "Dockerfile";
  return isPlain && folderNamesIt ? folder : dockerfile;
}

const LONGEST_NAME = 80;
const DIGEST_LENGTH = 8;

/**
 * Name of a run, from its images' names: `backend+frontend`. Where that is longer than 80
 * characters, or could be another list of names, it ends in a digest of them all.
 */
export function runName(imageNames: readonly string[]): string {
  const joined = imageNames.join("+");
  const isPlain = joined.length <= LONGEST_NAME && !imageNames.some((name) => name.includes("+"));
  if (isPlain) return joined;
  const digest = createHash("sha256").update(JSON.stringify(imageNames)).digest("hex");
  return `${firstOnes(imageNames)}+${digest.slice(0, DIGEST_LENGTH)}`;
}

/** As many whole names as leave room for the digest; of a first one that is too long, its start. */
function firstOnes(names: readonly string[]): string {
  const room = LONGEST_NAME - DIGEST_LENGTH - 1;
  const fits = (count: number) => names.slice(0, count).join("+").length <= room;
  const count = Math.max(1, names.findLastIndex((_, index) => fits(index + 1)) + 1);
  return [...names.slice(0, count).join("+")].slice(0, room).join("");
}
