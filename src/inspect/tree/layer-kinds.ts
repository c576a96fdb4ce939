import type { ImageTree } from "./layers.ts";
import { THING_KINDS, type ThingKind } from "./tree-entries.ts";

/**
 * What a layer left at paths or, where it left nothing, what it took away there; of what it left alone,
 * what was there or had been. Paths at which there was nothing until then are left out.
 */
export function kindsInLayer(
  { files, entries: { changes } }: ImageTree,
  layer: number,
  paths: ReadonlySet<number>,
): ReadonlyMap<number, ThingKind> {
  const kinds = new Map<number, ThingKind>();
  const since = new Map<number, number>();
  for (let change = 0; change < changes.paths.length; change++) {
    const path = changes.paths.at(change);
    if (changes.layers.at(change) > layer || !paths.has(path)) continue;
    kinds.set(path, THING_KINDS[changes.kinds.at(change)] ?? "nothing");
    since.set(path, changes.layers.at(change));
  }
  for (let file = 0; file < files.length; file++) {
    const path = files.paths.at(file);
    const written = files.layers.at(file);
    if (written > layer || written < (since.get(path) ?? 0) || !paths.has(path)) continue;
    // What an archive has something else for, after it, was never seen.
    const isSeen = files.killedBy.at(file) !== written + 1;
    if (isSeen || !kinds.has(path)) kinds.set(path, "file");
  }
  return kinds;
}
