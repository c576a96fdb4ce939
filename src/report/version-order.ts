/**
 * The least of some versions that is above another one; the first where none is. A scanner lists a
 * fix for each branch: `2.2.5, 2.3.2` of what is 2.2.2 means 2.2.5.
 */
export function leastAbove(version: string, candidates: readonly string[]): string | undefined {
  const above = candidates
    .filter((candidate) => compareVersions(candidate, version) > 0)
    .toSorted(compareVersions);
  return above[0] ?? candidates[0];
}

/**
 * Whether a version is free of what others fix, one for each branch: it is as high as the highest of
 * them, or of the same branch as the highest that it reaches. Of `12.3.5, 14.2.25, 15.2.3`, 14.2.26 is
 * fixed, and neither 14.2.15 nor 15.0.0 is.
 */
export function isFixedIn(version: string, fixes: readonly string[]): boolean {
  const reached = fixes.filter((fix) => compareVersions(fix, version) <= 0);
  const highest = reached.toSorted(compareVersions).at(-1);
  if (highest === undefined) return false;
  if (reached.length === fixes.length) return true;
  const depth = branchDepth(fixes);
  return branchOf(highest, depth) === branchOf(version, depth);
}

/** How many numbers of a version tell branches apart: the first, or as many as it takes. */
function branchDepth(fixes: readonly string[]): number {
  const versions = [...new Set(fixes)];
  const longest = Math.max(...versions.map((fix) => partsOf(fix).length));
  let depth = 1;
  const isTold = (): boolean =>
    new Set(versions.map((fix) => branchOf(fix, depth))).size === versions.length;
  while (depth < longest && !isTold()) depth += 1;
  return depth;
}

function branchOf(version: string, depth: number): string {
  return partsOf(version).slice(0, depth).join(".");
}

/**
 * Orders versions as all package managers do where they agree: numbers by value, the rest by its
 * letters, `~` below nothing at all, and a pre-release below its release. Enough to choose among the
 * versions of one package; nothing is judged by it.
 */
export function compareVersions(one: string, other: string): number {
  const [left, right] = [partsOf(one), partsOf(other)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = rankOf(left[at]) - rankOf(right[at]) || compareParts(left[at], right[at]);
    if (order !== 0) return order;
  }
  return 0;
}

/** `v1:3.0.11-1~deb12u2` -> `1`, `3`, `0`, `11`, `1`, `~`, `deb`, `12`, `u`, `2`. */
function partsOf(version: string): readonly string[] {
  return version.replace(/^v(?=\d)/i, "").match(/\d+|[a-z]+|~/gi) ?? [];
}

/** A number is above the end, which is above a word such as `rc`, which is above a tilde. */
function rankOf(part: string | undefined): number {
  if (part === undefined) return 0;
  if (part === "~") return -2;
  if (/^\d/.test(part)) return 1;
  return /^(?:a|alpha|b|beta|c|rc|dev|pre|preview|snapshot|canary|next)$/i.test(part) ? -1 : 0.5;
}

function compareParts(one = "", other = ""): number {
  if (/^\d/.test(one) && /^\d/.test(other)) {
    const difference = BigInt(one) - BigInt(other);
    return difference === 0n ? 0 : difference < 0n ? -1 : 1;
  }
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
