import { ENTRY_KINDS, type LayerIndex } from "../layer/layer-index.ts";

const FOLDER = ENTRY_KINDS.indexOf("folder");
const HIDING = [ENTRY_KINDS.indexOf("whiteout"), ENTRY_KINDS.indexOf("opaque")];
/** Folders that engines make, or date anew, for what they mount while a line is run. */
const MOUNT_POINTS = ["/dev", "/etc", "/proc", "/sys"];

/**
 * How many things a layer writes: files of any size, and links too, but not the folders that these are
 * in. Undefined where it writes a folder with nothing of its own in it.
 * @param textOf a path of the layer as it is written
 */
export function thingsIn(
  { paths: { parents }, entries }: LayerIndex,
  textOf: (path: number) => string,
): number | undefined {
  const { kinds } = entries;
  const isUsed = new Uint8Array(parents.length);
  let count = 0;
  for (const [entry, kind] of kinds.entries()) {
    if (kind === FOLDER) continue;
    isUsed[entries.paths[entry] ?? 0] = 1;
    if (!HIDING.includes(kind)) count++;
  }
  // A folder comes before what is in it: from the end, each is known when its turn comes.
  for (let path = parents.length - 1; path > 0; path--) {
    if (isUsed[path] === 1) isUsed[parents[path] ?? 0] = 1;
  }
  const isBare = kinds.some((kind, entry) => {
    const path = entries.paths[entry] ?? 0;
    const isEmpty = kind === FOLDER && path !== 0 && isUsed[path] === 0;
    return isEmpty && !MOUNT_POINTS.includes(textOf(path));
  });
  return isBare ? undefined : count;
}
