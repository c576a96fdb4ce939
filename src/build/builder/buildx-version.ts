import type { Problem } from "../../errors.ts";

/**
 * The oldest buildx that does what we need: it writes provenance into the metadata file when asked by
 * a variable. https://github.com/docker/buildx/releases/tag/v0.14.0
 */
const OLDEST = [0, 14, 0] as const;

/**
 * What is wrong with a version of buildx, if anything is.
 * @param version as buildx tells it; one that does not tell is somebody's own, and not held to be old
 */
export function buildxProblem(version: string | undefined): Problem | undefined {
  if (version === undefined || version.startsWith("0.0.0") || !isOlder(version)) return undefined;
  const needed = `buildx ${OLDEST.join(".")} or newer is needed, and ${version} was found`;
  return { where: "Docker", what: `${needed}; update Docker, or use docker/setup-buildx-action` };
}

function isOlder(version: string): boolean {
  const numbers = version.split(/[.+-]/).slice(0, OLDEST.length).map(Number);
  for (const [at, oldest] of OLDEST.entries()) {
    const number = numbers[at] ?? Number.NaN;
    if (Number.isNaN(number) || number > oldest) return false;
    if (number < oldest) return true;
  }
  return false;
}
